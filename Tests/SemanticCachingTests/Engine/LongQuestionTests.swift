import Embeddings
import SemanticCaching
import SemanticCachingTesting
import Testing

/// Questions of which the model or the guards read the beginning only are not compared: what differs may lie behind it.
@Suite struct LongQuestionTests {
    private func document(words: Int) -> String { (0..<words).map { "clause\($0)" }.joined(separator: " ") }

    @Test func whatTheGuardsDoNotReadToItsEndIsNotCompared() async throws {
        let fixture = try CacheFixture()
        let document = document(words: 600)
        try await fixture.put("\(document). Who signed it?", "Ann did.")
        let verdict = await fixture.cache.lookup(fixture.request("\(document). When does it end?"))
        #expect(verdict.outcome == .miss)
        #expect(verdict.reason == .tooLong)
        #expect(fixture.embedder.callCount == 0, "nothing is embedded that is not compared")
        #expect(await fixture.cache.lookup(fixture.request("\(document). Who signed it?")).outcome == .hit)
        #expect(await fixture.cache.statistics().indexedQuestions == 0)
    }

    @Test func whatTheModelCutsOffIsNotCompared() async throws {
        let embedder = HashingEmbedder(dimension: 256, maximumTokens: 64)
        let fixture = try CacheFixture(embedder: embedder)
        let document = document(words: 64)
        try await fixture.put("\(document). Who signed it?", "Ann did.")
        let verdict = await fixture.cache.lookup(fixture.request("\(document). When does it end?"))
        #expect(verdict.outcome == .miss)
        #expect(verdict.reason == .tooLong)
        #expect(await fixture.cache.statistics().indexedQuestions == 0)
        try await fixture.put("Where is my parcel now?", "Here.")
        #expect(await fixture.cache.lookup(fixture.request("where is my parcel, now")).reply?.text == "Here.")
    }

    @Test func anEmbedderThatDoesNotCountIsBelievedWithLess() throws {
        let settings = NamespaceSettings()
        let silent = try Embedding(normalizing: [1, 0], expectedDimension: 2)
        let counted = try Embedding(normalizing: [1, 0], tokenCount: 500, expectedDimension: 2)
        let (unbounded, bounded) = (
            EmbeddingModel(id: "m", dimension: 2), EmbeddingModel(id: "m", dimension: 2, maximumTokens: 512)
        )
        func isTrusted(_ embedding: Embedding, _ bytes: Int, _ model: EmbeddingModel) -> Bool {
            settings.reasonToDistrust(embedding, of: String(repeating: "a", count: bytes), by: model) == nil
        }
        #expect(isTrusted(silent, 2_048, unbounded) && !isTrusted(silent, 2_049, unbounded))
        #expect(isTrusted(counted, 4_096, bounded) && !isTrusted(counted, 4_097, bounded))
        let full = try Embedding(normalizing: [1, 0], tokenCount: 512, expectedDimension: 2)
        #expect(!isTrusted(full, 2_000, bounded), "a full window may have overflowed")
    }

    @Test func oneTextThatCannotBeEmbeddedDoesNotHoldUpTheOthers() async throws {
        let fixture = try CacheFixture({ $0.embedding.maximumTextBytes = 64 })
        fixture.embedder.behavior = .failing(.unavailable("down"))
        try await fixture.put(String(repeating: "What about this? ", count: 8), "That.")
        try await fixture.put("Where is my parcel now?", "Here.")
        fixture.embedder.behavior = .working
        try await fixture.cache.sweep()
        #expect(await fixture.cache.statistics().indexedQuestions == 1)
        #expect(await fixture.cache.lookup(fixture.request("where is my parcel, now")).reply?.text == "Here.")
    }

    @Test func answersWithTheSameOpeningAreNotJudgedTheSame() async throws {
        let opening = String(repeating: "These are the terms that hold for all. ", count: 120)
        let judge = SimilarityJudge { _, _ in 1 }
        let question = AnalyzedText("What are the terms?")
        #expect(
            await judge.isSameAnswer(fresh: opening + "Sign.", stored: opening + "Leave.", question: question) == nil
        )
        #expect(await judge.isSameAnswer(fresh: opening, stored: opening, question: question) == true)
        let strict = SimilarityJudge { _, _ in 0.1 }
        let other = await strict.isSameAnswer(fresh: opening + "Sign.", stored: opening + "Leave.", question: question)
        #expect(other == false, "openings that differ tell two answers apart")
    }
}
