import Embeddings
import LocalEmbeddings
import Testing

/// The default model against Hugging Face transformers, on 200 texts in many scripts.
@Suite(.disabled(if: ReferenceModel.isSkipped, "SEMCACHE_SKIP_MODEL_TESTS=1"))
struct ReferenceTests {
    private let fixture: ReferenceFixture

    init() throws {
        // One clear line instead of a failure per test when the model was not installed.
        _ = try ReferenceModel.half.get()
        fixture = try ReferenceFixture.load()
    }

    @Test func tokenIDsAreThoseOfTheReference() throws {
        let tokenizer = try ReferenceModel.half.get().tokenizer
        for (text, expected) in zip(fixture.texts, fixture.tokens) {
            let sequence = tokenizer.encode(text)
            #expect(sequence.ids == expected, "\(text.prefix(80).debugDescription)")
            #expect(sequence.unknownCount == expected.dropFirst().dropLast().count { $0 == 100 })
        }
    }

    @Test func vectorsAreThoseOfTheReferenceWithHalfPrecisionWeights() async throws {
        try await check(ReferenceModel.half.get(), minimum: 0.99999)
    }

    @Test func vectorsAreThoseOfTheReferenceWithSinglePrecisionWeights() async throws {
        // What is left is rounding, mostly that of the fixture's half floats. C is slow in debug builds: every tenth.
        #if DEBUG
        try await check(ReferenceModel.single.get(), minimum: 0.999_999_5, every: 10)
        #else
        try await check(ReferenceModel.single.get(), minimum: 0.999_999_5)
        #endif
    }

    private func check(_ embedder: BERTEmbedder, minimum: Double, every step: Int = 1) async throws {
        let indices = Array(stride(from: 0, to: fixture.texts.count, by: step))
        let embeddings = try await embedder.embed(indices.map { fixture.texts[$0] })
        try #require(embeddings.count == indices.count)
        var lowest = 1.0
        for (index, embedding) in zip(indices, embeddings) {
            let similarity = cosine(embedding.vector, fixture.vectors[index])
            lowest = min(lowest, similarity)
            #expect(similarity >= minimum, "\(fixture.texts[index].prefix(80).debugDescription)")
            #expect(embedding.tokenCount == fixture.tokens[index].count)
            let length = embedding.vector.reduce(0.0) { $0 + Double($1) * Double($1) }
            #expect(abs(length - 1) < 1e-6)
        }
        print("lowest cosine to the reference: \(lowest)")
    }

    @Test func aVectorDoesNotDependOnItsBatch() async throws {
        let embedder = try ReferenceModel.half.get()
        let texts = Array(fixture.texts.prefix(20))
        let together = try await embedder.embed(texts)
        for index in [0, 7, 19] {
            let alone = try await embedder.embed(texts[index])
            #expect(alone == together[index])
        }
    }

    @Test func theModelDescribesItself() throws {
        let half = try ReferenceModel.half.get().model
        #expect(half.id.hasPrefix("all-MiniLM-L6-v2@") && half.id.count == 25)
        #expect(half.dimension == 384)
        #expect(half.maximumTokens == 256)
        #expect(try ReferenceModel.single.get().model == half)
    }

    @Test func textThatSpellsASpecialTokenIsText() throws {
        let ids = try ReferenceModel.half.get().tokenizer.encode("[SEP]").ids
        #expect(ids == [101, 1031, 19802, 1033, 102])
    }
}
