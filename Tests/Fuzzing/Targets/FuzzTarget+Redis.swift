import SemanticCaching

@testable import RedisTier

extension FuzzTarget {
    /// Values of the server under right checksums: refused, or written again as they were read.
    static let redisEntry = FuzzTarget(name: "redis-entry") { bytes in
        if let entry = try? EntryCodec.decodeEntry(sealed("A", bytes)) {
            try demand((try? EntryCodec.decodeEntry(EntryCodec.encode(entry))) == entry, "an answer changed on the way")
        }
        if let question = try? EntryCodec.decodeQuestion(sealed("Q", bytes)) {
            let again = try? EntryCodec.decodeQuestion(EntryCodec.encode(question))
            try demand(again?.text == question.text && again?.key == question.key, "a wording changed on the way")
        }
        if let selector = try? SelectorCodec.decode(sealed("S", bytes)) {
            let image = SelectorCodec.encode(selector)
            try demand((try? SelectorCodec.decode(image)) == selector, "a selector changed on the way")
            _ = selector.question?.matches("Where is my order 4711?")
        }
        _ = try? EntryCodec.decodeEntry(bytes)
    }

    /// Replies of the server of any shape, where records of the change stream or the slots of a cluster are expected.
    static let redisReply = FuzzTarget(name: "redis-reply") { bytes in
        var forge = ReplyForge(bytes: bytes[...])
        let reply = forge.reply()
        for (stream, records) in ChangeRecord.records(reply) {
            try demand(stream.utf8.count <= 3 * bytes.count, "a stream's name from nowhere")
            for record in records {
                let position = StreamPosition(record.position.description)
                try demand(position == record.position, "a position that was written reads differently")
            }
        }
        let endpoint = RedisEndpoint.tcp(host: "first", port: 1)
        guard var topology = Topology(reply, saidBy: endpoint) else { return }
        let slot = HashSlot.of(bytes)
        if let node = topology.node(of: slot) {
            try demand(topology.primaries.contains(node), "a slot of a node that is none")
        }
        topology.move(slot, to: endpoint)
        try demand(topology.node(of: slot) == endpoint, "a slot that moved is elsewhere")
    }

    /// The address of the server: refused, or read without the password in its text.
    static let redisURL = FuzzTarget(name: "redis-url") { bytes in
        let text = String(decoding: bytes, as: UTF8.self)
        // Without TLS: whether there is its library depends on the machine.
        guard let url = try? RedisURL(text, tlsLibrary: nil) else { return }
        guard let password = url.password, password.utf8.count >= 8 else { return }
        let isElsewhereToo = "\(url.endpoint)".contains(password)
        try demand(isElsewhereToo || !"\(url)".contains(password), "the password is printed")
    }

    private static func sealed(_ kind: Unicode.Scalar, _ bytes: [UInt8]) -> [UInt8] {
        var writer = ByteWriter(header: [0x53, 0x43, EntryCodec.version, UInt8(ascii: kind)])
        writer.write(raw: bytes)
        return writer.sealed()
    }
}

/// Makes a reply out of bytes: one for the kind, one for the length, then what it holds.
private struct ReplyForge {
    var bytes: ArraySlice<UInt8>

    mutating func reply(depth: Int = 0) -> RedisValue {
        guard let kind = bytes.popFirst(), let length = bytes.popFirst() else { return .null }
        switch kind % 8 {
        case 0: return .null
        case 1: return .integer(Int64(length) - 128)
        case 2: return .status(String(decoding: take(length), as: UTF8.self))
        case 3: return .error(String(decoding: take(length), as: UTF8.self))
        case 4, 5: return .bytes(Array(take(length)))
        default:
            guard depth < 8 else { return .null }
            return .array((0..<length % 16).map { _ in reply(depth: depth + 1) })
        }
    }

    private mutating func take(_ count: UInt8) -> ArraySlice<UInt8> {
        defer { bytes = bytes.dropFirst(Int(count)) }
        return bytes.prefix(Int(count))
    }
}
