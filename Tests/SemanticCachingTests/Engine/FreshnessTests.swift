import SemanticCaching
import SemanticCachingTesting
import Testing

@Suite struct FreshnessTests {
    private let question = "What is the price?"

    @Test func anExpiredAnswerIsNeverServed() async throws {
        let fixture = try CacheFixture { $0.namespaces.timeToLive = .seconds(60) }
        try await fixture.put(question, "10")
        fixture.clock.advance(by: .milliseconds(59_999))
        #expect(await fixture.cache.lookup(fixture.request(question)).outcome == .hit)
        fixture.clock.advance(by: .milliseconds(1))
        #expect(await fixture.cache.lookup(fixture.request(question)).outcome == .miss)
        #expect(await fixture.cache.lookup(fixture.request("what is the price")).outcome == .miss)
        #expect(try await fixture.cache.sweep() == 1)
        #expect(try await fixture.store.usage().entries == 0)
        #expect(await fixture.cache.statistics().indexedQuestions == 0)
    }

    @Test func aRequestMaySetItsOwnTimeToLive() async throws {
        let fixture = try CacheFixture { $0.namespaces.timeToLive = .seconds(60) }
        try await fixture.put(question, "10") { $0.controls.timeToLive = .seconds(10) }
        fixture.clock.advance(by: .seconds(11))
        #expect(await fixture.cache.lookup(fixture.request(question)).outcome == .miss)
    }

    @Test func expiredNeighboursDoNotHideALiveOne() async throws {
        let fixture = try CacheFixture { $0.namespaces.candidateCount = 2 }
        for number in 0..<20 {
            try await fixture.put("What is the price of it? \(number)", "old \(number)") {
                $0.controls.timeToLive = .seconds(1)
            }
        }
        try await fixture.put("Please: what is the price of it now?", "live")
        fixture.clock.advance(by: .seconds(2))
        let verdict = await fixture.cache.lookup(fixture.request("What is the price of it now?"))
        #expect(verdict.reply?.text == "live")
    }

    @Test func aStaleAnswerIsServedWhileOneRefreshRuns() async throws {
        let fixture = try CacheFixture {
            $0.namespaces.timeToLive = .seconds(60)
            $0.namespaces.staleWhileRevalidate = .seconds(30)
        }
        try await fixture.put(question, "10")
        fixture.clock.advance(by: .seconds(70))
        fixture.upstream.gate.close()
        for _ in 0..<5 {
            let response = try await fixture.respond(question)
            #expect(response.reply.text == "10")
            #expect(response.verdict.outcome == .stale)
        }
        try await fixture.upstream.waitForCalls(count: 1)
        fixture.upstream.gate.open()
        while await fixture.cache.lookup(fixture.request(question)).outcome != .hit {
            try await Task.sleep(for: .milliseconds(1))
        }
        #expect(fixture.upstream.callCount == 1)
        fixture.clock.advance(by: .seconds(91))
        #expect(await fixture.cache.lookup(fixture.request(question)).outcome == .miss)
    }

