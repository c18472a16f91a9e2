internal import SemanticCaching

/// Answers and wordings as they lie in the server: `SC`, a version, a kind, the fields, XXH64.
///
/// The checksum finds damage, not malice: whoever may write to the server may make answers. Every byte string gives a
/// value or a ``CodecError``, and what one version writes, another refuses instead of guessing. Numbers that are added up
/// somewhere are bounded, so that no value from the server makes a sum overflow.
enum EntryCodec {
    static let version: UInt8 = 1
    /// The end of the next hundred thousand years, in milliseconds since 1970; exact as a double, which scripts count in.
    static let latestTime: Int64 = 1 << 52
    private static let entryHeader: [UInt8] = [0x53, 0x43, version, UInt8(ascii: "A")]
    private static let questionHeader: [UInt8] = [0x53, 0x43, version, UInt8(ascii: "Q")]

    // MARK: - Answers

    static func encode(_ entry: CacheEntry) -> [UInt8] {
        var writer = ByteWriter(header: entryHeader, capacity: 256 + entry.byteCount)
        writer.write(raw: entry.id.bytes)
        writer.write(entry.namespace.tenant)
        writer.write(entry.namespace.name)
        writer.write(entry.model)
        writer.write(entry.promptVersion)
        writer.write(signed: entry.createdAt.milliseconds)
        writer.write(optional: entry.expiresAt) { $0.write(signed: $1.milliseconds) }
        writer.write(entry.epoch)
        writer.write(optional: entry.upstreamLatency) { $0.write(UInt64(min(max($1.nanoseconds, 0), 1 << 50))) }
        writer.write(optional: entry.cost.flatMap { (0...1e6).contains($0) ? $0 : nil }) { $0.write($1.bitPattern) }
        writer.write(count: entry.tags.count)
        for tag in entry.tags { writer.write(tag) }
        write(entry.reply, to: &writer)
        return writer.sealed()
    }

    static func decodeEntry(_ bytes: [UInt8]) throws(CodecError) -> CacheEntry {
        var reader = try ByteReader(bytes, header: entryHeader)
        let id = try reader.entryID()
        let namespace = NamespaceID(tenant: try reader.text(), name: try reader.text())
        let model = try reader.text()
        let promptVersion = try reader.text()
        let createdAt = try reader.time()
        let expiresAt = try reader.optional { (reader) throws(CodecError) in try reader.time() }
        let epoch = try reader.number()
        let latency = try reader.optional { (reader) throws(CodecError) in
            Duration.nanoseconds(Int64(try reader.count(upTo: 1 << 50)))
        }
        let cost = try reader.optional { (reader) throws(CodecError) in Double(bitPattern: try reader.number()) }
        var tags: [String] = []
        for _ in 0..<(try reader.count()) { tags.append(try reader.text()) }
        let reply = try reply(from: &reader)
        guard reader.isAtEnd, epoch < EpochLimit.value, cost.map({ (0...1e6).contains($0) }) ?? true else {
            throw .malformed
        }
        return CacheEntry(
            id: id,
            namespace: namespace,
            model: model,
            promptVersion: promptVersion,
            reply: reply,
            tags: tags,
            createdAt: createdAt,
            expiresAt: expiresAt,
            epoch: epoch,
            upstreamLatency: latency,
            cost: cost
        )
    }

    private static func write(_ reply: CachedReply, to writer: inout ByteWriter) {
        writer.write(reply.text)
        writer.write(reply.finishReason.rawValue)
        writer.write(optional: reply.usage) { writer, usage in
            for tokens in [usage.promptTokens, usage.cachedPromptTokens, usage.completionTokens] {
                writer.write(count: min(max(tokens, 0), 1 << 40))
            }
        }
        writer.write(optional: reply.model) { $0.write($1) }
        writer.write(optional: reply.wire) { writer, wire in
            writer.write(wire.format)
            writer.write(wire.json)
        }
    }

