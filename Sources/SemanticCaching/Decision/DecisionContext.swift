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

    /// Whether the model does not know more than a share of the question's tokens.
    func hasUnknownTokens(above share: Float) -> Bool { (unknownTokenShare ?? 0) > share }

    /// Whether the model may not see what two texts differ in.
    ///
    /// It does not know all of the question, or one of the two has other emblems, of which few models know many. A model that
    /// does not tell what it knows is believed to see.
    func isBlind(to asked: AnalyzedText, _ stored: AnalyzedText, above share: Float) -> Bool {
        guard unknownTokenShare != nil else { return false }
        let isReadable = !hasUnknownTokens(above: share) && asked.features.emblemKey == stored.features.emblemKey
        return !isReadable && !asked.hasSameWords(as: stored)
    }

    /// Whether a similarity short of the threshold is near enough for a verifier.
    func isUncertain(_ similarity: Float) -> Bool { uncertainSimilarity.map { similarity + 1e-6 >= $0 } ?? false }
}
