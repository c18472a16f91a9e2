package import SemanticCaching

/// A store that hands every call to another, so that a test writes only those in which its store differs.
///
///     struct ReadOnlyStore: ForwardingStore {
///         let base = MemoryStore()
///         func remove(_ entries: [EntryID]) async throws -> [RemovedQuestion] { throw CacheError(.storeLocked, "…") }
///     }
package protocol ForwardingStore: EntryStore {
    /// The kind of store that does the work.
    associatedtype Base: EntryStore
    /// The store that does the work.
    var base: Base { get }
}

extension ForwardingStore {
    // `firstMatch(among:)` is not among them: its default asks `match(key:)`, with what a test made of that.
    package func insert(_ entry: CacheEntry, question: CachedQuestion) async throws -> [RemovedQuestion] {
        try await base.insert(entry, question: question)
    }
    package func addQuestion(_ question: CachedQuestion) async throws -> Bool { try await base.addQuestion(question) }
    package func entry(_ id: EntryID) async throws -> CacheEntry? { try await base.entry(id) }
    package func match(key: Digest256) async throws -> StoredMatch? { try await base.match(key: key) }
    package func matches(questions: [UInt64]) async throws -> [StoredMatch] {
        try await base.matches(questions: questions)
    }
    package func questions(of entry: EntryID) async throws -> [CachedQuestion] { try await base.questions(of: entry) }
    package func remove(_ entries: [EntryID]) async throws -> [RemovedQuestion] { try await base.remove(entries) }
    package func moveQuestions(of entry: EntryID, to other: EntryID) async throws -> [CachedQuestion] {
        try await base.moveQuestions(of: entry, to: other)
    }
    package func setExpiry(_ expiresAt: Timestamp?, of entry: EntryID) async throws -> Bool {
        try await base.setExpiry(expiresAt, of: entry)
    }
    package func setVector(_ vector: [Float]?, embeddingModel: String?, of question: UInt64) async throws -> Bool {
        try await base.setVector(vector, embeddingModel: embeddingModel, of: question)
    }
    package func recordUse(_ uses: [EntryUse]) async throws { try await base.recordUse(uses) }
    package func use(of entries: [EntryID]) async throws -> [EntryUse] { try await base.use(of: entries) }
    package func entries(matching filter: EntryFilter, after: EntryID?, limit: Int) async throws -> [CacheEntry] {
        try await base.entries(matching: filter, after: after, limit: limit)
    }
    package func questions(after: UInt64, limit: Int) async throws -> [StoredMatch] {
        try await base.questions(after: after, limit: limit)
    }
    package func highestQuestionID() async throws -> UInt64 { try await base.highestQuestionID() }
    package func reserveQuestionIDs(upTo number: UInt64) async throws {
        try await base.reserveQuestionIDs(upTo: number)
    }
    package func changeCount() async throws -> UInt64 { try await base.changeCount() }
    package func usage() async throws -> StoreUsage { try await base.usage() }
    package func usageByNamespace() async throws -> [NamespaceID: StoreUsage] { try await base.usageByNamespace() }
    package func metadata(_ name: String) async throws -> [UInt8]? { try await base.metadata(name) }
    package func setMetadata(_ name: String, to value: [UInt8]?) async throws {
        try await base.setMetadata(name, to: value)
    }
    package func metadataNames(prefix: String) async throws -> [String] {
        try await base.metadataNames(prefix: prefix)
    }
    package func close() async throws { try await base.close() }
}
