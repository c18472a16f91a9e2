internal import Embeddings
internal import FoundationEssentials
internal import Glibc
internal import VectorKernels

/// Judges two texts together with a BERT classifier from a folder.
///
///     let judge = try BERTCrossEncoder.load(folder: "models/cross-encoder")
///     let score = try await judge.score("How do I reset my password?", "How do I change my e-mail?")
///
/// The model reads both texts at once, as `[CLS]` first `[SEP]` second `[SEP]`, and sees how their words relate, which
/// vectors made apart cannot tell (Nogueira & Cho, arXiv:1901.04085); it costs one encoder run per pair. The folder is
/// that of a `BertForSequenceClassification`: with one label its logit goes through the logistic function, with two the
/// score is the probability of label 1.
public final class BERTCrossEncoder: Sendable {
    /// The model's name and the fingerprint of its files, as in ``BERTEmbedder``.
    public let id: String

    /// The most tokens of a pair that are read; the longer text is cut first.
    public let maximumTokens: Int

    private let tokenizer: WordPieceTokenizer
    private let encoder: BERTEncoder
    private let pooler: NNDenseLayer
    private let classifier: NNDenseLayer
    private let pool: EncoderPool

    private init(name: String, loaded: LoadedModel, threads: Int) throws(ModelFolderError) {
        let configuration = loaded.encoder.configuration
        guard (1...2).contains(configuration.labelCount) else {
            throw .unsupported("a cross-encoder has one or two labels, and this model has \(configuration.labelCount)")
        }
        guard configuration.segmentCount >= 2 else {
            throw .unsupported("a cross-encoder needs two segments, and this model has one")
        }
        let width = configuration.hiddenSize
        pooler = try loaded.weights.dense(["pooler.dense"], inputs: width, outputs: width, activation: .tanh)
        classifier = try loaded.weights.dense(
            ["classifier"],
            inputs: width,
            outputs: configuration.labelCount,
            isHead: true
        )
        id = "\(name)@\(loaded.fingerprint(settings: "cross-encoder"))"
        tokenizer = loaded.tokenizer
        encoder = loaded.encoder
        let length = tokenizer.configuration.maximumTokens
        maximumTokens = length
        pool = EncoderPool(width: max(1, threads)) {
            EncoderWorkspace(configuration: configuration, rows: max(length, BERTEmbedder.passTokens), length: length)
        }
    }

    /// Loads a model folder.
    ///
    /// - Parameters:
    ///   - path: the folder with weights, vocabulary and configuration.
    ///   - threads: the most pairs that are judged at once. Default: one per core.
    /// - Throws: ``ModelFolderError``.
    /// - Complexity: O(weights).
    public static func load(folder path: String, threads: Int? = nil) throws(ModelFolderError) -> BERTCrossEncoder {
        let folder = try ModelFolder(path: path)
        return try BERTCrossEncoder(
            name: folder.name,
            loaded: LoadedModel(folder: folder, usesHalfPrecision: true),
            threads: threads ?? ProcessInfo.processInfo.activeProcessorCount
        )
    }

    /// The model's score for two texts, from 0 to 1.
    ///
    /// - Throws: `CancellationError`; `EmbedderError.invalidVector` when the model's weights are not finite.
    /// - Complexity: O(tokens · weights).
    public func score(_ first: String, _ second: String) async throws -> Float {
        let scores = try await scores([(first, second)])
        return scores[0]
    }

    /// The model's scores for pairs of texts, in order.
    ///
    /// - Throws: as ``score(_:_:)``.
    public func scores(_ pairs: [(String, String)]) async throws -> [Float] {
        var scores: [Float] = []
        // A few pairs at a time: a job of the pool stays short, and cancellation is seen between them.
        let step = 8
        for start in stride(from: 0, to: pairs.count, by: step) {
            let part = Array(pairs[start..<min(start + step, pairs.count)])
            scores += try await pool.run { workspace in try self.judge(part, in: workspace) }
        }
        return scores
    }

    private func judge(_ pairs: [(String, String)], in workspace: EncoderWorkspace) throws(EmbedderError) -> [Float] {
        var scores: [Float] = []
        let sequences = pairs.map { tokenizer.encode($0.0, $0.1) }
        try encoder.run(sequences, in: workspace) { (_, states) throws(EmbedderError) in
            let logits = encoder.apply(classifier, to: encoder.apply(pooler, to: states))
            // With two labels, softmax over them is the logistic function of their difference.
            let logit = logits.count == 1 ? logits[0] : logits[1] - logits[0]
            guard logit.isFinite else { throw .invalidVector("a score is not a finite number") }
            scores.append(Float(1 / (1 + exp(-Double(logit)))))
        }
        return scores
    }
}
