public import Embeddings
internal import FoundationEssentials
internal import VectorKernels

/// Embeds texts with a BERT model from a folder, in this process: no network, no key, no Python.
///
///     let embedder = try BERTEmbedder.load(folder: BERTEmbedder.defaultFolder())
///     let answer = try await embedder.embed("How do I reset my password?")
///     answer.vector.count     // 384, of unit length
///
/// Any BERT folder in the layout of sentence-transformers works: any depth and width, mean or CLS pooling, weights in
/// F32, F16 or BF16. The same text gives the same vector, to the last bit, in whatever batch it is embedded.
///
/// The arithmetic runs on threads of its own (``Configuration/threads``), never on Swift's cooperative pool; any number
/// of tasks may call at once. A large batch yields to other callers between its parts and observes cancellation there.
///
/// The model's identity is `<folder name>@<8 hex digits>`, for example `all-MiniLM-L6-v2@1f0c2a97`: the digits are the
/// upper half of an XXH64 digest over the weights file, the vocabulary and the settings that change a vector (pooling,
/// length, case, accents), so that vectors of a retrained or differently configured model are never compared.
public final class BERTEmbedder: Embedder {
    /// How a model is run.
    public struct Configuration: Sendable {
        /// The most texts (or parts of a batch) that are encoded at once, each on one thread.
        ///
        /// Default: one per core.
        public var threads: Int

        /// Whether packed weights are held in half precision, which halves memory and its traffic.
        ///
        /// Default: true. Sums stay in single precision; the cosine to the single-precision vector stays above 0.99999.
        public var usesHalfPrecisionWeights = true

        /// Creates the default configuration.
        public init() {
            threads = ProcessInfo.processInfo.activeProcessorCount
        }
    }

    /// The model's identity, dimension and length.
    public let model: EmbeddingModel

    /// The tokenizer of the model, for token counts without an embedding.
    public let tokenizer: WordPieceTokenizer

    /// Bytes of memory that the packed weights occupy, beside the mapped file.
    public let weightBytes: Int

    let encoder: BERTEncoder
    let pooling: Pooling
    private let pool: EncoderPool

    init(
        model: EmbeddingModel,
        tokenizer: WordPieceTokenizer,
        encoder: BERTEncoder,
        pooling: Pooling,
        configuration: Configuration
    ) {
        self.model = model
        self.tokenizer = tokenizer
        self.encoder = encoder
        self.pooling = pooling
        weightBytes = encoder.byteCount
        let length = tokenizer.configuration.maximumTokens
        pool = EncoderPool(width: max(1, configuration.threads)) {
            EncoderWorkspace(configuration: encoder.configuration, rows: max(length, Self.passTokens), length: length)
        }
    }

    /// Tokens that a pass gathers from several texts: enough to reuse each weight from cache, few enough that the
    /// activations stay there too.
    static var passTokens: Int { 256 }

    /// Embeds the texts, in order; an empty text has a vector as well.
    ///
    /// - Throws: `CancellationError`; ``/Embeddings/EmbedderError/invalidVector(_:)`` when the model's weights are not finite.
    /// - Complexity: O(tokens · weights), about 0.2 ms per token on one core for all-MiniLM-L6-v2.
    public func embed(_ texts: [String]) async throws -> [Embedding] {
        let parts = Self.parts(of: texts, maximumTokens: tokenizer.configuration.maximumTokens)
        guard parts.count > 1 else { return texts.isEmpty ? [] : try await embed(part: texts[...]) }
        return try await withThrowingTaskGroup { group in
            var results = Array(repeating: [Embedding](), count: parts.count)
            var next = 0
            // No more parts at once than threads: others who call in between need not wait for the whole batch.
            while next < min(pool.width, parts.count) {
                addPart(next, of: parts, texts, to: &group)
                next += 1
            }
            while let (index, embeddings) = try await group.next() {
                results[index] = embeddings
                if next < parts.count {
                    addPart(next, of: parts, texts, to: &group)
                    next += 1
                }
            }
            return Array(results.joined())
        }
    }

    private func addPart(
        _ index: Int,
        of parts: [Range<Int>],
        _ texts: [String],
        to group: inout ThrowingTaskGroup<(Int, [Embedding]), any Error>
    ) {
        group.addTask { (index, try await self.embed(part: texts[parts[index]])) }
    }

    private func embed(part: ArraySlice<String>) async throws -> [Embedding] {
        try await pool.run { workspace in try self.encode(part, in: workspace) }
    }

    /// Cuts a batch where a job of the pool should end, by an estimate of four bytes per token.
    static func parts(of texts: [String], maximumTokens: Int) -> [Range<Int>] {
        var parts: [Range<Int>] = []
        var start = 0
        var tokens = 0
        for (index, text) in texts.enumerated() {
            let estimate = min(maximumTokens, 2 + text.utf8.count / 4)
            if index > start, tokens + estimate > passTokens {
                parts.append(start..<index)
                (start, tokens) = (index, 0)
            }
            tokens += estimate
        }
        if start < texts.count { parts.append(start..<texts.count) }
        return parts
    }

    /// Embeds on the calling thread.
    func encode(_ texts: ArraySlice<String>, in workspace: EncoderWorkspace) throws(EmbedderError) -> [Embedding] {
        var embeddings: [Embedding] = []
        embeddings.reserveCapacity(texts.count)
        let width = encoder.configuration.hiddenSize
        try encoder.run(texts.map(tokenizer.encode), in: workspace) { (sequence, states) throws(EmbedderError) in
            embeddings.append(
                try Embedding(
                    normalizing: pooling.apply(to: states, length: sequence.ids.count, width: width),
                    tokenCount: sequence.ids.count,
                    unknownTokenShare: sequence.unknownShare,
                    expectedDimension: width
                )
            )
        }
        return embeddings
    }
}