    @Test func manyStaleHitsLeaveNoTasksThatWait() async throws {
        let fixture = try CacheFixture {
            $0.namespaces.timeToLive = .seconds(60)
            $0.namespaces.staleWhileRevalidate = .seconds(30)
        }
        try await fixture.put(question, "10")
        fixture.clock.advance(by: .seconds(70))
        fixture.upstream.gate.close()
        _ = try await fixture.respond(question)
        try await fixture.upstream.waitForCalls(count: 1)
        for _ in 0..<100 { #expect(try await fixture.respond(question).verdict.outcome == .stale) }
        // If there were any, they would wait after so many steps.
        for _ in 0..<1_000 { await Task.yield() }
        #expect(fixture.cache.flights.waitingCount == 0)
        fixture.upstream.gate.open()
        while await fixture.cache.lookup(fixture.request(question)).outcome != .hit { await Task.yield() }
        #expect(fixture.upstream.callCount == 1)
    }

    @Test func aStaleAnswerStandsInForAFailingModel() async throws {
        struct Down: Error {}
        let fixture = try CacheFixture {
            $0.namespaces.timeToLive = .seconds(60)
            $0.namespaces.staleIfError = .seconds(3_600)
        }
        try await fixture.put(question, "10")
        fixture.clock.advance(by: .seconds(600))
        #expect(await fixture.cache.lookup(fixture.request(question)).outcome == .miss)
        fixture.upstream.enqueue(failure: Down())
        let response = try await fixture.respond(question)
        #expect(response.reply.text == "10")
        #expect(response.verdict.outcome == .stale)
        fixture.clock.advance(by: .seconds(3_600))
        fixture.upstream.enqueue(failure: Down())
        await #expect(throws: Down.self) { try await fixture.respond(question) }
    }

    @Test func whatStandsInForAFailingModelSaysWhereItWasFound() async throws {
        struct Down: Error {}
        let fixture = try CacheFixture {
            $0.namespaces.timeToLive = .seconds(60)
            $0.namespaces.staleIfError = .seconds(3_600)
        }
        try await fixture.put(question, "10")
        fixture.clock.advance(by: .seconds(600))
        let reopened = try CacheFixture(store: fixture.store) { $0.namespaces.staleIfError = .seconds(3_600) }
        reopened.clock.advance(by: .seconds(600))
        for (fixture, tier) in [(fixture, Verdict.Tier.exact), (reopened, .store)] {
            fixture.upstream.enqueue(failure: Down())
            let verdict = try await fixture.respond(question).verdict
            #expect(verdict.tier == tier)
            #expect(verdict.similarity == 1)
        }
        fixture.upstream.enqueue(failure: Down())
        let verdict = try await fixture.respond("What is the full price?").verdict
        #expect(verdict.outcome == .stale)
        #expect(verdict.reply?.text == "10")
        #expect(verdict.tier == .semantic)
        let similarity = try #require(verdict.similarity)
        #expect(similarity >= 0.8 && similarity < 1)
        #expect(verdict.nearest.map(\.question) == [question])
    }

    @Test(arguments: ["tag", "epoch", "time"])
    func whatIsInvalidatedWhileTheModelFailsIsNotServed(how: String) async throws {
        struct Down: Error {}
        let fixture = try CacheFixture {
            $0.namespaces.timeToLive = .seconds(60)
            $0.namespaces.staleIfError = .seconds(3_600)
        }
        try await fixture.put(question, "10") { $0.controls.tags = ["price"] }
        fixture.clock.advance(by: .seconds(70))
        await #expect(throws: Down.self) {
            try await fixture.cache.respond(to: fixture.request(question)) { _ in
                switch how {
                case "tag": try await fixture.cache.invalidate(InvalidationSelector(tag: "price"))
                case "epoch": try await fixture.cache.invalidateNamespace(CacheFixture.scope.namespace)
                default: fixture.clock.advance(by: .seconds(4_000))
                }
                throw Down()
            }
        }
    }

    @Test func aStaleAnswerStandsInForARememberedFailureToo() async throws {
        let fixture = try CacheFixture {
            $0.namespaces.timeToLive = .seconds(60)
            $0.namespaces.staleIfError = .seconds(3_600)
        }
        try await fixture.put(question, "10")
        fixture.clock.advance(by: .seconds(600))
        fixture.upstream.enqueue(failure: DeterministicFailure("too long", timeToLive: .seconds(30)))
        for _ in 0..<3 {
            let response = try await fixture.respond(question)
            #expect(response.reply.text == "10" && response.verdict.outcome == .stale)
        }
        #expect(fixture.upstream.callCount == 1)
    }

    /// Neither who wants a cached answer only, nor who would throw the new one away, has the model asked; nor is it asked
    /// again for a failure that it is known to repeat.
    @Test func noRefreshRunsThatNobodyWantsOrThatCannotSucceed() async throws {
        let fixture = try CacheFixture {
            $0.namespaces.timeToLive = .seconds(60)
            $0.namespaces.staleWhileRevalidate = .seconds(600)
        }
        try await fixture.put(question, "10")
        fixture.clock.advance(by: .seconds(70))
        #expect(try await fixture.respond(question) { $0.controls.onlyIfCached = true }.verdict.outcome == .stale)
        #expect(try await fixture.respond(question) { $0.controls.noStore = true }.verdict.outcome == .stale)
        // Tasks that were begun would have come to the model before the one that is waited for here.
        fixture.upstream.enqueue(failure: DeterministicFailure("too long", timeToLive: .seconds(30)))
        #expect(try await fixture.respond(question).verdict.outcome == .stale)
        try await fixture.upstream.waitForCalls(count: 1)
        while await fixture.cache.statistics().lookups.failures < 1 { try await Task.sleep(for: .milliseconds(1)) }
        for _ in 0..<3 { #expect(try await fixture.respond(question).verdict.outcome == .stale) }
        #expect(fixture.upstream.callCount == 1)
        fixture.clock.advance(by: .seconds(31))
        #expect(try await fixture.respond(question).verdict.outcome == .stale)
        try await fixture.upstream.waitForCalls(count: 2)
    }
}
