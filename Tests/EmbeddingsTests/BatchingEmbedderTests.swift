import Embeddings
import Testing

@Suite struct BatchingEmbedderTests {
    @Test func aFullBatchLeavesAtOnce() async throws {
        let base = RecordingEmbedder()
        let embedder = BatchingEmbedder(base: base, limits: .init(texts: 4), clock: HandClock())
        try await withThrowingTaskGroup { group in
            for text in ["a", "b", "c", "d"] {
                group.addTask {
                    let embedding = try await embedder.embed(text)
                    #expect(embedding == RecordingEmbedder.embedding(of: text))
                }
            }
            try await group.waitForAll()
        }
        #expect(base.calls.map { $0.sorted() } == [["a", "b", "c", "d"]])
    }

    @Test func aBatchThatIsNotFullLeavesAfterTheDelay() async throws {
        let (base, clock) = (RecordingEmbedder(), HandClock())
        let embedder = BatchingEmbedder(base: base, limits: .init(texts: 4, delay: .seconds(1)), clock: clock)
        async let answer = embedder.embed(["a", "b"])
        await clock.waitForSleepers(1)
        clock.advance(by: .milliseconds(999))
        #expect(base.calls.isEmpty)
        clock.advance(by: .milliseconds(1))
        let embeddings = try await answer
        #expect(embeddings == ["a", "b"].map(RecordingEmbedder.embedding(of:)))
        #expect(base.calls == [["a", "b"]])
    }

    @Test func aLargeCallAndAnEmptyOneGoStraightThrough() async throws {
        let base = RecordingEmbedder()
        let embedder = BatchingEmbedder(base: base, limits: .init(texts: 2), clock: HandClock())
        #expect(try await embedder.embed(["a", "b", "c"]).count == 3)
        #expect(try await embedder.embed([]).isEmpty)
        #expect(base.calls == [["a", "b", "c"]])
    }

    @Test func aRefusedTextFailsItsCallerOnly() async throws {
        let base = RecordingEmbedder(refusing: "bad")
        let embedder = BatchingEmbedder(base: base, limits: .init(texts: 3), clock: HandClock())
        async let good = embedder.embed("good")
        async let fine = embedder.embed("fine")
        await #expect(throws: EmbedderError.invalidInput("refused")) { try await embedder.embed("bad") }
        let others = try await [good, fine]
        #expect(others == ["good", "fine"].map(RecordingEmbedder.embedding(of:)))
        #expect(base.calls.first?.sorted() == ["bad", "fine", "good"])
        #expect(base.calls.count == 4)
    }

    @Test func aCancelledCallerStopsWaitingAndItsTextsAreNotSent() async throws {
        let (base, clock) = (RecordingEmbedder(), HandClock())
        let embedder = BatchingEmbedder(base: base, limits: .init(texts: 4, delay: .seconds(1)), clock: clock)
        let caller = Task { try await embedder.embed("cancelled") }
        await clock.waitForSleepers(1)
        caller.cancel()
        await #expect(throws: CancellationError.self) { try await caller.value }
        // Three more texts: with the cancelled one, they fill the batch.
        #expect(try await embedder.embed(["a", "b", "c"]).count == 3)
        #expect(base.calls == [["a", "b", "c"]])
    }

    @Test func textsThatDoNotFitStartTheNextBatch() async throws {
        let (base, clock) = (RecordingEmbedder(), HandClock())
        let embedder = BatchingEmbedder(base: base, limits: .init(texts: 3, delay: .seconds(1)), clock: clock)
        async let first = embedder.embed(["a", "b"])
        await clock.waitForSleepers(1)
        async let second = embedder.embed(["c", "d"])
        let firstCount = try await first.count
        #expect(firstCount == 2)
        await clock.waitForSleepers(2)
        clock.advance(by: .seconds(1))
        let embeddings = try await second
        #expect(embeddings == ["c", "d"].map(RecordingEmbedder.embedding(of:)))
        #expect(base.calls == [["a", "b"], ["c", "d"]])
    }
}
