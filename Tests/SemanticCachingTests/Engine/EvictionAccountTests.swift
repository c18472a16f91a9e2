import SemanticCaching
import SemanticCachingTesting
import Testing

/// Who removes is counted and told, batch by batch, and only for what was there.
@Suite struct EvictionAccountTests {
    /// A store whose removals fail when told to.
    private struct FailingStore: ForwardingStore {
        let base = MemoryStore()
        /// How many removals succeed from now on.
        let remaining = Watched(Int.max)

        func remove(_ entries: [EntryID]) async throws -> [RemovedQuestion] {
            let isRefused = remaining.update { count in
                count -= 1
                return count < 0
            }
            if isRefused { throw CacheError(.storeUnavailable, "the disk is full") }
            return try await base.remove(entries)
        }
    }

    @Test func aBatchThatFailsDoesNotHideThoseBefore() async throws {
        let told = Watched<[EntryID]>([])
        let store = FailingStore()
        let fixture = try CacheFixture(
            store: store,
            {
                $0.namespaces.timeToLive = .seconds(1)
                $0.namespaces.matchesMeaning = false
            },
            onRemoval: { ids, _ in told.update { $0 += ids } }
        )
        for number in 0..<1_100 { try await fixture.put("Question \(number)?", "a") }
        fixture.clock.advance(by: .seconds(1))
        store.remaining.update { $0 = 1 }
        await #expect(throws: CacheError.self) { try await fixture.cache.sweep() }
        let left = try await store.usage().entries
        #expect(left == 1_100 - 1_024)
        #expect(told.value.count == 1_024)
        #expect(await fixture.cache.statistics().lookups.removals[.expiration] == 1_024)
        store.remaining.update { $0 = .max }
        #expect(try await fixture.cache.sweep() == left)
        #expect(told.value.count == 1_100)
        #expect(Set(told.value).count == 1_100, "each once")
        #expect(await fixture.cache.statistics().lookups.removals[.expiration] == 1_100)
    }

    @Test func whatIsNotThereIsNotTold() async throws {
        let told = Watched<[EntryID]>([])
        let fixture = try CacheFixture(
            { $0.namespaces.timeToLive = .seconds(1) },
            onRemoval: { ids, _ in told.update { $0 += ids } }
        )
        let gone = try #require(try await fixture.put("Is it gone?", "a"))
        let there = try #require(try await fixture.put("Where is the exit?", "b"))
        _ = try await fixture.store.remove([gone])
        fixture.clock.advance(by: .seconds(1))
        #expect(try await fixture.cache.sweep() == 1)
        #expect(told.value == [there])
        #expect(await fixture.cache.statistics().lookups.removals[.expiration] == 1)
    }

    @Test func invalidationsAreCounted() async throws {
        let fixture = try CacheFixture()
        try await fixture.put("What is the price?", "10") { $0.controls.tags = ["doc:1"] }
        try await fixture.put("Where is the exit?", "there")
        let id = try #require(try await fixture.put("Who is the owner?", "she"))
        try await fixture.cache.invalidate(InvalidationSelector(tag: "doc:1"))
        #expect(await fixture.cache.statistics().lookups.removals[.invalidation] == 1)
        try await fixture.cache.remove([id])
        #expect(await fixture.cache.statistics().lookups.removals[.invalidation] == 2)
        try await fixture.cache.remove([id])
        #expect(await fixture.cache.statistics().lookups.removals[.invalidation] == 2)
    }
}
