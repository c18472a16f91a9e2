import Embeddings
import Logging
import SemanticCachingTesting
import Testing

@testable import SemanticCaching

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

    private static let questions = (0..<100).map { "How do I reset the password of account number \($0)?" }

    @Test func manyAreEmbeddedByFewCalls() async throws {
        let fixture = try CacheFixture()
        fixture.embedder.behavior = .failing(.unavailable("down"))
        for question in Self.questions { try await fixture.put(question, "Answer to \(question)") }
        let calls = fixture.embedder.callCount
        let texts = fixture.embedder.embeddedTexts.count
        fixture.embedder.behavior = .working
        try await fixture.cache.sweep()
        #expect(await fixture.cache.statistics().indexedQuestions == 100)
        #expect(fixture.embedder.callCount == calls + 4, "32 texts a call")
        #expect(Array(fixture.embedder.embeddedTexts[texts...]) == Self.questions)
    }

    /// Refuses whole calls for one text, as servers do, and counts what it is asked.
    private struct PickyEmbedder: Embedder {
        let base = HashingEmbedder(dimension: 64)
        let refused: String
        var model: EmbeddingModel { base.model }

        func embed(_ texts: [String]) async throws -> [Embedding] {
            let embeddings = try await base.embed(texts)
            if texts.contains(refused) { throw EmbedderError.invalidInput("not this one") }
            return embeddings
        }
    }

    @Test func aTextThatTheServerRefusesTakesNoOtherWithIt() async throws {
        let embedder = PickyEmbedder(refused: Self.questions[40])
        embedder.base.behavior = .failing(.unavailable("down"))
        let cache = try SemanticCache(
            embedder: embedder,
            clock: ManualClock(),
            logger: Logger(label: "test") { _ in SwiftLogNoOpLogHandler() }
        )
        for question in Self.questions {
            try await cache.store(
                CachedReply(text: "To \(question)"),
                for: CacheRequest(question, scope: CacheFixture.scope)
            )
        }
        embedder.base.behavior = .working
        let calls = embedder.base.callCount
        try await cache.sweep()
        #expect(await cache.statistics().indexedQuestions == 99)
        #expect(embedder.base.callCount == calls + 4 + 32, "the batch of the refused one is asked text by text")
        try await cache.sweep()
        #expect(embedder.base.callCount == calls + 4 + 32, "it is not tried for ever")
    }

    @Test func whatAnOutageInterruptedIsTakenUpAgain() async throws {
        let fixture = try CacheFixture()
        fixture.embedder.behavior = .failing(.unavailable("down"))
        for question in Self.questions { try await fixture.put(question, "Answer to \(question)") }
        try await fixture.cache.sweep()
        #expect(fixture.cache.missingVectors.count == 100)
        fixture.embedder.behavior = .working
        try await fixture.cache.sweep()
        #expect(fixture.cache.missingVectors.count == 0)
        #expect(await fixture.cache.statistics().indexedQuestions == 100)
    }
}
