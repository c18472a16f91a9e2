import SemanticCaching
import StrictJSON
import Testing

@testable import CacheServer

/// Embeddings: what is too much, what is no vector, and what an answer waits for.
@Suite struct EmbeddingProxyTests {
    private func embed(
        _ input: JSONValue,
        model: String = "e",
        _ rig: Rig,
        _ headers: [(name: String, value: String)] = []
    ) async throws -> Rig.Answer {
        try await rig.post("/v1/embeddings", ["model": .string(model), "input": input], headers)
    }

    @Test func moreInputsThanTheAPITakesAreNotUnderstood() {
        func inquiry(_ count: Int) -> EmbeddingsInquiry? {
            EmbeddingsInquiry(["model": "e", "input": .array(Array(repeating: "a", count: count))])
        }
        #expect(inquiry(2_048)?.inputs.count == 2_048)
        #expect(inquiry(2_049) == nil)
    }

    @Test(.timeLimit(.minutes(5))) func theAnswerDoesNotWaitForTheStore() async throws {
        let store = ObstructedStore()
        let settings = Rig.Settings(store: store, server: { $0.storeGrace = .zero })
        try await Rig.run(settings) { (rig: Rig) async throws in
            store.holdWriting()
            let answer = try await embed("a", rig)
            #expect(answer.json["data"]?[0]?["embedding"] == [1, 0.5])
            try await rig.until { store.isWritingHeld }
            #expect(await rig.cache.statistics().store.entries == 0)
            store.releaseWriting()
            try await rig.until { await rig.cache.statistics().store.entries == 1 }
        }
    }

    @Test func onlyIfCachedTellsWhatTheCacheDid() async throws {
        try await Rig.run { (rig: Rig) async throws in
            let answer = try await embed("a", rig, [("cache-control", "only-if-cached")])
            #expect(answer.status == 504)
            #expect(answer["x-semcache"] == "MISS")
            #expect(rig.stub.calls.isEmpty)
        }
    }

    @Test(arguments: ["null", "word"]) func whatIsNoVectorIsNotStored(kind: String) async throws {
        try await Rig.run { (rig: Rig) async throws in
            for _ in 0..<2 { #expect(try await embed("a", model: kind, rig)["x-semcache"] == "MISS") }
            #expect(await rig.cache.statistics().store.entries == 0)
        }
    }

    @Test func anAnswerToTooFewInputsIsNotTakenForTheWhole() async throws {
        try await Rig.run { (rig: Rig) async throws in
            _ = try await embed("a", model: "short", rig)
            let answer = try await embed(["a", "bb"], model: "short", rig)
            #expect(answer.json["data"]?.arrayValue?.map { $0["embedding"]?[0]?.intValue } == [1, 2])
            #expect(rig.stub.calls.count == 3)
        }
    }
}
