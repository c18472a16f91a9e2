internal import VectorKernels

/// One encoder layer: self-attention and a feed-forward network, each with a residual and a normalisation behind it.
struct BERTLayer: Sendable {
    private let projections: NNDenseLayer
    private let attentionOutput: NNDenseLayer
    private let attentionNorm: LayerNorm
    private let intermediate: NNDenseLayer
    private let output: NNDenseLayer
    private let outputNorm: LayerNorm
    private let headCount: Int

    /// Packs the tensors of layer `index`.
    init(index: Int, weights: BERTWeights) throws(ModelFolderError) {
        let width = weights.configuration.hiddenSize
        let inner = weights.configuration.intermediateSize
        let name = "encoder.layer.\(index)."
        projections = try weights.dense(
            ["query", "key", "value"].map { name + "attention.self." + $0 },
            inputs: width,
            outputs: width
        )
        attentionOutput = try weights.dense([name + "attention.output.dense"], inputs: width, outputs: width)
        attentionNorm = try weights.layerNorm(name + "attention.output.LayerNorm")
        intermediate = try weights.dense(
            [name + "intermediate.dense"],
            inputs: width,
            outputs: inner,
            activation: .gelu
        )
        output = try weights.dense([name + "output.dense"], inputs: inner, outputs: width)
        outputNorm = try weights.layerNorm(name + "output.LayerNorm")
        headCount = weights.configuration.headCount
    }

    /// Bytes of the packed weights.
    var byteCount: Int {
        projections.byteCount + attentionOutput.byteCount + intermediate.byteCount + output.byteCount
    }

    /// Runs the layer over the rows in `workspace.hidden`, in place; `lengths` says which rows belong together.
    func run(lengths: [Int], rows: Int, workspace: EncoderWorkspace, kernels: NNKernels) {
        let width = projections.inputs
        kernels.apply(
            projections,
            to: workspace.hidden,
            stride: width,
            rows: rows,
            into: workspace.projections,
            outputStride: 3 * width
        )
        var first = 0
        for length in lengths {
            kernels.attend(
                projections: workspace.projections + first * 3 * width,
                length: length,
                heads: headCount,
                headSize: width / headCount,
                scratch: workspace.scratch,
                into: workspace.context + first * width
            )
            first += length
        }
        let attended = workspace.attended
        dense(attentionOutput, from: workspace.context, into: attended, rows: rows, kernels: kernels)
        attentionNorm.apply(to: attended, adding: workspace.hidden, rows: rows, kernels: kernels)
        dense(intermediate, from: attended, into: workspace.intermediate, rows: rows, kernels: kernels)
        dense(output, from: workspace.intermediate, into: workspace.hidden, rows: rows, kernels: kernels)
        outputNorm.apply(to: workspace.hidden, adding: attended, rows: rows, kernels: kernels)
    }

    private func dense(
        _ layer: NNDenseLayer,
        from input: UnsafeMutablePointer<Float>,
        into output: UnsafeMutablePointer<Float>,
        rows: Int,
        kernels: NNKernels
    ) {
        kernels.apply(
            layer,
            to: input,
            stride: layer.inputs,
            rows: rows,
            into: output,
            outputStride: layer.outputs
        )
    }
}
