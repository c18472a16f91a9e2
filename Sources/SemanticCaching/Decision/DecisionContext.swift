/// What a policy knows besides the texts.
public struct DecisionContext: Sendable {
    /// Where the question is asked.
    public var namespace: NamespaceID
    /// The similarity to reach: the namespace's threshold, or the request's if that is higher.
    public var threshold: Float
    /// The share of the question's tokens that the embedding model does not know, if it tells.
    public var unknownTokenShare: Float?

    /// The similarity from which a match that is not accepted is uncertain; nil where nobody verifies.
    public var uncertainSimilarity: Float?
    /// The same for learned policies, as a probability.
    public var uncertainProbability: Double?

    /// Creates a context.
    public init(
        namespace: NamespaceID,
        threshold: Float,
        unknownTokenShare: Float? = nil,
        uncertainSimilarity: Float? = nil,
        uncertainProbability: Double? = nil
    ) {
        self.namespace = namespace
        self.threshold = threshold
        self.unknownTokenShare = unknownTokenShare
        self.uncertainSimilarity = uncertainSimilarity
        self.uncertainProbability = uncertainProbability
    }

    /// Whether a similarity short of the threshold is near enough for a verifier.
    func isUncertain(_ similarity: Float) -> Bool { uncertainSimilarity.map { similarity + 1e-6 >= $0 } ?? false }
}
