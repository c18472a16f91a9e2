import Embeddings
import SemanticCachingTesting
import Testing

@testable import SemanticCaching

/// Stored questions are analysed when they are stored.
@Suite struct AnalysisMemoTests {
    private static let now = Timestamp(milliseconds: 0)

    private static func question(_ id: UInt64, _ text: String, isComparable: Bool = true) -> CachedQuestion {
        CachedQuestion(
            id: id,
            entry: EntryID(high: 0, low: id),
            text: text,
            key: Digest256(hashing: Array(text.utf8)),
            check: Digest256(hashing: []),
            partition: isComparable ? Digest256(hashing: [1]) : nil,
            embeddingModel: "m",
            vector: [1],
            createdAt: now
        )
    }

    @Test func theAnalysisOfTheAskedQuestionIsKept() {
        let memo = AnalysisMemo()
        let asked = AnalyzedText("Cancel order 123")
        memo.keep(Self.question(1, "Cancel order 123"), analyzed: asked)
        #expect(memo.text(of: Self.question(1, "Cancel order 123"), now: Self.now).features === asked.features)
    }

    @Test func theAnalysisOfAnotherTextIsNot() {
        let memo = AnalysisMemo()
        let other = AnalyzedText("Cancel order 124")
        memo.keep(Self.question(1, "Cancel order 123"), analyzed: other)
        #expect(memo.text(of: Self.question(1, "Cancel order 123"), now: Self.now).text == "Cancel order 123")
    }

    @Test func whatIsNeverComparedOrGoneIsNotKept() {
        let memo = AnalysisMemo()
        let asked = AnalyzedText("Cancel order 123")
        memo.keep(Self.question(1, asked.text, isComparable: false), analyzed: asked)
        #expect(memo.text(of: Self.question(1, asked.text), now: Self.now).features !== asked.features)
        memo.keep(Self.question(2, asked.text), analyzed: asked)
        memo.remove(2)
        #expect(memo.text(of: Self.question(2, asked.text), now: Self.now).features !== asked.features)
    }

    @Test func anAnswerOfOneWordingIsAsNearAsItsWording() {
        let records = AnswerRecords()
        let entry = EntryID(high: 0, low: 1)
        records.add([1, 0], to: entry)
        #expect(records.evidence(of: entry, for: [0.6, 0.8], similarity: 0.6).centroid == 0.6)
        records.add([0, 1], to: entry)
        let centroid = records.evidence(of: entry, for: [0.6, 0.8], similarity: 0.8).centroid ?? 0
        #expect(abs(centroid - 1.4 / Float(2).squareRoot()) < 1e-6)
        #expect(records.evidence(of: EntryID(high: 0, low: 2), for: [1, 0], similarity: 1).centroid == nil)
    }

    @Test func theStagesOfALookupFindWhatALookupFinds() async throws {
        let embedder = HashingEmbedder(dimension: 64)
        let cache = try SemanticCache(embedder: embedder, clock: ManualClock())
        let scope = CacheScope(namespace: "faq", model: "m")
        for text in ["reset my password", "close my account"] {
            try await cache.store(CachedReply(text: "do \(text)"), for: CacheRequest(text, scope: scope))
        }
        let request = CacheRequest("reset my password now", scope: scope)
        let vector = try await embedder.embed(request.question ?? "").vector
        let stages = try #require(LookupStages(of: request, in: cache, vector: vector))
        let verdict = await cache.explain(request)
        let candidates = try await stages.candidates()
        #expect(try stages.search().count == candidates.count)
        #expect(candidates.count == verdict.nearest.count)
        #expect(stages.decide(among: candidates).outcome == (verdict.isServable ? .accept : .reject))
    }
}
