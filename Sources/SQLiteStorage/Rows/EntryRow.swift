internal import GRDB
internal import SemanticCaching
internal import StrictJSON

/// An answer as it lies in its row: the answer itself, and its texts as they are stored, sealed or not.
struct EntryRow {
    /// The columns, in the order in which ``init(reading:from:symbols:in:)`` expects them.
    static let columns = """
        e.number, e.id, e.namespace, e.model, e.prompt_version, e.created, e.expires, e.epoch, e.latency, e.cost, \
        e.tags, e.finish_reason, e.prompt_tokens, e.cached_tokens, e.completion_tokens, e.reply_model, \
        e.wire_format, e.checksum, e.reply, e.wire
        """
    static let columnCount: Int32 = 20

    /// The answer; the text and the wire form of its reply are empty.
    var entry: CacheEntry
    /// The text of the reply as it is stored.
    var reply: [UInt8]
    /// The wire form's bytes as they are stored.
    var wire: [UInt8]?
    /// The wire form's kind.
    var wireFormat: String?
    /// The checksum that was stored with the row, or is to be.
    var storedChecksum: Int64 = 0
    /// What the answer counts as against the limits; 0 in a row that was read.
    var size = 0

    /// Seals an answer.
    init(_ entry: CacheEntry, cipher: TextCipher) throws {
        let id = entry.id.bytes
        reply = try cipher.seal(Array(entry.reply.text.utf8), at: .init(column: "entry.reply", row: id))
        wire = try entry.reply.wire.map { try cipher.seal($0.json, at: .init(column: "entry.wire", row: id)) }
        wireFormat = entry.reply.wire?.format
        self.entry = entry
        self.entry.reply.text = ""
        self.entry.reply.wire = nil
        size = entry.byteCount
        storedChecksum = checksum
    }

    /// Opens the answer.
    func opened(cipher: TextCipher) throws -> CacheEntry {
        guard storedChecksum == checksum else { throw StoredDataFault.checksum }
        var entry = entry
        let id = entry.id.bytes
        let text = try cipher.open(reply, at: .init(column: "entry.reply", row: id))
        entry.reply.text = String(decoding: text, as: UTF8.self)
        if let wire, let wireFormat {
            let json = try cipher.open(wire, at: .init(column: "entry.wire", row: id))
            entry.reply.wire = .init(format: wireFormat, json: json)
        }
        return entry
    }

    /// The checksum over all that never changes while the row is there; `expires` may.
    var checksum: Int64 {
        var sum = RowChecksum()
        sum.add(entry.id.bytes)
        sum.add(entry.namespace.tenant)
        sum.add(entry.namespace.name)
        sum.add(entry.model)
        sum.add(entry.promptVersion)
        sum.add(entry.createdAt.milliseconds)
        sum.add(Int64(bitPattern: entry.epoch))
        sum.add(entry.upstreamLatency?.wholeNanoseconds)
        sum.add(entry.cost.map { Int64(bitPattern: $0.bitPattern) })
        sum.add(Int64(entry.tags.count))
        for tag in entry.tags { sum.add(tag) }
        sum.add(entry.reply.finishReason.rawValue)
        let usage = entry.reply.usage
        for tokens in [usage?.promptTokens, usage?.cachedPromptTokens, usage?.completionTokens] {
            sum.add(tokens.map { Int64($0) })
        }
        sum.add(entry.reply.model ?? "")
        sum.add(wireFormat ?? "")
        sum.add(reply)
        sum.add(wire ?? [])
        return Int64(bitPattern: sum.value)
    }
}

extension EntryRow {
    /// Reads a row that starts at a column.
    init(
        reading row: borrowing PreparedStatement,
        from first: Int32,
        symbols: SymbolTable,
        in db: Database
    ) throws {
        guard let id = EntryID(bytes: row.bytes(first + 1)) else { throw StoredDataFault.malformedColumn }
        var reply = CachedReply(text: "", finishReason: .init(rawValue: row.text(first + 11)))
        if !row.isNull(first + 12) {
            reply.usage = TokenUsage(
                promptTokens: Int(row.int(first + 12)),
                cachedPromptTokens: Int(row.int(first + 13)),
                completionTokens: Int(row.int(first + 14))
            )
        }
        reply.model = row.optionalText(first + 15)
        entry = CacheEntry(
            id: id,
            namespace: try symbols.namespace(row.int(first + 2), in: db),
            model: try symbols.text(row.int(first + 3), in: db),
            promptVersion: try symbols.text(row.int(first + 4), in: db),
            reply: reply,
            tags: try row.optionalBytes(first + 10).map(Self.tags) ?? [],
            createdAt: Timestamp(milliseconds: row.int(first + 5)),
            expiresAt: row.optionalInt(first + 6).map { Timestamp(milliseconds: $0) },
            epoch: UInt64(bitPattern: row.int(first + 7)),
            upstreamLatency: row.optionalInt(first + 8).map { .nanoseconds($0) },
            cost: row.optionalDouble(first + 9)
        )
        wireFormat = row.optionalText(first + 16)
        storedChecksum = row.int(first + 17)
        self.reply = row.bytes(first + 18)
        wire = row.optionalBytes(first + 19)
    }

    private static let insertion = """
        INSERT INTO entry (number, id, namespace, model, prompt_version, created, expires, epoch, latency, cost, tags, \
        finish_reason, prompt_tokens, cached_tokens, completion_tokens, reply_model, wire_format, size, checksum, \
        reply, wire) VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?)
        """

    /// Writes the row under a number.
    func insert(_ number: Int64, in db: Database, symbols: SymbolTable, isSealed: Bool) throws {
        var insert = try PreparedStatement(Self.insertion, in: db)
        insert.bind(number)
        insert.bind(entry.id.bytes)
        insert.bind(try symbols.number(of: entry.namespace, in: db, createIfNew: true))
        insert.bind(try symbols.number(of: entry.model, in: db))
        insert.bind(try symbols.number(of: entry.promptVersion, in: db))
        insert.bind(entry.createdAt.milliseconds)
        insert.bind(entry.expiresAt?.milliseconds)
        insert.bind(Int64(bitPattern: entry.epoch))
        insert.bind(entry.upstreamLatency?.wholeNanoseconds)
        insert.bind(entry.cost)
        if entry.tags.isEmpty { insert.bindNull() } else { insert.bind(utf8: Self.json(of: entry.tags)) }
        insert.bind(entry.reply.finishReason.rawValue)
        let usage = entry.reply.usage
        insert.bind(usage.map { Int64($0.promptTokens) })
        insert.bind(usage.map { Int64($0.cachedPromptTokens) })
        insert.bind(usage.map { Int64($0.completionTokens) })
        insert.bind(entry.reply.model)
        insert.bind(wireFormat)
        insert.bind(Int64(size))
        insert.bind(storedChecksum)
        if isSealed { insert.bind(reply) } else { insert.bind(utf8: reply) }
        insert.bind(wire)
        try insert.run()
    }

    private static func json(of tags: [String]) -> [UInt8] {
        JSONValue.array(tags.map { .string($0) }).serialized()
    }

    static func tags(_ json: [UInt8]) throws -> [String] {
        guard let elements = try? JSONValue(parsing: json).arrayValue else { throw StoredDataFault.malformedColumn }
        return elements.compactMap(\.stringValue)
    }
}