    private static func reply(from reader: inout ByteReader) throws(CodecError) -> CachedReply {
        let text = try reader.text()
        let reason = CachedReply.FinishReason(rawValue: try reader.text())
        let usage = try reader.optional { (reader) throws(CodecError) in
            TokenUsage(
                promptTokens: try reader.count(upTo: 1 << 40),
                cachedPromptTokens: try reader.count(upTo: 1 << 40),
                completionTokens: try reader.count(upTo: 1 << 40)
            )
        }
        let model = try reader.optional { (reader) throws(CodecError) in try reader.text() }
        let wire = try reader.optional { (reader) throws(CodecError) in
            CachedReply.WireBody(format: try reader.text(), json: try reader.data())
        }
        return CachedReply(text: text, finishReason: reason, usage: usage, model: model, wire: wire)
    }

    // MARK: - Wordings

    static func encode(_ question: CachedQuestion) -> [UInt8] {
        let capacity = 256 + question.text.utf8.count + 4 * (question.vector?.count ?? 0)
        var writer = ByteWriter(header: questionHeader, capacity: capacity)
        writer.write(raw: question.entry.bytes)
        writer.write(raw: question.key.bytes)
        writer.write(raw: question.check.bytes)
        writer.write(optional: question.partition) { $0.write(raw: $1.bytes) }
        writer.write(question.text)
        writer.write(signed: question.createdAt.milliseconds)
        writer.write(optional: question.embeddingModel) { $0.write($1) }
        writer.write(optional: question.vector) { $0.write($1) }
        return writer.sealed()
    }

    /// Reads a wording; it has the number 0, because numbers are the stores' own.
    static func decodeQuestion(_ bytes: [UInt8]) throws(CodecError) -> CachedQuestion {
        var reader = try ByteReader(bytes, header: questionHeader)
        let entry = try reader.entryID()
        let key = try reader.digest()
        let check = try reader.digest()
        let partition = try reader.optional { (reader) throws(CodecError) in try reader.digest() }
        let text = try reader.text()
        let createdAt = try reader.time()
        let model = try reader.optional { (reader) throws(CodecError) in try reader.text() }
        let vector = try reader.optional { (reader) throws(CodecError) in try reader.vector() }
        guard reader.isAtEnd else { throw .malformed }
        return CachedQuestion(
            id: 0,
            entry: entry,
            text: text,
            key: key,
            check: check,
            partition: partition,
            embeddingModel: model,
            vector: vector,
            createdAt: createdAt
        )
    }
}

extension ByteReader {
    fileprivate mutating func entryID() throws(CodecError) -> EntryID {
        let (high, low) = try raw(16) {
            ($0.loadUnaligned(as: UInt64.self), $0.loadUnaligned(fromByteOffset: 8, as: UInt64.self))
        }
        return EntryID(high: UInt64(bigEndian: high), low: UInt64(bigEndian: low))
    }

    fileprivate mutating func digest() throws(CodecError) -> Digest256 {
        guard let digest = try raw(32, { Digest256(bytes: $0) }) else { throw .malformed }
        return digest
    }

    /// A point in time within the next hundred thousand years.
    fileprivate mutating func time() throws(CodecError) -> Timestamp {
        let milliseconds = try signed()
        guard (0...EntryCodec.latestTime).contains(milliseconds) else { throw .malformed }
        return Timestamp(milliseconds: milliseconds)
    }
}

extension EntryID {
    /// The 16 bytes of an id, most significant first.
    var bytes: [UInt8] { withUnsafeBytes(of: (high.bigEndian, low.bigEndian)) { Array($0) } }

    /// Reads an id from its 16 bytes; nil if there are more or fewer.
    init?(bytes: [UInt8]) {
        guard bytes.count == 16 else { return nil }
        let (high, low) = bytes.withUnsafeBytes {
            ($0.loadUnaligned(as: UInt64.self), $0.loadUnaligned(fromByteOffset: 8, as: UInt64.self))
        }
        self.init(high: UInt64(bigEndian: high), low: UInt64(bigEndian: low))
    }
}
