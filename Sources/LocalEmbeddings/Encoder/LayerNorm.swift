internal import VectorKernels

/// Layer normalisation with its learned gain and bias.
struct LayerNorm: Sendable {
    let gain: [Float]
    let bias: [Float]
    let epsilon: Float

    /// Normalises `rows` rows in place, after adding the residual rows.
    func apply(
        to values: UnsafeMutablePointer<Float>,
        adding residual: UnsafePointer<Float>?,
        rows: Int,
        kernels: NNKernels
    ) {
        kernels.normalize(
            values,
            adding: residual,
            gain: gain,
            bias: bias,
            rows: rows,
            width: gain.count,
            epsilon: epsilon
        )
    }
}
