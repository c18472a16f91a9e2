import SemanticCachingTesting
import Synchronization
import Testing

@testable import SemanticCaching

/// What becomes of an answer that is stored over another, and of one that cannot be kept.
@Suite struct StoringAgainTests {
    private let question = "What is the price?"

    @Test func aNewAnswerIsServedFromMemoryAtOnce() async throws {
        let fixture = try CacheFixture()
        try await fixture.put(question, "10")
        try await fixture.put(question, "12")
        let verdict = await fixture.cache.lookup(fixture.request(question))
        #expect(verdict.tier == .exact)
        #expect(verdict.reply?.text == "12")
    }

    @Test func whatWasRemovedMeanwhileIsNotLeftInMemory() async throws {
        let fixture = try CacheFixture()
        try await fixture.put(question, "10")
        let before = fixture.cache.removals.load(ordering: .acquiring)
        try await fixture.put("Another question?", "a")
        #expect(fixture.cache.removals.load(ordering: .acquiring) == before, "a first answer removes nothing")
        let id = try #require(try await fixture.put(question, "12"))
        #expect(fixture.cache.removals.load(ordering: .acquiring) == before + 1)
        try await fixture.cache.remove([id])
        #expect(fixture.cache.lookupInMemory(fixture.request(question)) == nil)
    }

    @Test func anAnswerThatIsWorthLessThanAllOthersIsNotReported() async throws {
        let fixture = try CacheFixture {
            $0.namespaces.maximumEntries = 3
            $0.namespaces.eviction = .byValue
            $0.namespaces.matchesMeaning = false
        }
        func put(_ question: String, latency: Duration) async throws -> EntryID? {
            let request = fixture.request(question)
            return try await fixture.cache.store(CachedReply(text: "a"), for: request, upstreamLatency: latency)
        }
        for number in 0..<3 { #expect(try await put("Dear question \(number)?", latency: .seconds(100)) != nil) }
        #expect(try await put("Cheap question?", latency: .milliseconds(1)) == nil)
        #expect(await fixture.cache.lookup(fixture.request("Cheap question?")).outcome == .miss)
        #expect(try await fixture.store.usage().entries == 3)
    }

    @Test func anAnswerLargerThanItsNamespaceDrivesNobodyOut() async throws {
        let fixture = try CacheFixture { $0.namespaces.maximumBytes = 20_000 }
        for number in 0..<3 { try await fixture.put("Small question \(number)?", "a") }
        #expect(try await fixture.put("What is long?", String(repeating: "x", count: 30_000)) == nil)
        #expect(try await fixture.store.usage().entries == 3)
        #expect(await fixture.cache.statistics().lookups.removals[.overflow] == 0)
    }
}
