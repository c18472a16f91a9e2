import Foundation
import LocalEmbeddings
import Testing

@Suite struct BERTCrossEncoderTests {
    private static let pairs = [
        ("hello", "world"), ("world", "hello"), ("", ""), ("unaffable hello world", "ab!"),
        ("a a a a a a a a a", "hello hello hello hello hello hello"),
    ]

    @Test(arguments: [1, 2])
    func scoresAreThoseOfThePlainImplementation(labels: Int) async throws {
        let model = TinyModel(prefix: "bert.", labels: labels, seed: 4)
        let folder = try model.write()
        let judge = try folder.loadCrossEncoder()
        // An embedder's tokenizer, from the same files, tells what the model reads.
        let tokenizer = try folder.load().tokenizer
        let plain = PlainBERT(model)
        let scores = try await judge.scores(Self.pairs)
        for (pair, score) in zip(Self.pairs, scores) {
            let tokens = tokenizer.encode(pair.0, pair.1)
            let logits = plain.logits(
                plain.hiddenStates(ids: tokens.ids, firstSegmentCount: tokens.firstSegmentCount)
            )
            let logit = labels == 1 ? logits[0] : logits[1] - logits[0]
            #expect(abs(Double(score) - 1 / (1 + exp(-logit))) < 1e-5)
            let alone = try await judge.score(pair.0, pair.1)
            #expect(alone == score)
        }
        #expect(Set(scores).count == scores.count)
    }

    @Test func aModelWithoutAHeadIsRefused() throws {
        let folder = try TinyModel(overrides: [:]).write()
        #expect(throws: ModelFolderError.wrongTensor(name: "pooler.dense.weight", "is missing")) {
            try folder.loadCrossEncoder()
        }
        let three = try TinyModel(labels: 3).write()
        #expect(
            throws: ModelFolderError.unsupported("a cross-encoder has one or two labels, and this model has 3")
        ) { try three.loadCrossEncoder() }
    }
}
