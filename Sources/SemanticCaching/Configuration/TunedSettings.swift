/// What tuning found best for a namespace, kept beside the cache and heeded by whoever opens it.
///
///     let tuned = TunedSettings(
///         threshold: 0.87, maximumErrorRate: nil, embeddingModel: model.id, tunedAt: clock.now, source: "faq.csv")
///     try await store.setTunedSettings(tuned, of: NamespaceID(name: "faq"))
///
/// A similarity means something for one embedding model only: for another one, the settings are passed over.
public struct TunedSettings: Hashable, Sendable, Codable {
    /// The cosine that a match in meaning must reach; nil to leave it.
    public var threshold: Float?
    /// The share of wrong answers that the namespace learns to stay within; nil to leave it.
    public var maximumErrorRate: Double?
    /// The embedding model that was tuned for.
    public var embeddingModel: String
    /// When.
    public var tunedAt: Timestamp
    /// The data that was tuned on, in words.
    public var source: String

    /// Creates settings.
    public init(
        threshold: Float?,
        maximumErrorRate: Double?,
        embeddingModel: String,
        tunedAt: Timestamp,
        source: String
    ) {
        self.threshold = threshold
        self.maximumErrorRate = maximumErrorRate
        self.embeddingModel = embeddingModel
        self.tunedAt = tunedAt
        self.source = source
    }

    /// Puts what was found in place of a namespace's settings.
    func apply(to settings: inout NamespaceSettings) {
        if let threshold { settings.threshold = threshold }
        if let maximumErrorRate { settings.maximumErrorRate = maximumErrorRate }
    }
}
