import SemanticCaching
import SemanticCachingTesting
import Synchronization

/// A store in memory that throws one error from whatever it is asked, once a test says which.
final class FaultyStore: ForwardingStore {
    let base = MemoryStore()
    private let fault = Mutex<(any Error)?>(nil)

    /// Makes every call fail from now on.
    func fail(with error: any Error) { fault.withLock { $0 = error } }

    private func check() throws { if let error = fault.withLock({ $0 }) { throw error } }

    func insert(_ entry: CacheEntry, question: CachedQuestion) async throws -> [RemovedQuestion] {
        try check()
        return try await base.insert(entry, question: question)
    }

    func entry(_ id: EntryID) async throws -> CacheEntry? {
        try check()
        return try await base.entry(id)
    }

    func entries(matching filter: EntryFilter, after: EntryID?, limit: Int) async throws -> [CacheEntry] {
        try check()
        return try await base.entries(matching: filter, after: after, limit: limit)
    }

    func questions(of entry: EntryID) async throws -> [CachedQuestion] {
        try check()
        return try await base.questions(of: entry)
    }

    func remove(_ entries: [EntryID]) async throws -> [RemovedQuestion] {
        try check()
        return try await base.remove(entries)
    }

    func usage() async throws -> StoreUsage {
        try check()
        return try await base.usage()
    }

    func usageByNamespace() async throws -> [NamespaceID: StoreUsage] {
        try check()
        return try await base.usageByNamespace()
    }

    func setMetadata(_ name: String, to value: [UInt8]?) async throws {
        try check()
        try await base.setMetadata(name, to: value)
    }
}
