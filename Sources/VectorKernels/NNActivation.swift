internal import CVectorKernels

/// The function that a dense layer applies to its sums.
package enum NNActivation: Sendable {
    /// The sum itself.
    case identity
    /// *x* Φ(*x*) from the error function (Hendrycks & Gimpel, arXiv:1606.08415), absolute error below 1e-6.
    case gelu
    /// max(*x*, 0).
    case relu
    /// The hyperbolic tangent.
    case tanh

    var code: cvk_nn_activation {
        switch self {
        case .identity: CVK_NN_IDENTITY
        case .gelu: CVK_NN_GELU
        case .relu: CVK_NN_RELU
        case .tanh: CVK_NN_TANH
        }
    }
}
