internal import CVectorKernels

/// The layers of a transformer, on the calling thread and without allocation.
///
/// Matrices are row-major float32 with a stride in floats; the caller owns the bounds. Kernels of two instruction sets
/// differ by rounding only.
package struct NNKernels: Sendable {
    private let instructionSet: InstructionSet

    /// The kernels of the instruction set in use.
    package static let current = NNKernels(instructionSet: .current)

    /// The kernels of one of ``InstructionSet/supported``, for tests and benchmarks.
    package init(instructionSet: InstructionSet) {
        precondition(cvk_nn_kernels(instructionSet.identifier) != nil, "the processor lacks \(instructionSet)")
        self.instructionSet = instructionSet
    }

    private var table: UnsafePointer<cvk_nn_table> {
        guard let table = cvk_nn_kernels(instructionSet.identifier) else {
            preconditionFailure("the processor lacks \(instructionSet)")
        }
        return table
    }

    /// Runs a dense layer over `rows` rows; input and output may not overlap.
    ///
    /// - Complexity: O(`rows` · `layer.inputs` · `layer.outputs`).
    package func apply(
        _ layer: NNDenseLayer,
        to input: UnsafePointer<Float>,
        stride: Int,
        rows: Int,
        into output: UnsafeMutablePointer<Float>,
        outputStride: Int
    ) {
        var descriptor = layer.descriptor
        table.pointee.dense(&descriptor, input, stride, rows, output, outputStride)
        withExtendedLifetime(layer) {}
    }

    /// Self-attention of one sequence (Vaswani et al., arXiv:1706.03762): softmax(Q Kᵀ / √`headSize`) V for each head.
    ///
    /// - Parameters:
    ///   - projections: `length` rows of queries, keys and values, each `heads` · `headSize` wide, side by side.
    ///   - scratch: ``attentionScratch(length:headSize:)`` floats.
    ///   - output: `length` rows of `heads` · `headSize` floats.
    /// - Complexity: O(`length`² · `heads` · `headSize`).
    package func attend(
        projections: UnsafePointer<Float>,
        length: Int,
        heads: Int,
        headSize: Int,
        scratch: UnsafeMutablePointer<Float>,
        into output: UnsafeMutablePointer<Float>
    ) {
        var arguments = cvk_nn_attention(
            qkv: projections,
            stride: 3 * heads * headSize,
            length: length,
            heads: heads,
            head_size: headSize,
            scale: 1 / Float(headSize).squareRoot(),
            scratch: scratch,
            out: output,
            out_stride: heads * headSize
        )
        table.pointee.attention(&arguments)
    }

    /// Floats of scratch memory that ``attend(projections:length:heads:headSize:scratch:into:)`` needs.
    package static func attentionScratch(length: Int, headSize: Int) -> Int {
        cvk_nn_attention_scratch(length, headSize)
    }

    /// Layer normalisation in place (Ba et al., arXiv:1607.06450) of `rows` rows, after adding the residual rows.
    package func normalize(
        _ values: UnsafeMutablePointer<Float>,
        adding residual: UnsafePointer<Float>?,
        gain: UnsafePointer<Float>,
        bias: UnsafePointer<Float>,
        rows: Int,
        width: Int,
        epsilon: Float
    ) {
        table.pointee.layer_norm(values, residual, gain, bias, rows, width, epsilon)
    }

    /// Replaces `count` finite values by softmax(`scale` · values).
    package func softmax(_ values: UnsafeMutablePointer<Float>, count: Int, scale: Float = 1) {
        table.pointee.softmax(values, count, scale)
    }

    /// Applies an activation to `count` values.
    package func activate(_ values: UnsafeMutablePointer<Float>, count: Int, with activation: NNActivation) {
        table.pointee.activate(values, count, activation.code)
    }

    /// Widens IEEE half floats, which may start at any address.
    package static func widen(halves: UnsafeRawPointer, count: Int, into output: UnsafeMutablePointer<Float>) {
        cvk_nn_half_to_float(halves, count, output)
    }

    /// Widens bfloat16 numbers, which may start at any address.
    package static func widen(bfloats: UnsafeRawPointer, count: Int, into output: UnsafeMutablePointer<Float>) {
        cvk_nn_bfloat_to_float(bfloats, count, output)
    }
}
