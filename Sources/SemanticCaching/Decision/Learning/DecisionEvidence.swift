/// What a learned policy weighed in the candidate that it chose.
public struct DecisionEvidence: Hashable, Sendable, Codable {
    /// The features, in the order of ``PolicyFeature``.
    public let features: [Float]
    /// The log-odds that the answer is right; of a policy without a fit, the cosine.
    public let score: Double

    /// Creates evidence.
    public init(features: [Float], score: Double) {
        self.features = features
        self.score = score
    }
}
