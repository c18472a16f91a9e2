internal import SemanticCaching

/// One check of one store: what to store, and how to say what is wrong.
struct ConformanceTrial: Sendable {
    let check: EntryStoreConformance.Check
    let seed: UInt64
    let store: any EntryStore

    static let faq = NamespaceID(tenant: "acme", name: "faq/returns")
    static let docs = NamespaceID(name: "docs")

    func failure(_ detail: String, file: String = #fileID, line: Int = #line) -> ConformanceFailure {
        ConformanceFailure(check: check.rawValue, detail: detail, seed: seed, file: file, line: line)
    }

    func expect(
        _ condition: Bool,
        _ detail: @autoclosure () -> String,
        file: String = #fileID,
        line: Int = #line
    ) throws {
        guard condition else { throw failure(detail(), file: file, line: line) }
    }

    func expectEqual<Value: Equatable>(
        _ found: Value,
        _ expected: Value,
        _ what: String,
        file: String = #fileID,
        line: Int = #line
    ) throws {
        guard found != expected else { return }
        throw failure("\(what): expected \(expected), found \(found)", file: file, line: line)
    }

    /// Checks that the call throws a `CacheError` with the code.
    func expectThrows(
        _ code: CacheError.Code,
        _ what: String,
        file: String = #fileID,
        line: Int = #line,
        _ call: () async throws -> Void
    ) async throws {
        do {
            try await call()
        } catch let error as CacheError {
            return try expectEqual(error.code, code, what, file: file, line: line)
        }
        throw failure("\(what): nothing was thrown", file: file, line: line)
    }

    /// A key that the number decides.
    static func key(_ number: UInt64) -> Digest256 { Digest256(hashing: Array("key \(number)".utf8)) }

    /// An id that the number decides and orders.
    static func id(_ number: UInt64) -> EntryID { EntryID(high: 0x0190_0000_0000_0000 + number, low: number &* 0x9E37) }

    /// A plain answer.
    static func entry(_ number: UInt64, namespace: NamespaceID = faq) -> CacheEntry {
        CacheEntry(
            id: id(number),
            namespace: namespace,
            model: "model-a",
            reply: CachedReply(text: "Answer \(number)."),
            createdAt: Timestamp(milliseconds: 1_700_000_000_000 + Int64(number))
        )
    }

    /// A plain question with a vector.
    static func question(_ number: UInt64, of entry: UInt64, key: UInt64? = nil) -> CachedQuestion {
        CachedQuestion(
            id: number,
            entry: id(entry),
            text: "Question \(number)?",
            key: Self.key(key ?? number),
            check: Self.key((key ?? number) &+ 1_000_000),
            partition: Self.key(7),
            embeddingModel: "hashing-4",
            vector: [0.5, -0.5, 0.5, Float(number % 2) - 0.5],
            createdAt: Timestamp(milliseconds: 1_700_000_000_000 + Int64(number))
        )
    }

    /// Stores a plain answer with a plain question of the same number.
    func insert(_ number: UInt64, namespace: NamespaceID = faq) async throws {
        let removed = try await store.insert(
            Self.entry(number, namespace: namespace),
            question: Self.question(number, of: number)
        )
        try expectEqual(removed, [], "questions removed by the insertion of \(number)")
    }
}
