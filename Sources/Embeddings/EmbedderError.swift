/// Why texts could not be embedded; the engine treats each as a semantic miss and answers from the exact tiers.
public enum EmbedderError: Error, Hashable, Sendable {
    /// The model or its server cannot be used now (refused, overloaded, circuit open); the text says what to do.
    case unavailable(String)
    /// The deadline passed.
    case timedOut
    /// The model answered with vectors of another dimension than promised.
    case wrongDimension(expected: Int, actual: Int)
    /// A vector has a component that is not finite, or is zero.
    case invalidVector(String)
    /// The answer is not what the protocol promises.
    case invalidResponse(String)
    /// The input cannot be embedded (too many texts, too long, not accepted by the server).
    case invalidInput(String)
}

extension EmbedderError: CustomStringConvertible {
    /// One line that names the fault and carries no text that was to be embedded and no secret.
    public var description: String {
        switch self {
        case .unavailable(let detail): "the embedder is unavailable: \(detail)"
        case .timedOut: "the embedder did not answer within its deadline"
        case .wrongDimension(let expected, let actual):
            "the embedder returned vectors of \(actual) components where \(expected) were expected"
        case .invalidVector(let detail): "the embedder returned an unusable vector: \(detail)"
        case .invalidResponse(let detail): "the embedder's answer is not valid: \(detail)"
        case .invalidInput(let detail): "the text cannot be embedded: \(detail)"
        }
    }
}
