import SemanticCaching

/// A store whose every call fails, as on a full or vanished disk.
struct BrokenStore: EntryStore {
    private var failure: CacheError { CacheError(.storeUnavailable, "the disk is full") }

    func insert(_ entry: CacheEntry, question: CachedQuestion) async throws -> [RemovedQuestion] { throw failure }
    func addQuestion(_ question: CachedQuestion) async throws -> Bool { throw failure }
    func entry(_ id: EntryID) async throws -> CacheEntry? { throw failure }
    func match(key: Digest256) async throws -> StoredMatch? { throw failure }
    func matches(questions: [UInt64]) async throws -> [StoredMatch] { throw failure }
    func questions(of entry: EntryID) async throws -> [CachedQuestion] { throw failure }
    func remove(_ entries: [EntryID]) async throws -> [RemovedQuestion] { throw failure }
    func moveQuestions(of entry: EntryID, to other: EntryID) async throws -> [CachedQuestion] { throw failure }
    func setExpiry(_ expiresAt: Timestamp?, of entry: EntryID) async throws -> Bool { throw failure }
    func setVector(_ vector: [Float]?, embeddingModel: String?, of question: UInt64) async throws -> Bool {
        throw failure
    }
    func recordUse(_ uses: [EntryUse]) async throws { throw failure }
    func use(of entries: [EntryID]) async throws -> [EntryUse] { throw failure }
    func entries(matching filter: EntryFilter, after: EntryID?, limit: Int) async throws -> [CacheEntry] {
        throw failure
    }
    func questions(after: UInt64, limit: Int) async throws -> [StoredMatch] { throw failure }
    func highestQuestionID() async throws -> UInt64 { throw failure }
    func reserveQuestionIDs(upTo number: UInt64) async throws { throw failure }
    func changeCount() async throws -> UInt64 { throw failure }
    func usage() async throws -> StoreUsage { throw failure }
    func usageByNamespace() async throws -> [NamespaceID: StoreUsage] { throw failure }
    func metadata(_ name: String) async throws -> [UInt8]? { throw failure }
    func setMetadata(_ name: String, to value: [UInt8]?) async throws { throw failure }
    func metadataNames(prefix: String) async throws -> [String] { throw failure }
    func close() async throws { throw failure }
}
