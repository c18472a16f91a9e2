internal import SemanticCaching

/// A change as it lies in a stream.
struct ChangeRecord: Sendable {
    enum Kind: Sendable {
        /// An answer was stored, under the key in hexadecimal digits.
        case stored(EntryID, key: String)
        case removed([EntryID])
        case epoch(UInt64)
        case invalidated(InvalidationSelector)
        /// It is none of this version's.
        case unknown
    }

    let position: StreamPosition
    let kind: Kind
    /// Who made it.
    let replica: String

    /// Reads the reply to `XREAD`: the records by the names of their streams.
    static func records(_ reply: RedisValue) -> [(stream: String, records: [ChangeRecord])] {
        (reply.array ?? []).compactMap { stream in
            guard let parts = stream.array, parts.count == 2, let name = parts[0].text, let records = parts[1].array
            else { return nil }
            return (name, records.compactMap { ChangeRecord($0) })
        }
    }

    private init?(_ record: RedisValue) {
        guard let parts = record.array, parts.count == 2, let position = parts[0].text.flatMap({ StreamPosition($0) }),
            let values = parts[1].array
        else { return nil }
        var fields: [String: [UInt8]] = [:]
        for index in stride(from: 0, to: values.count - 1, by: 2) {
            guard let name = values[index].text, let value = values[index + 1].bytes else { continue }
            fields[name] = value
        }
        func text(_ name: String) -> String { fields[name].map { String(decoding: $0, as: UTF8.self) } ?? "" }
        self.position = position
        replica = text("r")
        kind = Self.kind(text("o"), fields["d"] ?? [], key: text("k"))
    }

    private static func kind(_ name: String, _ data: [UInt8], key: String) -> Kind {
        switch name {
        case "p":
            guard let id = EntryID(String(decoding: data, as: UTF8.self)) else { return .unknown }
            return .stored(id, key: key)
        case "x":
            let ids = stride(from: 0, to: data.count, by: 26).compactMap { start in
                EntryID(String(decoding: data[start..<min(start + 26, data.count)], as: UTF8.self))
            }
            return .removed(ids)
        case "n":
            guard let epoch = EpochLimit.epoch(String(decoding: data, as: UTF8.self)) else { return .unknown }
            return .epoch(epoch)
        case "i":
            guard let selector = try? SelectorCodec.decode(data) else { return .unknown }
            return .invalidated(selector)
        default: return .unknown
        }
    }
}
