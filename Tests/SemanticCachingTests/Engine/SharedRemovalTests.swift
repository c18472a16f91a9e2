import Logging
import SemanticCachingTesting
import Testing

@testable import SemanticCaching

/// An answer that is removed while it comes from another replica does not stay.
@Suite struct SharedRemovalTests {
    private static let question = "How do I reset my password?"

    private func makeCache(_ tier: StubTier, store: any EntryStore = MemoryStore()) throws -> SemanticCache {
        try SemanticCache(
            embedder: HashingEmbedder(dimension: 256),
            store: store,
            sharedTier: tier,
            clock: ManualClock(),
            logger: Logger(label: "test") { _ in SwiftLogNoOpLogHandler() }
        )
    }

    private var request: CacheRequest { CacheRequest(Self.question, scope: CacheFixture.scope) }

    /// What one replica published, as another gets it.
    private func published(_ tier: StubTier) async throws -> StoredMatch {
        let first = try makeCache(tier)
        try await first.store(CachedReply(text: "Click."), for: request)
        let key = RequestKey(request, namespace: CacheFixture.scope.namespace).exact
        return try #require(try await tier.match(key: key, in: CacheFixture.scope.namespace))
    }

    @Test func whatIsTakenInBehindTheStoresBackIsRemoved() async throws {
        let tier = StubTier()
        let match = try await published(tier)
        let store = HookedStore()
        let cache = try makeCache(tier, store: store)
        let link = try #require(cache.shared)
        // It is taken in to the end just after the removal has found nothing in the store.
        store.hook(.afterRemove) {
            _ = await SharedChangeApplier(cache: cache, link: link).absorb(match.entry, [match.question])
        }
        try await cache.remove([match.entry.id])
        #expect(try await store.entry(match.entry.id) == nil)
        #expect(await cache.lookup(request).outcome == .miss)
        #expect(cache.namespaces[CacheFixture.scope.namespace].retention.usage.entries == 0)
        #expect(await cache.statistics().indexedQuestions == 0)
    }

    @Test func anAnswerThatOnlyTheTierHasCountsAsRemoved() async throws {
        let tier = StubTier()
        let match = try await published(tier)
        let cache = try makeCache(tier)
        #expect(try await cache.remove([match.entry.id, EntryID(high: 1, low: 1)]) == 1)
        #expect(try await cache.remove([match.entry.id]) == 0)
        #expect(await cache.lookup(request).outcome == .miss)
    }

    @Test func aRemovedAnswerOfAnotherReplicaIsNotTakenInLater() async throws {
        let tier = StubTier()
        let match = try await published(tier)
        let cache = try makeCache(tier)
        #expect(await cache.lookup(request).tier == .shared)
        while try await cache.store.usage().entries < 1 { try await Task.sleep(for: .milliseconds(1)) }
        try await cache.remove([match.entry.id])
        let link = try #require(cache.shared)
        let isThere = await SharedChangeApplier(cache: cache, link: link).absorb(match.entry, [match.question])
        #expect(!isThere)
        #expect(await cache.lookup(request).outcome == .miss)
    }
}
