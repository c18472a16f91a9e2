internal import Synchronization

/// An entry store in memory: fast, complete, and gone when the process is.
///
///     let cache = try SemanticCache(embedder: embedder, store: MemoryStore())
///
/// All operations take one `Mutex` for as long as a few dictionary accesses take, and none of them suspends.
public final class MemoryStore: EntryStore {
    private struct State {
        var table = MemoryTable()
        var isClosed = false
    }

    private let state = Mutex(State())

    /// Creates an empty store.
    public init() {}

    /// Stores an answer with its first question, in place of the answers that owned the same key or had the same id.
    public func insert(_ entry: CacheEntry, question: CachedQuestion) async throws -> [RemovedQuestion] {
        try withTable { table throws(CacheError) in try table.insert(entry, question: question) }
    }

    /// Gives an answer another question; false if the answer is not there any more or the key is already owned.
    public func addQuestion(_ question: CachedQuestion) async throws -> Bool {
        try withTable { table throws(CacheError) in try table.addQuestion(question) }
    }

    /// The answer of that id.
    public func entry(_ id: EntryID) async throws -> CacheEntry? {
        try withTable { $0.records[id]?.entry }
    }

    /// The question that owns the key, with its answer.
    public func match(key: Digest256) async throws -> StoredMatch? {
        try withTable { table in table.owners[key].flatMap { table.match($0, withVector: false) } }
    }

    /// The questions of those numbers with their answers.
    public func matches(questions: [UInt64]) async throws -> [StoredMatch] {
        try withTable { table in questions.compactMap { table.match($0, withVector: false) } }
    }

    /// All questions of an answer, with their vectors.
    public func questions(of entry: EntryID) async throws -> [CachedQuestion] {
        try withTable { table in
            (table.records[entry]?.questions ?? []).sorted().compactMap { table.questions[$0] }
        }
    }

    /// Removes answers with all their questions; returns the questions that are gone.
    public func remove(_ entries: [EntryID]) async throws -> [RemovedQuestion] {
        try withTable { table in entries.flatMap { table.remove($0) } }
    }

    /// Makes the questions of an answer wordings of another, and removes the answer that lost them.
    public func moveQuestions(of entry: EntryID, to other: EntryID) async throws -> [CachedQuestion] {
        try withTable { $0.moveQuestions(of: entry, to: other) }
    }

    /// Changes when an answer stops being fresh; false if it is not there any more.
    public func setExpiry(_ expiresAt: Timestamp?, of entry: EntryID) async throws -> Bool {
        try withTable { table in
            table.records[entry]?.entry.expiresAt = expiresAt
            return table.records[entry] != nil
        }
    }

    /// Gives a question another vector; false if it is not there any more.
    public func setVector(_ vector: [Float]?, embeddingModel: String?, of question: UInt64) async throws -> Bool {
        try withTable { $0.setVector(vector, embeddingModel: embeddingModel, of: question) }
    }

    /// Adds hits to what is known of the use of answers.
    public func recordUse(_ uses: [EntryUse]) async throws {
        try withTable { table in for use in uses { table.recordUse(use) } }
    }

    /// How answers were used.
    public func use(of entries: [EntryID]) async throws -> [EntryUse] {
        try withTable { table in entries.compactMap { table.records[$0]?.use } }
    }

    /// Up to `limit` answers that pass the filter, in the order of their ids, behind `after`.
    ///
    /// - Complexity: O(log *n* + *k*) for *n* answers of the filter's tag or namespace, whichever has fewer, of which *k* are
    ///   walked until `limit` of them pass.
    public func entries(matching filter: EntryFilter, after: EntryID?, limit: Int) async throws -> [CacheEntry] {
        try withTable { $0.entries(matching: filter, after: after, limit: limit) }
    }

    /// Up to `limit` questions in the order of their numbers, behind `after`, with vectors and answers.
    public func questions(after: UInt64, limit: Int) async throws -> [StoredMatch] {
        try withTable { $0.questions(after: after, limit: limit) }
    }

    /// The greatest number that a question ever had here; 0 in a new store.
    public func highestQuestionID() async throws -> UInt64 { try withTable { $0.highestQuestionID } }

    /// Makes sure that no question gets a number up to this one again.
    public func reserveQuestionIDs(upTo number: UInt64) async throws { try withTable { $0.reserve(upTo: number) } }

    /// Counts the changes of the set of questions and vectors.
    public func changeCount() async throws -> UInt64 { try withTable { $0.changeCount } }

    /// How many answers and questions there are, and how many bytes they occupy.
    public func usage() async throws -> StoreUsage {
        try withTable { table in table.namespaces.values.reduce(into: StoreUsage()) { $0.add($1.usage) } }
    }

    /// What each namespace holds.
    public func usageByNamespace() async throws -> [NamespaceID: StoreUsage] {
        try withTable { $0.namespaces.mapValues(\.usage) }
    }

    /// A small value, nil if never set.
    public func metadata(_ name: String) async throws -> [UInt8]? { try withTable { $0.metadata[name] } }

    /// Sets a small value; nil removes it.
    public func setMetadata(_ name: String, to value: [UInt8]?) async throws {
        try withTable { $0.metadata[name] = value }
    }

    /// The names of the small values that start with the prefix, sorted.
    public func metadataNames(prefix: String) async throws -> [String] {
        try withTable { table in
            table.metadata.keys.filter { $0.utf8.starts(with: prefix.utf8) }
                .sorted { $0.utf8.lexicographicallyPrecedes($1.utf8) }
        }
    }

    /// Frees the contents; further calls throw.
    public func close() async throws {
        state.withLock { state in
            state.isClosed = true
            state.table = MemoryTable()
        }
    }

    private func withTable<Result: Sendable>(
        _ body: (inout MemoryTable) throws(CacheError) -> Result
    ) throws(CacheError) -> Result {
        try state.withLock { state throws(CacheError) in
            guard !state.isClosed else { throw CacheError(.storeUnavailable, "the store is closed") }
            return try body(&state.table)
        }
    }
}
