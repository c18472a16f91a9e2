import SemanticCaching
import SemanticCachingTesting
import Testing

/// Wordings that share an answer share its life, and none gets a longer one by that.
@Suite struct WordingLifetimeTests {
    private let today = "What are the opening hours today?"
    private let always = "What are the opening hours?"

    /// A cache in which answers to questions of today live for an hour, and each new wording asks the model.
    private func fixture() throws -> CacheFixture {
        let rule = TimeRule(question: try QuestionPattern(glob: "*today*"), timeToLive: .seconds(3_600))
        return try CacheFixture {
            $0.namespaces.threshold = 0.9999
            $0.invalidation = InvalidationRules(times: [rule])
        }
    }

    private func ask(_ fixture: CacheFixture, _ question: String) async throws -> EntryID? {
        fixture.upstream.enqueue(CachedReply(text: "From nine to five."))
        let response = try await fixture.respond(question)
        #expect(response.verdict.outcome == .miss)
        return response.entry
    }

    @Test func anotherWordingDoesNotProlongALife() async throws {
        let fixture = try fixture()
        let first = try await ask(fixture, today)
        #expect(try await ask(fixture, always) == first)
        fixture.clock.advance(by: .seconds(3_599))
        #expect(await fixture.cache.lookup(fixture.request(today)).outcome == .hit)
        fixture.clock.advance(by: .seconds(1))
        #expect(await fixture.cache.lookup(fixture.request(today)).outcome == .miss)
        #expect(await fixture.cache.lookup(fixture.request(always)).outcome == .miss)
        #expect(try await fixture.cache.sweep() == 1)
    }

    @Test func aWordingOfAShorterLifeShortensTheAnswers() async throws {
        let fixture = try fixture()
        let first = try await ask(fixture, always)
        #expect(await fixture.cache.lookup(fixture.request(always)).tier == .exact)
        #expect(try await ask(fixture, today) == first)
        fixture.clock.advance(by: .seconds(3_600))
        #expect(await fixture.cache.lookup(fixture.request(today)).outcome == .miss)
        #expect(await fixture.cache.lookup(fixture.request(always)).outcome == .miss, "also in memory")
        #expect(try await fixture.cache.sweep() == 1)
    }

    @Test func theTimeThatACallerSetsBindsToo() async throws {
        let fixture = try CacheFixture { $0.namespaces.threshold = 0.9999 }
        try await fixture.put(always, "From nine to five.") { $0.controls.timeToLive = .seconds(10) }
        _ = try await ask(fixture, "What are your opening hours?")
        fixture.clock.advance(by: .seconds(10))
        #expect(await fixture.cache.lookup(fixture.request(always)).outcome == .miss)
    }

    @Test func anAnswerThatIsNoLongerFreshGetsNoNewWording() async throws {
        let fixture = try CacheFixture {
            $0.namespaces.threshold = 0.9999
            $0.namespaces.timeToLive = .seconds(60)
            $0.namespaces.staleIfError = .seconds(3_600)
        }
        let first = try await ask(fixture, always)
        fixture.clock.advance(by: .seconds(61))
        let second = try await ask(fixture, "What are your opening hours?")
        #expect(second != first)
        #expect(await fixture.cache.lookup(fixture.request(always)).outcome == .miss)
        #expect(await fixture.cache.lookup(fixture.request("What are your opening hours?")).entry == second)
    }
}
