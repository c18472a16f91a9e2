import SemanticCaching

/// Answers and questions that their number decides.
enum StoreSample {
    static let namespace = NamespaceID(tenant: "acme", name: "faq")

    static func id(_ number: UInt64) -> EntryID { EntryID(high: number << 16, low: 7) }

    static func entry(_ number: UInt64) -> CacheEntry {
        CacheEntry(
            id: id(number),
            namespace: namespace,
            model: "model",
            reply: CachedReply(text: "Secret answer \(number)."),
            tags: ["doc:\(number % 5)"],
            createdAt: Timestamp(milliseconds: Int64(number))
        )
    }

    static func question(_ number: UInt64) -> CachedQuestion {
        CachedQuestion(
            id: number,
            entry: id(number),
            text: "Secret question \(number)?",
            key: key(number),
            check: Digest256(hashing: Array("check \(number)".utf8)),
            partition: Digest256(hashing: Array("partition".utf8)),
            embeddingModel: "hashing",
            vector: (0..<64).map { $0 == Int(number % 64) ? 1 : 0 },
            createdAt: Timestamp(milliseconds: Int64(number))
        )
    }

    static func question(_ number: UInt64, of entry: UInt64) -> CachedQuestion {
        var question = question(number)
        question.entry = id(entry)
        return question
    }

    static func key(_ number: UInt64) -> Digest256 { Digest256(hashing: Array("key \(number)".utf8)) }

    static func fill(_ store: some EntryStore, _ numbers: ClosedRange<UInt64>) async throws {
        for number in numbers { _ = try await store.insert(entry(number), question: question(number)) }
    }
}

/// The code of the cache error that a call throws; nil if it throws none.
func errorCode(_ call: () async throws -> Void) async -> CacheError.Code? {
    do {
        try await call()
        return nil
    } catch {
        return (error as? CacheError)?.code
    }
}
