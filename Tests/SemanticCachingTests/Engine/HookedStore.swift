import SemanticCaching
import SemanticCachingTesting
import Synchronization

/// A store in memory that lets a test step in between two calls of the engine, once for each hook.
final class HookedStore: ForwardingStore {
    /// Where a test may step in.
    enum Place: Hashable {
        case beforeMatch
        case beforeInsert
        case afterInsert
        case afterRemove
    }

    typealias Hook = @Sendable () async throws -> Void

    let base = MemoryStore()
    private let hooks = Mutex<[Place: Hook]>([:])

    /// Has something done at the next call of a kind; what it calls itself passes unhindered.
    func hook(_ place: Place, _ action: @escaping Hook) { hooks.withLock { $0[place] = action } }

    private func run(_ place: Place) async throws {
        try await hooks.withLock { $0.removeValue(forKey: place) }?()
    }

    func match(key: Digest256) async throws -> StoredMatch? {
        try await run(.beforeMatch)
        return try await base.match(key: key)
    }

    func insert(_ entry: CacheEntry, question: CachedQuestion) async throws -> [RemovedQuestion] {
        try await run(.beforeInsert)
        let replaced = try await base.insert(entry, question: question)
        try await run(.afterInsert)
        return replaced
    }

    func remove(_ entries: [EntryID]) async throws -> [RemovedQuestion] {
        let removed = try await base.remove(entries)
        try await run(.afterRemove)
        return removed
    }
}
