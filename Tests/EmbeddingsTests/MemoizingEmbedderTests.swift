import Embeddings
import Testing

@Suite struct MemoizingEmbedderTests {
    @Test func aTextIsEmbeddedOnce() async throws {
        let base = RecordingEmbedder()
        let embedder = MemoizingEmbedder(base: base)
        let first = try await embedder.embed(["a", "b", "a"])
        #expect(first == ["a", "b", "a"].map(RecordingEmbedder.embedding(of:)))
        let second = try await embedder.embed(["b", "c", "a"])
        #expect(second == ["b", "c", "a"].map(RecordingEmbedder.embedding(of:)))
        #expect(base.calls == [["a", "b"], ["c"]])
        #expect(embedder.statistics == .init(hits: 3, misses: 3, entries: 3))
        #expect(try await embedder.embed([]).isEmpty)
        #expect(embedder.model == base.model)
    }

    @Test func theLeastRecentlyUsedEntryGoesFirst() async throws {
        let base = RecordingEmbedder()
        let embedder = MemoizingEmbedder(base: base, maximumEntries: 2)
        for text in ["a", "b", "a", "c", "a", "b"] { _ = try await embedder.embed(text) }
        #expect(base.calls == [["a"], ["b"], ["c"], ["b"]])
        #expect(embedder.statistics.entries == 2)
    }

    @Test func textsThatOnlyLookEqualAreDifferent() async throws {
        let base = RecordingEmbedder()
        let embedder = MemoizingEmbedder(base: base)
        _ = try await embedder.embed(["\u{E9}", "e\u{301}"])
        #expect(base.calls.map { $0.map { Array($0.utf8) } } == [[Array("\u{E9}".utf8), Array("e\u{301}".utf8)]])
        #expect(embedder.statistics.entries == 2)
    }

    @Test func aLongTextIsNotRemembered() async throws {
        let base = RecordingEmbedder()
        let embedder = MemoizingEmbedder(base: base, maximumTextBytes: 3)
        for text in ["long", "long", "abc", "abc"] { _ = try await embedder.embed(text) }
        #expect(base.calls == [["long"], ["long"], ["abc"]])
    }

    @Test func aFailureIsNotRemembered() async throws {
        let base = RecordingEmbedder(refusing: "bad")
        let embedder = MemoizingEmbedder(base: base)
        for _ in 0..<2 {
            await #expect(throws: EmbedderError.invalidInput("refused")) { try await embedder.embed(["good", "bad"]) }
        }
        #expect(base.calls.count == 2)
        #expect(embedder.statistics == .init(hits: 0, misses: 0, entries: 0))
    }

    @Test func manyCallersShareOneMemo() async throws {
        let base = RecordingEmbedder()
        let embedder = MemoizingEmbedder(base: base, maximumEntries: 16)
        try await withThrowingTaskGroup { group in
            for caller in 0..<64 {
                group.addTask {
                    let texts = (0..<20).map { "text \(($0 * 7 + caller) % 24)" }
                    let embeddings = try await embedder.embed(texts)
                    #expect(embeddings == texts.map(RecordingEmbedder.embedding(of:)))
                }
            }
            try await group.waitForAll()
        }
        let statistics = embedder.statistics
        #expect(statistics.hits + statistics.misses == 64 * 20)
        #expect(statistics.entries == 16)
    }
}
