import SemanticCaching
import Synchronization

/// A store in memory that fails, or waits, when a test wants it to.
final class FaultyStore: EntryStore {
    private struct State {
        var writeFault: CacheError.Code?
        var isReadingHeld = false
        var waiters: [CheckedContinuation<Void, Never>] = []
    }

    private let base = MemoryStore()
    private let state = Mutex(State())

    /// Makes every write fail from now on; nil ends that.
    func failWrites(with code: CacheError.Code?) { state.withLock { $0.writeFault = code } }

    /// Makes whoever reads all questions wait, as one does who builds an index.
    func holdReading() { state.withLock { $0.isReadingHeld = true } }

    /// Whether somebody waits.
    var isReadingHeld: Bool { state.withLock { !$0.waiters.isEmpty } }

    func releaseReading() {
        let waiters = state.withLock { state in
            state.isReadingHeld = false
            defer { state.waiters = [] }
            return state.waiters
        }
        for waiter in waiters { waiter.resume() }
    }

    private func checkWrite() throws {
        if let code = state.withLock({ $0.writeFault }) { throw CacheError(code, "database or disk is full") }
    }

    func insert(_ entry: CacheEntry, question: CachedQuestion) async throws -> [RemovedQuestion] {
        try checkWrite()
        return try await base.insert(entry, question: question)
    }

    func addQuestion(_ question: CachedQuestion) async throws -> Bool {
        try checkWrite()
        return try await base.addQuestion(question)
    }

    func remove(_ entries: [EntryID]) async throws -> [RemovedQuestion] {
        try checkWrite()
        return try await base.remove(entries)
    }

    func setExpiry(_ expiresAt: Timestamp?, of entry: EntryID) async throws -> Bool {
        try checkWrite()
        return try await base.setExpiry(expiresAt, of: entry)
    }

    func questions(after: UInt64, limit: Int) async throws -> [StoredMatch] {
        await withCheckedContinuation { continuation in
            let isFree = state.withLock { state in
                if state.isReadingHeld { state.waiters.append(continuation) }
                return !state.isReadingHeld
            }
            if isFree { continuation.resume() }
        }
        return try await base.questions(after: after, limit: limit)
    }

    func entry(_ id: EntryID) async throws -> CacheEntry? { try await base.entry(id) }
    func match(key: Digest256) async throws -> StoredMatch? { try await base.match(key: key) }
    func matches(questions: [UInt64]) async throws -> [StoredMatch] { try await base.matches(questions: questions) }
    func questions(of entry: EntryID) async throws -> [CachedQuestion] { try await base.questions(of: entry) }
    func setVector(_ vector: [Float]?, embeddingModel: String?, of question: UInt64) async throws -> Bool {
        try await base.setVector(vector, embeddingModel: embeddingModel, of: question)
    }
    func recordUse(_ uses: [EntryUse]) async throws { try await base.recordUse(uses) }
    func use(of entries: [EntryID]) async throws -> [EntryUse] { try await base.use(of: entries) }
    func entries(matching filter: EntryFilter, after: EntryID?, limit: Int) async throws -> [CacheEntry] {
        try await base.entries(matching: filter, after: after, limit: limit)
    }
    func highestQuestionID() async throws -> UInt64 { try await base.highestQuestionID() }
    func reserveQuestionIDs(upTo number: UInt64) async throws { try await base.reserveQuestionIDs(upTo: number) }
    func changeCount() async throws -> UInt64 { try await base.changeCount() }
    func usage() async throws -> StoreUsage { try await base.usage() }
    func usageByNamespace() async throws -> [NamespaceID: StoreUsage] { try await base.usageByNamespace() }
    func metadata(_ name: String) async throws -> [UInt8]? { try await base.metadata(name) }
    func setMetadata(_ name: String, to value: [UInt8]?) async throws { try await base.setMetadata(name, to: value) }
    func metadataNames(prefix: String) async throws -> [String] { try await base.metadataNames(prefix: prefix) }
    func close() async throws { try await base.close() }
}
