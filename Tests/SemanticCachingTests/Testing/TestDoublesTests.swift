import Embeddings
import SemanticCaching
import SemanticCachingTesting
import Testing

@Suite struct SeededGeneratorTests {
    /// The first numbers of the authors' C code, xoshiro256** seeded with SplitMix64(0).
    @Test func matchesTheReferenceImplementation() {
        var generator = SeededGenerator(seed: 0)
        #expect(
            (0..<3).map { _ in generator.next() } == [
                0x99EC_5F36_CB75_F2B4, 0xBF6E_1F78_4956_452A, 0x1A5F_849D_4933_E6E0,
            ]
        )
    }

    @Test func otherSeedsGiveOtherNumbers() {
        var first = SeededGenerator(seed: 1)
        var second = SeededGenerator(seed: 2)
        #expect(first.next() != second.next())
    }
}

@Suite struct GateTests {
    @Test func admitsExactlyAsManyAsItWasTold() async throws {
        let gate = Gate()
        let through = Watched(0)
        try await withThrowingTaskGroup(of: Void.self) { group in
            for _ in 0..<5 {
                group.addTask {
                    try await gate.pass()
                    through.update { $0 += 1 }
                }
            }
            try await gate.waitForArrivals(count: 5)
            gate.admit(2)
            try await through.wait { $0 == 2 }
            gate.open()
            try await group.waitForAll()
        }
        #expect(through.value == 5)
    }

    @Test func aCancelledTaskLeavesTheGate() async throws {
        let gate = Gate()
        let task = Task { try await gate.pass() }
        try await gate.waitForArrivals(count: 1)
        task.cancel()
        await #expect(throws: CancellationError.self) { try await task.value }
    }
}

@Suite struct HashingEmbedderTests {
    private func cosine(_ left: String, _ right: String) throws -> Float {
        let left = try HashingEmbedder.embedding(of: left, dimension: 256).vector
        let right = try HashingEmbedder.embedding(of: right, dimension: 256).vector
        return zip(left, right).reduce(0) { $0 + $1.0 * $1.1 }
    }

    @Test func alikeTextsLieCloserThanUnlikeOnes() throws {
        let near = try cosine("How do I reset my password?", "How can I reset my password?")
        let far = try cosine("How do I reset my password?", "Which colours does the lamp come in?")
        #expect(near > 0.75)
        #expect(far < 0.4)
        #expect(abs(try cosine("Same text", "same text!") - 1) < 1e-5)
    }

    @Test(arguments: ["", "?!", "word", "日本語の質問", "a b c d e f g"])
    func vectorsHaveUnitLength(text: String) throws {
        let vector = try HashingEmbedder.embedding(of: text, dimension: 32).vector
        #expect(vector.count == 32)
        #expect(abs(vector.reduce(0) { $0 + $1 * $1 } - 1) < 1e-5)
    }

    @Test func countsFailsAndHangsAsTold() async throws {
        let embedder = HashingEmbedder(dimension: 8)
        _ = try await embedder.embed(["a", "b"])
        embedder.behavior = .failing(.timedOut)
        await #expect(throws: EmbedderError.timedOut) { try await embedder.embed(["c"]) }
        let gate = Gate()
        embedder.behavior = .held(gate)
        let task = Task { try await embedder.embed(["d"]) }
        try await embedder.waitForCalls(count: 3)
        task.cancel()
        await #expect(throws: CancellationError.self) { try await task.value }
        #expect(embedder.callCount == 3)
        #expect(embedder.embeddedTexts == ["a", "b", "c", "d"])
    }
}

@Suite struct StubUpstreamTests {
    private struct Overloaded: Error {}

    @Test func answersByScriptThenByFallback() async throws {
        let model = StubUpstream(replies: ["one"])
        model.enqueue(failure: Overloaded())
        #expect(try await model.answer("a").text == "one")
        await #expect(throws: Overloaded.self) { try await model.answer("b") }
        #expect(try await model.answer("c").text == "answer to c")
        #expect(model.prompts == ["a", "b", "c"])
    }

    @Test func holdsItsCallsWhileTheGateIsClosed() async throws {
        let model = StubUpstream()
        model.gate.close()
        try await withThrowingTaskGroup(of: Void.self) { group in
            for _ in 0..<4 { group.addTask { _ = try await model.answer() } }
            try await model.waitForCalls(count: 4)
            model.gate.open()
            try await group.waitForAll()
        }
        #expect(model.peakConcurrency == 4)
    }
}
