import SemanticCaching
import SemanticCachingTesting
import Testing

@Suite struct RetentionTests {
    @Test(arguments: EvictionPolicy.allCases) func limitsHoldAndWhatWentNeverAnswers(policy: EvictionPolicy)
        async throws
    {
        let removed = Watched<[EntryID]>([])
        let fixture = try CacheFixture(
            {
                $0.namespaces.maximumEntries = 50
                $0.namespaces.eviction = policy
                $0.namespaces.matchesMeaning = false
            },
            onRemoval: { ids, _ in removed.update { $0 += ids } }
        )
        for number in 0..<200 {
            try await fixture.put("Question number \(number)?", "answer \(number)")
            #expect(try await fixture.store.usage().entries <= 50)
        }
        var hits = 0
        for number in 0..<200 {
            let verdict = await fixture.cache.lookup(fixture.request("Question number \(number)?"))
            if let entry = verdict.entry {
                hits += 1
                #expect(!removed.value.contains(entry))
                #expect(verdict.reply?.text == "answer \(number)")
            }
        }
        let stored = try await fixture.store.usage().entries
        #expect(hits == stored)
        #expect(removed.value.count == 200 - stored)
        #expect(await fixture.cache.statistics().lookups.removals[.overflow] == 200 - stored)
    }

    @Test func bytesAreLimitedToo() async throws {
        let fixture = try CacheFixture { $0.namespaces.maximumBytes = 100_000 }
        for number in 0..<100 {
            try await fixture.put("Question number \(number)?", String(repeating: "x", count: 5_000))
        }
        let usage = try await fixture.store.usage()
        #expect(usage.entries < 20)
        #expect(usage.entries > 5)
        #expect(await fixture.cache.statistics().indexedQuestions == usage.entries)
    }

    @Test func theWholeIsLimitedAcrossNamespaces() async throws {
        let fixture = try CacheFixture { $0.maximumBytes = 60_000 }
        for number in 0..<30 {
            try await fixture.put("Question number \(number)?", String(repeating: "x", count: 5_000)) {
                $0.scope.namespace = NamespaceID(name: "n\(number % 3)")
            }
        }
        try await fixture.cache.sweep()
        #expect(try await fixture.store.usage().entries <= 12)
        #expect(try await fixture.store.usage().entries >= 8)
    }

    @Test func whatIsNotAskedForGoes() async throws {
        let fixture = try CacheFixture {
            $0.namespaces.idleTimeout = .seconds(60)
            $0.namespaces.timeToLive = .seconds(150)
        }
        try await fixture.put("Is it popular?", "yes")
        try await fixture.put("Where is the exit?", "there")
        for _ in 0..<2 {
            fixture.clock.advance(by: .seconds(50))
            #expect(await fixture.cache.lookup(fixture.request("Is it popular?")).outcome == .hit)
        }
        #expect(await fixture.cache.lookup(fixture.request("Where is the exit?")).outcome == .miss)
        #expect(try await fixture.cache.sweep() == 1)
        // The time to live caps the sliding one.
        fixture.clock.advance(by: .seconds(51))
        #expect(await fixture.cache.lookup(fixture.request("Is it popular?")).outcome == .miss)
    }

