/// What a learned policy weighed in the candidate that it chose.
public struct DecisionEvidence: Hashable, Sendable, Codable {
    /// The features, in the order of ``PolicyFeature``.
    public let features: [Float]
    /// The log-odds that the answer is right; of a policy without a fit, the cosine.
    public let score: Double
    /// The digests of the words on one side only.
    public let differingWords: [UInt32]

    /// Creates evidence.
    public init(features: [Float], score: Double, differingWords: [UInt32] = []) {
        self.differingWords = differingWords
        self.features = features
        self.score = score
    }
}
