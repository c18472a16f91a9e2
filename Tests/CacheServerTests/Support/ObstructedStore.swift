import SemanticCaching
import SemanticCachingTesting
import Synchronization

/// A store in memory that fails, or waits, when a test wants it to.
final class ObstructedStore: ForwardingStore {
    private struct State {
        var writeFault: CacheError.Code?
        var isReadingHeld = false
        var isWritingHeld = false
        var writers: [CheckedContinuation<Void, Never>] = []
        var waiters: [CheckedContinuation<Void, Never>] = []
    }

    let base = MemoryStore()
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

    /// Makes whoever stores an answer wait.
    func holdWriting() { state.withLock { $0.isWritingHeld = true } }

    /// Whether somebody waits to store.
    var isWritingHeld: Bool { state.withLock { !$0.writers.isEmpty } }

    func releaseWriting() {
        let writers = state.withLock { state in
            state.isWritingHeld = false
            defer { state.writers = [] }
            return state.writers
        }
        for writer in writers { writer.resume() }
    }

    private func checkWrite() throws {
        if let code = state.withLock({ $0.writeFault }) { throw CacheError(code, "database or disk is full") }
    }

    func insert(_ entry: CacheEntry, question: CachedQuestion) async throws -> [RemovedQuestion] {
        try checkWrite()
        await withCheckedContinuation { continuation in
            let isFree = state.withLock { state in
                if state.isWritingHeld { state.writers.append(continuation) }
                return !state.isWritingHeld
            }
            if isFree { continuation.resume() }
        }
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
}
