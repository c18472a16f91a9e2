import Embeddings
import SemanticCaching
import SemanticCachingTesting
import Testing

@Suite struct RespondTests {
    private struct Down: Error {}

    @Test func asksTheModelOnceAndAnswersFromThenOn() async throws {
        let fixture = try CacheFixture()
        let first = try await fixture.respond("How do I reset my password?")
        #expect(first.verdict.outcome == .miss)
        #expect(first.entry != nil)
        let second = try await fixture.respond("How do I reset my password?")
        #expect(second.verdict.tier == .exact)
        let third = try await fixture.respond("how do i reset my password")
        #expect(third.verdict.tier == .semantic)
        #expect(Set([first, second, third].map(\.reply.text)).count == 1)
        #expect(fixture.upstream.callCount == 1)
    }

    @Test func tenThousandIdenticalRequestsCallTheModelOnce() async throws {
        let fixture = try CacheFixture()
        fixture.upstream.gate.close()
        let replies = try await withThrowingTaskGroup(of: CacheResponse.self) { group in
            for _ in 0..<10_000 { group.addTask { try await fixture.respond("How do I reset my password?") } }
            try await fixture.upstream.waitForCalls(count: 1)
            fixture.upstream.gate.open()
            return try await group.reduce(into: []) { $0.append($1) }
        }
        #expect(fixture.upstream.callCount == 1)
        #expect(Set(replies.map(\.reply.text)) == ["answer to How do I reset my password?"])
        #expect(fixture.embedder.callCount == 1)
        let statistics = await fixture.cache.statistics().lookups
        #expect(statistics.misses == 1)
        #expect(statistics.hits == 9_999)
    }

    @Test func requestsThatWantVarietyAreNotCoalesced() async throws {
        let fixture = try CacheFixture()
        for _ in 0..<3 {
            let response = try await fixture.respond("Tell me a joke") { $0.parameters.temperature = 1 }
            #expect(response.verdict.outcome == .bypass)
            #expect(response.entry == nil)
        }
        #expect(fixture.upstream.callCount == 3)
    }

    @Test func noCacheAsksAgainAndStores() async throws {
        let fixture = try CacheFixture()
        fixture.upstream.enqueue(CachedReply(text: "old"))
        fixture.upstream.enqueue(CachedReply(text: "new"))
        _ = try await fixture.respond("What is the price?")
        let again = try await fixture.respond("What is the price?") { $0.controls.noCache = true }
        #expect(again.reply.text == "new")
        #expect(await fixture.cache.lookup(fixture.request("What is the price?")).reply?.text == "new")
    }

    @Test func onlyIfCachedNeverAsksTheModel() async throws {
        let fixture = try CacheFixture()
        let error = await #expect(throws: CacheError.self) {
            try await fixture.respond("What is the price?") { $0.controls.onlyIfCached = true }
        }
        #expect(error?.code == .notCached)
        #expect(fixture.upstream.callCount == 0)
    }

    @Test func theModelsErrorReachesTheCallerAndIsNotCached() async throws {
        let fixture = try CacheFixture()
        fixture.upstream.enqueue(failure: Down())
        await #expect(throws: Down.self) { try await fixture.respond("What is the price?") }
        #expect(try await fixture.respond("What is the price?").reply.text == "answer to What is the price?")
    }

    @Test func onlyADeclaredFailureIsRemembered() async throws {
        let fixture = try CacheFixture()
        fixture.upstream.enqueue(failure: DeterministicFailure("too long", timeToLive: .seconds(10)))
        for _ in 0..<3 {
            await #expect(throws: DeterministicFailure("too long", timeToLive: .seconds(10))) {
                try await fixture.respond("A very long prompt")
            }
        }
        #expect(fixture.upstream.callCount == 1)
        #expect(try await fixture.respond("Another prompt").verdict.outcome == .miss)
        let insisting = try await fixture.respond("A very long prompt") { $0.controls.noCache = true }
        #expect(insisting.reply.text == "answer to A very long prompt")
        #expect(try await fixture.respond("A very long prompt").verdict.outcome == .hit)
        fixture.upstream.enqueue(failure: DeterministicFailure("too long", timeToLive: .seconds(10)))
        await #expect(throws: DeterministicFailure.self) { try await fixture.respond("A third prompt") }
        fixture.clock.advance(by: .seconds(10))
        #expect(try await fixture.respond("A third prompt").reply.text == "answer to A third prompt")
    }

    @Test func aCancelledCallerHandsItsRequestOver() async throws {
        let fixture = try CacheFixture()
        fixture.upstream.gate.close()
        let leader = Task { try await fixture.respond("What is the price?") }
        try await fixture.upstream.waitForCalls(count: 1)
        let follower = Task { try await fixture.respond("What is the price?") }
        while fixture.cache.flights.waitingCount < 1 { try await Task.sleep(for: .milliseconds(1)) }
        leader.cancel()
        try await fixture.upstream.waitForCalls(count: 2)
        fixture.upstream.gate.open()
        #expect(try await follower.value.reply.text == "answer to What is the price?")
        await #expect(throws: CancellationError.self) { try await leader.value }
    }

    @Test func aBrokenStoreNeverBreaksTheBot() async throws {
        let fixture = try CacheFixture(store: BrokenStore())
        for _ in 0..<2 {
            let response = try await fixture.respond("What is the price?")
            #expect(response.reply.text == "answer to What is the price?")
            #expect(response.entry == nil)
            #expect(response.verdict.reason == .storeUnavailable)
        }
        #expect(await fixture.cache.statistics().lookups.failures > 0)
        await #expect(throws: CacheError.self) { try await fixture.put("What is the price?", "10") }
        #expect(await fixture.cache.lookup(fixture.request("What is the price?")).outcome == .miss)
    }

    @Test func statisticsAddUpWhatHitsSave() async throws {
        let fixture = try CacheFixture()
        let usage = TokenUsage(promptTokens: 30, completionTokens: 12)
        try await fixture.cache.store(
            CachedReply(text: "10", usage: usage),
            for: fixture.request("What is the price?"),
            upstreamLatency: .milliseconds(1_500),
            cost: 0.002
        )
        for _ in 0..<3 { _ = try await fixture.respond("What is the price?") }
        let saved = await fixture.cache.statistics().lookups
        #expect(saved.exactHits == 3)
        #expect(saved.savedTokens == 126)
        #expect(abs(saved.savedCost - 0.006) < 1e-9)
        #expect(abs(saved.savedSeconds - 4.5) < 1e-9)
        #expect(saved.hitRate == 1)
    }
}
