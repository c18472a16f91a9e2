import SemanticCaching
import SemanticCachingTesting
import Synchronization
import Testing

@Suite struct EngineInvalidationTests {
    private func filled(_ configure: (inout CacheConfiguration) -> Void = { _ in }) async throws -> CacheFixture {
        let fixture = try CacheFixture(configure)
        try await fixture.put("What does the blue lamp cost?", "10") { $0.controls.tags = ["product:1"] }
        try await fixture.put("Is there a red lamp?", "yes") { $0.controls.tags = ["product:2"] }
        try await fixture.put("When do you open?", "at 9")
        return fixture
    }

    private func isAnswered(_ question: String, _ fixture: CacheFixture) async -> Bool {
        await fixture.cache.lookup(fixture.request(question)).outcome == .hit
    }

    @Test func aTagTakesItsAnswersFromEveryTier() async throws {
        let fixture = try await filled()
        let selector = InvalidationSelector(tag: "product:1")
        #expect(try await fixture.cache.preview(selector).entries == 1)
        #expect(await isAnswered("What does the blue lamp cost?", fixture))
        #expect(try await fixture.cache.invalidate(selector) == 1)
        #expect(await !isAnswered("What does the blue lamp cost?", fixture))
        #expect(await !isAnswered("what does the blue lamp cost", fixture))
        #expect(await isAnswered("Is there a red lamp?", fixture))
        #expect(try await fixture.cache.invalidate(selector) == 0)
    }

    @Test func anEventTakesWhatItsRulesSay() async throws {
        let fixture = try await filled {
            $0.invalidation.events = (try? [EventRule(on: "product_updated", where: #"tag == "product:{id}""#)]) ?? []
        }
        #expect(try await fixture.cache.handle(CacheEvent("product_updated", ["id": "2"])) == 1)
        #expect(await !isAnswered("Is there a red lamp?", fixture))
        #expect(try await fixture.cache.handle(CacheEvent("something_else")) == 0)
        let error = await #expect(throws: CacheError.self) {
            try await fixture.cache.handle(CacheEvent("product_updated"))
        }
        #expect(error?.code == .invalidRequest)
    }

    @Test func aTimeRuleShortensTheLifeOfItsQuestions() async throws {
        let fixture = try await filled {
            $0.invalidation.times =
                (try? [TimeRule(question: QuestionPattern(glob: "*cost*"), timeToLive: .seconds(60))]) ?? []
        }
        fixture.clock.advance(by: .seconds(61))
        #expect(await !isAnswered("What does the blue lamp cost?", fixture))
        #expect(await isAnswered("When do you open?", fixture))
    }

    @Test func aRadiusSelectsByMeaning() async throws {
        let fixture = try await filled()
        let namespace = CacheFixture.scope.namespace
        let near = try await fixture.cache.entries(near: "when do you open", similarity: 0.9, in: namespace)
        #expect(near.count == 1)
        #expect(try await fixture.cache.remove(near) == 1)
        #expect(await !isAnswered("When do you open?", fixture))
        #expect(try await fixture.cache.entries(near: "zebra", similarity: 0.9, in: namespace).isEmpty)
    }

    /// A store that counts how often it is asked for answers by a filter.
    private final class CountingStore: ForwardingStore {
        let base = MemoryStore()
        let questions = Atomic(0)

        func entries(matching filter: EntryFilter, after: EntryID?, limit: Int) async throws -> [CacheEntry] {
            questions.add(1, ordering: .relaxed)
            return try await base.entries(matching: filter, after: after, limit: limit)
        }
    }

    /// Each question to the store looks at all that is left of the tag: many small ones make it a square.
    @Test func aTagOfManyAnswersIsReadInFewPages() async throws {
        let store = CountingStore()
        let fixture = try CacheFixture(store: store)
        for number in 0..<2_500 {
            try await fixture.put("What does article \(number) cost?", "\(number)") {
                $0.controls.tags = ["catalogue"]
                $0.controls.mode = .exact
            }
        }
        #expect(try await fixture.cache.invalidate(InvalidationSelector(tag: "catalogue")) == 2_500)
        #expect(store.questions.load(ordering: .relaxed) <= 6)
        #expect(try await store.usage().entries == 0)
    }
}
