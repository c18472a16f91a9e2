import Embeddings
import SemanticCaching
import SemanticCachingTesting
import Testing

/// Questions that were stored while the embedder could not be used are found in meaning later, without a restart.
@Suite struct MissingVectorTests {
    @Test func aSweepEmbedsWhatWasStoredWithoutAVector() async throws {
        let fixture = try CacheFixture()
        fixture.embedder.behavior = .failing(.unavailable("down"))
        try await fixture.put("How do I reset my password?", "Click.")
        _ = try await fixture.respond("Where is my parcel now?")
        #expect(await fixture.cache.statistics().indexedQuestions == 0)
        try await fixture.cache.sweep()
        #expect(await fixture.cache.statistics().indexedQuestions == 0, "the embedder is still down")
        fixture.embedder.behavior = .working
        try await fixture.cache.sweep()
        #expect(await fixture.cache.statistics().indexedQuestions == 2)
        #expect(await fixture.cache.lookup(fixture.request("how do i reset my password")).reply?.text == "Click.")
        let calls = fixture.embedder.callCount
        try await fixture.cache.sweep()
        #expect(fixture.embedder.callCount == calls, "nothing is left to embed")
    }

    /// A text that no embedder takes (here: too long) stays without a vector, and does not keep others from theirs.
    @Test func aQuestionThatCannotBeEmbeddedDoesNotHoldUpOthers() async throws {
        let fixture = try CacheFixture { $0.embedding.maximumTextBytes = 100 }
        fixture.embedder.behavior = .failing(.unavailable("down"))
        try await fixture.put("What does this mean: " + String(repeating: "long ", count: 40), "Much.")
        try await fixture.put("How do I reset my password?", "Click.")
        fixture.embedder.behavior = .working
        try await fixture.cache.sweep()
        #expect(await fixture.cache.statistics().indexedQuestions == 1)
        #expect(await fixture.cache.lookup(fixture.request("how do i reset my password")).reply?.text == "Click.")
    }

    @Test func whatIsRemovedMeanwhileStaysRemoved() async throws {
        let fixture = try CacheFixture()
        fixture.embedder.behavior = .failing(.unavailable("down"))
        let id = try #require(try await fixture.put("How do I reset my password?", "Click."))
        try await fixture.cache.remove([id])
        fixture.embedder.behavior = .working
        try await fixture.cache.sweep()
        #expect(await fixture.cache.statistics().indexedQuestions == 0)
    }

    @Test func thoseLeftAreEmbeddedAfterTheNextOpening() async throws {
        let store = MemoryStore()
        let fixture = try CacheFixture(store: store)
        fixture.embedder.behavior = .failing(.unavailable("down"))
        try await fixture.put("How do I reset my password?", "Click.")
        let reopened = try CacheFixture(store: store)
        try await reopened.cache.open()
        while await reopened.cache.statistics().indexedQuestions < 1 { try await Task.sleep(for: .milliseconds(1)) }
        #expect(await reopened.cache.lookup(reopened.request("how do i reset my password")).reply?.text == "Click.")
    }
}
