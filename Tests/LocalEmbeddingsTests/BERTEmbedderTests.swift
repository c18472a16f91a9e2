import Embeddings
import LocalEmbeddings
import Testing

/// Models of many shapes, made on the spot, against a plain float64 implementation.
@Suite struct BERTEmbedderTests {
    private static let texts = [
        "hello world", "", "unaffable hello! [SEP] ab", "zebra hello", "a a a a a a a a a a a a a a",
    ]

    static let shapes: [TinyModel] = [
        TinyModel(),
        TinyModel(hiddenSize: 8, layers: 1, heads: 1, intermediateSize: 5, pooling: "cls"),
        TinyModel(hiddenSize: 70, layers: 3, heads: 2, intermediateSize: 33, prefix: "bert."),
        TinyModel(hiddenSize: 64, layers: 1, heads: 1, intermediateSize: 96, type: "F16"),
        TinyModel(hiddenSize: 36, layers: 2, heads: 12, intermediateSize: 40, type: "BF16"),
        TinyModel(hiddenSize: 16, layers: 0, heads: 4),
    ]

    @Test(arguments: shapes.indices, [true, false])
    func vectorsAreThoseOfThePlainImplementation(index: Int, half: Bool) async throws {
        let model = Self.shapes[index]
        let folder = try model.write()
        var configuration = BERTEmbedder.Configuration()
        configuration.usesHalfPrecisionWeights = half
        let embedder = try folder.load(configuration)
        let embeddings = try await embedder.embed(Self.texts)
        let plain = PlainBERT(model)
        for (text, embedding) in zip(Self.texts, embeddings) {
            let tokens = embedder.tokenizer.encode(text)
            let states = plain.hiddenStates(ids: tokens.ids, firstSegmentCount: tokens.ids.count)
            let pooled = (0..<model.hiddenSize).map { column in
                model.pooling == "cls"
                    ? states[0][column] : states.reduce(0) { $0 + $1[column] } / Double(states.count)
            }
            // The weights are multiples of 1/256, which half precision holds exactly.
            #expect(cosine(embedding.vector, pooled.map { Float($0) }) > 0.999_999_9)
            #expect(embedding.tokenCount == tokens.ids.count)
        }
        #expect(embeddings[4].tokenCount == 12)
        #expect(embeddings[3].unknownTokenShare == 0.5)
        #expect(embeddings[1].unknownTokenShare == 0)
    }

    @Test func weightsBeyondHalfPrecisionAreKeptInSinglePrecision() async throws {
        var model = TinyModel(hiddenSize: 8, layers: 1, heads: 1, intermediateSize: 5)
        model.type = "F32"
        let folder = try model.write()
        var weights = SafetensorsBuilder()
        for tensor in model.tensors() {
            let isHuge = tensor.name.hasSuffix("intermediate.dense.weight")
            weights.add(tensor.name, shape: tensor.shape, tensor.values.map { isHuge ? $0 * 1e6 : $0 })
        }
        try folder.write(weights.build(), to: "model.safetensors")
        let embedding = try await folder.load().embed("hello")
        #expect(embedding.vector.allSatisfy { $0.isFinite })
    }

    @Test func theIdentityFollowsWhateverChangesAVector() throws {
        let base = try TinyModel().write().load().model
        var ids: Set<String> = []
        let variants = [
            TinyModel(), TinyModel(seed: 2), TinyModel(pooling: "cls"),
            TinyModel(overrides: ["sentence_bert_config.json": "{\"max_seq_length\":11}"]),
            TinyModel(overrides: ["tokenizer_config.json": "{\"do_lower_case\":false}"]),
            TinyModel(overrides: ["vocab.txt": TinyModel.vocabulary.joined(separator: "\n") + "\nx\n"]),
        ]
        for variant in variants.dropLast() {
            ids.insert(String(try variant.write().load().model.id.suffix(9)))
        }
        #expect(ids.count == 5)
        #expect(ids.contains(String(base.id.suffix(9))))
        #expect(throws: ModelFolderError.invalidVocabulary("it has 16 pieces, and the model knows 15")) {
            try variants[5].write().load()
        }
    }

    @Test func aBatchLargerThanAPassKeepsItsOrder() async throws {
        let folder = try TinyModel().write()
        let embedder = try folder.load()
        let texts = (0..<500).map { Self.texts[$0 * 7 % 5] }
        let embeddings = try await embedder.embed(texts)
        let single = try await embedder.embed(Self.texts)
        #expect(embeddings == (0..<500).map { single[$0 * 7 % 5] })
        #expect(try await embedder.embed([]).isEmpty)
    }

    @Test func manyTasksEmbedAtOnce() async throws {
        let folder = try TinyModel().write()
        let embedder = try folder.load()
        let expected = try await embedder.embed(Self.texts)
        try await withThrowingTaskGroup { group in
            for task in 0..<200 {
                group.addTask {
                    let embedding = try await embedder.embed(Self.texts[task % 5])
                    #expect(embedding == expected[task % 5])
                }
            }
            try await group.waitForAll()
        }
    }

    @Test func aCancelledTaskDoesNotEmbed() async throws {
        let folder = try TinyModel().write()
        let embedder = try folder.load()
        let task = Task {
            while !Task.isCancelled { await Task.yield() }
            return try await embedder.embed(Array(repeating: "hello", count: 5000))
        }
        task.cancel()
        await #expect(throws: CancellationError.self) { try await task.value }
    }
}
