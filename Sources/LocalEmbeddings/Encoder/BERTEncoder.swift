internal import VectorKernels

/// A BERT encoder (Devlin et al., arXiv:1810.04805) of any depth and width, over packed weights.
///
/// Sequences of a pass are laid end to end, without padding: dense layers see one matrix of all their tokens, and
/// attention runs per sequence. A batch of texts of any lengths thus costs what its tokens cost, which is what
/// bucketing by length approximates.
///
/// Immutable once loaded: any number of threads may run it, each with a workspace of its own.
struct BERTEncoder: Sendable {
    let configuration: BERTConfiguration
    private let words: FloatTensor
    /// One row per position, with segment 0's row already added.
    private let positions: [Float]
    /// What a row of another segment has more than one of segment 0; one row per segment.
    private let segmentDifferences: [Float]
    private let embeddingNorm: LayerNorm
    private let layers: [BERTLayer]
    private let kernels: NNKernels

    /// Reads and packs a model's tensors.
    ///
    /// - Complexity: O(weights).
    init(weights: BERTWeights, kernels: NNKernels = .current) throws(ModelFolderError) {
        let configuration = weights.configuration
        let width = configuration.hiddenSize
        words = try weights.tensor(
            "embeddings.word_embeddings.weight",
            shape: [configuration.vocabularyCount, width]
        )
        var positions = try weights.tensor(
            "embeddings.position_embeddings.weight",
            shape: [configuration.maximumPositions, width]
        ).floats()
        var segments = try weights.tensor(
            "embeddings.token_type_embeddings.weight",
            shape: [configuration.segmentCount, width]
        ).floats()
        let firstSegment = Array(segments.prefix(width))
        for index in positions.indices { positions[index] += firstSegment[index % width] }
        for index in segments.indices { segments[index] -= firstSegment[index % width] }
        self.positions = positions
        segmentDifferences = segments
        embeddingNorm = try weights.layerNorm("embeddings.LayerNorm")
        var layers: [BERTLayer] = []
        for index in 0..<configuration.layerCount { layers.append(try BERTLayer(index: index, weights: weights)) }
        self.layers = layers
        self.configuration = configuration
        self.kernels = kernels
    }

    /// Bytes of packed weights, beside the mapped word embeddings.
    var byteCount: Int {
        layers.reduce(MemoryLayout<Float>.size * (positions.count + segmentDifferences.count)) { $0 + $1.byteCount }
    }

    /// Runs the encoder over sequences, in as many passes as the workspace needs, and hands out their last hidden states.
    ///
    /// Every id must be below the vocabulary's count, and every sequence within the model's positions.
    ///
    /// - Parameter body: is given each sequence in order with its states, one row per token; they last for the call.
    /// - Complexity: O(layers · (tokens · width² + Σ length² · width)).
    func run<Failure>(
        _ sequences: [TokenSequence],
        in workspace: EncoderWorkspace,
        _ body: (TokenSequence, UnsafePointer<Float>) throws(Failure) -> Void
    ) throws(Failure) {
        var start = 0
        while start < sequences.count {
            var end = start
            var rows = 0
            while end < sequences.count, rows + sequences[end].ids.count <= workspace.rowCapacity {
                rows += sequences[end].ids.count
                end += 1
            }
            precondition(end > start, "a sequence must fit the workspace")
            runPass(sequences[start..<end], rows: rows, in: workspace)
            var states = UnsafePointer(workspace.hidden)
            for sequence in sequences[start..<end] {
                try body(sequence, states)
                states += sequence.ids.count * configuration.hiddenSize
            }
            start = end
        }
        // The pointers alone do not keep the workspace alive.
        withExtendedLifetime(workspace) {}
    }

    private func runPass(_ sequences: ArraySlice<TokenSequence>, rows: Int, in workspace: EncoderWorkspace) {
        var row = workspace.hidden
        for sequence in sequences { embed(sequence, at: &row) }
        embeddingNorm.apply(to: workspace.hidden, adding: nil, rows: rows, kernels: kernels)
        let lengths = sequences.map(\.ids.count)
        for layer in layers { layer.run(lengths: lengths, rows: rows, workspace: workspace, kernels: kernels) }
    }

    private func embed(_ sequence: TokenSequence, at row: inout UnsafeMutablePointer<Float>) {
        let width = configuration.hiddenSize
        precondition(sequence.ids.count <= configuration.maximumPositions, "the sequence is longer than the model")
        for (position, id) in sequence.ids.enumerated() {
            words.read(from: Int(id) * width, count: width, into: row)
            add(positions, row: position, to: row)
            if position >= sequence.firstSegmentCount { add(segmentDifferences, row: 1, to: row) }
            row += width
        }
    }

    private func add(_ table: [Float], row: Int, to target: UnsafeMutablePointer<Float>) {
        let width = configuration.hiddenSize
        let source = table.span.extracting(row * width..<(row + 1) * width)
        for index in 0..<width { target[index] += source[index] }
    }

    /// Runs `layer` over one row: the pooler and the classifier of a head.
    func apply(_ layer: NNDenseLayer, to row: UnsafePointer<Float>) -> [Float] {
        Array(unsafeUninitializedCapacity: layer.outputs) { output, count in
            guard let base = output.baseAddress else { return }
            kernels.apply(layer, to: row, stride: layer.inputs, rows: 1, into: base, outputStride: layer.outputs)
            count = layer.outputs
        }
    }
}
