/// The system of record: what it has acknowledged is there after any crash it promises to survive.
///
/// A conformer is safe to call from any number of tasks at once, keeps an entry and its questions together (all or
/// nothing), and passes `EntryStoreConformance` of SemanticCachingTesting. It compares nothing and expires nothing on
/// its own: freshness, scopes and limits are the engine's.
///
/// All calls throw ``CacheError`` with `storeUnavailable` when the store cannot be used (now), and nothing of a call
/// that threw is stored.
public protocol EntryStore: Sendable {
    /// Stores an answer with its first question, in place of the answers that owned the same key or had the same id.
    ///
    /// Returns the questions that had to go with replaced answers. When this returns, both are committed.
    /// - Throws: ``CacheError`` with `invalidRequest` if the question is not the answer's or its number is in use.
    func insert(_ entry: CacheEntry, question: CachedQuestion) async throws -> [RemovedQuestion]

    /// Gives an answer another question; false if the answer is not there any more or the key is already owned.
    ///
    /// - Throws: ``CacheError`` with `invalidRequest` if the question's number is in use.
    func addQuestion(_ question: CachedQuestion) async throws -> Bool

    /// The answer of that id.
    func entry(_ id: EntryID) async throws -> CacheEntry?

    /// The question that owns the key, with its answer. The question's vector is left out.
    func match(key: Digest256) async throws -> StoredMatch?

    /// The question that owns the first of the keys that is owned at all, with its answer and without its vector.
    ///
    /// It tells which of the prefixes of a conversation are known; most often the first is.
    func firstMatch(among keys: [Digest256]) async throws -> StoredMatch?

    /// The questions of those numbers with their answers, in any order; numbers that are gone are left out, as are vectors.
    func matches(questions: [UInt64]) async throws -> [StoredMatch]

    /// All questions of an answer, with their vectors, in the order of their numbers.
    func questions(of entry: EntryID) async throws -> [CachedQuestion]

    /// Removes answers with all their questions; returns the questions that are gone. Ids that are gone are no error.
    func remove(_ entries: [EntryID]) async throws -> [RemovedQuestion]

    /// Makes the questions of an answer wordings of another, and removes the answer that lost them, in one step.
    ///
    /// Returns the questions, in the order of their numbers; none if one of the answers is not there, both are the same,
    /// or they are of different namespaces: then nothing has changed.
    func moveQuestions(of entry: EntryID, to other: EntryID) async throws -> [CachedQuestion]

    /// Changes when an answer stops being fresh; false if it is not there any more.
    func setExpiry(_ expiresAt: Timestamp?, of entry: EntryID) async throws -> Bool

    /// Gives a question another vector, as re-embedding does; false if it is not there any more.
    func setVector(_ vector: [Float]?, embeddingModel: String?, of question: UInt64) async throws -> Bool

    /// Adds hits to what is known of the use of answers, and moves the times of last use forward.
    ///
    /// Ids that are gone are skipped. Meant for batches: losing the last of them in a crash costs nothing but precision.
    func recordUse(_ uses: [EntryUse]) async throws

    /// How answers were used, in any order; ids that are gone are left out.
    func use(of entries: [EntryID]) async throws -> [EntryUse]

    /// Up to `limit` answers that pass the filter, in the order of their ids, behind `after`.
    func entries(matching filter: EntryFilter, after: EntryID?, limit: Int) async throws -> [CacheEntry]

    /// Up to `limit` questions in the order of their numbers, behind `after`, with vectors and answers (for hydration).
    func questions(after: UInt64, limit: Int) async throws -> [StoredMatch]

    /// The greatest number that a question ever had here; 0 in a new store.
    func highestQuestionID() async throws -> UInt64

    /// Makes sure, even through a power failure, that no question gets a number up to this one again.
    ///
    /// Whoever keeps numbers outside of the store, as a copy of an index does, calls it first.
    func reserveQuestionIDs(upTo number: UInt64) async throws

    /// Counts the changes of the set of questions and vectors: an index that was built at this count is complete.
    func changeCount() async throws -> UInt64

    /// How many answers and questions there are, and how many bytes they occupy.
    func usage() async throws -> StoreUsage

    /// What each namespace holds; the bytes are those of texts, replies and vectors.
    func usageByNamespace() async throws -> [NamespaceID: StoreUsage]

    /// A small durable value (an epoch, a fitted policy, a ledger day), nil if never set.
    func metadata(_ name: String) async throws -> [UInt8]?

    /// Sets a small durable value; nil removes it. When this returns, it is committed.
    func setMetadata(_ name: String, to value: [UInt8]?) async throws

    /// The names of the small values that start with the prefix, sorted by their UTF-8 bytes.
    func metadataNames(prefix: String) async throws -> [String]

    /// Finishes what is under way; further calls throw.
    func close() async throws
}

extension EntryStore {
    /// Makes the questions of an answer wordings of another, one by one, for stores that know no better.
    ///
    /// Whoever interrupts it loses the wordings that were still to come: a store that outlives its process does it in one
    /// transaction.
    public func moveQuestions(of entry: EntryID, to other: EntryID) async throws -> [CachedQuestion] {
        guard entry != other, let source = try await self.entry(entry), let target = try await self.entry(other),
            source.namespace == target.namespace
        else { return [] }
        let questions = try await questions(of: entry)
        let removed = Set(try await remove([entry]).map(\.id))
        var moved: [CachedQuestion] = []
        for var question in questions where removed.contains(question.id) {
            question.entry = other
            if try await addQuestion(question) { moved.append(question) }
        }
        return moved
    }

    /// The question that owns the first of the keys that is owned at all, asked for one by one.
    public func firstMatch(among keys: [Digest256]) async throws -> StoredMatch? {
        for key in keys {
            if let match = try await match(key: key) { return match }
        }
        return nil
    }
}
