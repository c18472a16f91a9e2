/// What a policy knows besides the texts.
public struct DecisionContext: Sendable {
    /// Where the question is asked.
    public var namespace: NamespaceID
    /// The similarity to reach: the namespace's threshold, or the request's if that is higher.
    public var threshold: Float
    /// The share of the question's tokens that the embedding model does not know, if it tells.
    public var unknownTokenShare: Float?

    /// Creates a context.
    public init(namespace: NamespaceID, threshold: Float, unknownTokenShare: Float? = nil) {
        self.namespace = namespace
        self.threshold = threshold
        self.unknownTokenShare = unknownTokenShare
    }
}
