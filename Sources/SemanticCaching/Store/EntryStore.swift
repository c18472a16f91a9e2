/// The system of record: what it has acknowledged is there after any crash it promises to survive.
///
/// A conformer is safe to call from any number of tasks at once, keeps an entry and its questions together (all or
/// nothing), and passes `EntryStoreConformance` of SemanticCachingTesting. It compares nothing and expires nothing on
/// its own: freshness, scopes and limits are the engine's.
public protocol EntryStore: Sendable {
    /// Stores an answer with its first question, in place of the answer that owned the same key, if any.
    ///
    /// Returns the questions that had to go with a replaced answer. When this returns, both are committed.
    /// - Throws: ``CacheError`` with `storeUnavailable`; then nothing of them is stored.
    func insert(_ entry: CacheEntry, question: CachedQuestion) async throws -> [RemovedQuestion]

    /// Gives an answer another question; false if the answer is not there any more or the key is already owned.
    func addQuestion(_ question: CachedQuestion) async throws -> Bool

    /// The answer of that id.
    func entry(_ id: EntryID) async throws -> CacheEntry?

    /// The question that owns the key, with its answer. The question's vector is left out.
    func match(key: Digest256) async throws -> StoredMatch?

    /// The questions of those numbers with their answers, in any order; numbers that are gone are left out, as are vectors.
    func matches(questions: [UInt64]) async throws -> [StoredMatch]

    /// All questions of an answer, with their vectors.
    func questions(of entry: EntryID) async throws -> [CachedQuestion]

    /// Removes answers with all their questions; returns the questions that are gone. Ids that are gone are no error.
    func remove(_ entries: [EntryID]) async throws -> [RemovedQuestion]

    /// Changes when an answer stops being fresh; false if it is not there any more.
    func setExpiry(_ expiresAt: Timestamp?, of entry: EntryID) async throws -> Bool

    /// Up to `limit` answers that pass the filter, in the order of their ids, behind `after`.
    func entries(matching filter: EntryFilter, after: EntryID?, limit: Int) async throws -> [CacheEntry]

    /// Up to `limit` questions in the order of their numbers, behind `after`, with vectors and answers (for hydration).
    func questions(after: UInt64, limit: Int) async throws -> [StoredMatch]

    /// The greatest number that a question ever had here; 0 in a new store.
    func highestQuestionID() async throws -> UInt64

    /// How many answers and questions there are, and how many bytes they occupy.
    func usage() async throws -> StoreUsage

    /// A small durable value (an epoch, a fitted policy, a ledger day), nil if never set.
    func metadata(_ name: String) async throws -> [UInt8]?

    /// Sets a small durable value; nil removes it. When this returns, it is committed.
    func setMetadata(_ name: String, to value: [UInt8]?) async throws

    /// The names of the small values that start with the prefix, sorted.
    func metadataNames(prefix: String) async throws -> [String]

    /// Finishes what is under way; further calls throw.
    func close() async throws
}
