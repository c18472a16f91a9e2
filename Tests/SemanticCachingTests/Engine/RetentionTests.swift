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