    /// The hook hears of each answer that leaves, once, with its reason.
    @Test func everyCauseIsTold() async throws {
        let told = Watched<[EntryID: [DeletionCause]]>([:])
        let fixture = try CacheFixture(
            {
                $0.namespaces.maximumEntries = 4
                $0.namespaces.eviction = .oldestFirst
                $0.namespaces.matchesMeaning = false
            },
            onRemoval: { ids, cause in told.update { told in for id in ids { told[id, default: []].append(cause) } } }
        )
        func put(_ question: String, _ edit: (inout CacheRequest) -> Void = { _ in }) async throws -> EntryID {
            try #require(try await fixture.put(question, question, edit))
        }
        let replaced = try await put("What is it?")
        let invalidated = try await put("What is it?")
        try await fixture.cache.remove([invalidated])
        let tagged = try await put("Tagged?") { $0.controls.tags = ["doc:1"] }
        try await fixture.cache.invalidate(InvalidationSelector(tag: "doc:1"))
        let expired = try await put("Short-lived?") { $0.controls.timeToLive = .seconds(5) }
        fixture.clock.advance(by: .seconds(6))
        try await fixture.cache.sweep()
        var filling: [EntryID] = []
        for number in 0..<5 { filling.append(try await put("Filling \(number)?")) }
        try await fixture.cache.invalidateNamespace(CacheFixture.scope.namespace)
        try await fixture.cache.sweep()
        #expect(told.value[replaced] == [.replacement])
        #expect(told.value[invalidated] == [.invalidation])
        #expect(told.value[tagged] == [.invalidation])
        #expect(told.value[expired] == [.expiration])
        #expect(told.value[filling[0]] == [.overflow])
        #expect(filling.dropFirst().allSatisfy { told.value[$0] == [.invalidation] })
        #expect(told.value.count == 9)
    }

    @Test func whatIsTooMuchAfterAnImportGoesWithTheNextSweep() async throws {
        let store = MemoryStore()
        let filler = try CacheFixture(store: store)
        for number in 0..<60 { try await filler.put("Question number \(number)?", "answer \(number)") }
        let fixture = try CacheFixture(store: store) { $0.namespaces.maximumEntries = 20 }
        try await fixture.cache.open()
        #expect(try await fixture.cache.sweep() == 40)
        #expect(try await store.usage().entries == 20)
        #expect(await fixture.cache.statistics().indexedQuestions == 20)
    }

    @Test func usesSurviveARestart() async throws {
        let store = MemoryStore()
        let first = try CacheFixture(store: store)
        for number in 0..<20 { try await first.put("Question number \(number)?", "answer \(number)") }
        for _ in 0..<9 { #expect(await first.cache.lookup(first.request("Question number 3?")).outcome == .hit) }
        try await first.cache.sweep()
        let second = try CacheFixture(store: store) {
            $0.namespaces.maximumEntries = 10
            $0.namespaces.eviction = .byValue
        }
        try await second.cache.open()
        try await second.cache.sweep()
        #expect(await second.cache.lookup(second.request("Question number 3?")).outcome == .hit)
    }

    /// What was idle too long before a restart is so after it, before and after its turn to be read.
    @Test func idleTimeGoesOnOverARestart() async throws {
        let store = MemoryStore()
        let settings: (inout CacheConfiguration) -> Void = { $0.namespaces.idleTimeout = .seconds(60) }
        let first = try CacheFixture(store: store, settings)
        try await first.put("Is it popular?", "yes")
        try await first.put("Is it lonely?", "yes")
        first.clock.advance(by: .seconds(50))
        #expect(await first.cache.lookup(first.request("Is it popular?")).outcome == .hit)
        try await first.cache.sweep()
        let second = try CacheFixture(store: store, settings)
        second.clock.advance(by: .seconds(70))
        #expect(await second.cache.lookup(second.request("Is it lonely?")).outcome == .miss)
        try await second.cache.open()
        #expect(await second.cache.lookup(second.request("Is it popular?")).outcome == .hit)
        #expect(await second.cache.lookup(second.request("Is it lonely?")).outcome == .miss)
        #expect(try await second.cache.sweep() == 1)
    }

    @Test func removedAnswersLeaveTheAccounts() async throws {
        let fixture = try CacheFixture { $0.namespaces.maximumEntries = 10 }
        for round in 0..<5 {
            for number in 0..<10 {
                let id = try #require(try await fixture.put("Question \(round) number \(number)?", "a"))
                try await fixture.cache.remove([id])
            }
        }
        #expect(await fixture.cache.statistics().lookups.removals[.overflow] == 0)
        #expect(try await fixture.store.usage().entries == 0)
    }
}
