/// How one namespace answers, keeps and forgets.
///
///     var settings = NamespaceSettings()
///     settings.threshold = 0.92
///     settings.timeToLive = .seconds(86_400)
public struct NamespaceSettings: Hashable, Sendable {
    /// The cosine similarity that a match in meaning must reach, from 0 to 1.
    public var threshold: Float = 0.90
    /// Whether questions are matched in meaning at all.
    public var matchesMeaning = true
    /// How questions are searched; a change takes effect for scopes that are asked for the first time after it.
    public var index: IndexKind = .automatic
    /// The number of nearest questions that the policy sees.
    public var candidateCount = 5
    /// Shorter questions, in characters, are matched word for word only: "yes" means something else each time.
    public var minimumQuestionLength = 4
    /// The share of unknown tokens above which a question is matched word for word only, from 0 to 1.
    public var maximumUnknownTokenShare: Float = 0.2

    /// The share of requests that may be answered wrong; with it the namespace learns which hits are right, from 0 to 1.
    ///
    /// Without it, threshold and guards decide.
    public var maximumErrorRate: Double?
    /// Whether that rate is of hits instead of requests: stricter, and nothing is served in meaning before the first fit.
    public var countsErrorsPerHit = false
    /// The share of missed answers that are judged for learning, from 0 to 1.
    public var judgeRate = 1.0
    /// When a verifier is asked, if the cache has one.
    public var verification = VerificationSettings()

    /// How long an answer is fresh; nil for ever.
    public var timeToLive: Duration?
    /// How long an answer is kept without being served; nil for its whole time to live.
    public var idleTimeout: Duration?
    /// How long past its expiry an answer is still served while one request refreshes it.
    public var staleWhileRevalidate: Duration = .zero
    /// How long past its expiry an answer is still served when the model fails.
    public var staleIfError: Duration = .zero

    /// The greatest number of answers.
    public var maximumEntries = 100_000
    /// The greatest number of bytes that questions, vectors and answers may occupy.
    public var maximumBytes = 1 << 30
    /// Which answers go first when a limit is reached.
    public var eviction: EvictionPolicy = .tinyLFU

    /// Requests that ask for a higher temperature want variety and pass by the cache.
    public var maximumTemperature = 0.0
    /// Whether a request without a temperature counts as one with 1.0, the usual default of models.
    public var deterministicOnly = false
    /// Whether answers that call tools are stored.
    public var storesToolCalls = false
    /// Longer answers, in bytes, are not stored.
    public var maximumReplyBytes = 1 << 20

    /// How conversations of more than one turn are dealt with.
    public var conversation = ConversationSettings()

    /// Whether answers are served while it is not known what other replicas removed; without a shared tier it always is.
    public var freshness: SharedFreshness = .relaxed
    /// How long a strict namespace is served from without hearing from the shared tier.
    public var strictFreshnessBound: Duration = .seconds(2)

    /// Whether tenants share the namespace: its entries then belong to nobody in particular.
    public var isShared = false
    /// Whether matches in meaning are only counted and logged, never served.
    public var isShadow = false

    /// Creates the default settings: conservative, for a cold start without labels.
    public init() {}

    /// Checks each setting against its range.
    ///
    /// - Throws: ``CacheError`` with `invalidConfiguration`, naming the setting and its range.
    public func validate() throws(CacheError) {
        func require(_ condition: Bool, _ message: String) throws(CacheError) {
            guard condition else { throw CacheError(.invalidConfiguration, message) }
        }
        try require((0...1).contains(threshold), "threshold must be from 0 to 1, not \(threshold)")
        try require((1...64).contains(candidateCount), "candidateCount must be from 1 to 64, not \(candidateCount)")
        try require(minimumQuestionLength >= 0, "minimumQuestionLength must not be negative")
        try require((0...1).contains(maximumUnknownTokenShare), "maximumUnknownTokenShare must be from 0 to 1")
        try require(
            maximumErrorRate.map { (1e-6...0.5).contains($0) } ?? true,
            "maximumErrorRate must be 0.000001 to 0.5"
        )
        try require((0...1).contains(judgeRate), "judgeRate must be from 0 to 1")
        try verification.validate()
        try require(timeToLive.map { $0 > .zero } ?? true, "timeToLive must be positive, or absent for ever")
        try require(idleTimeout.map { $0 > .zero } ?? true, "idleTimeout must be positive, or absent")
        try require(staleWhileRevalidate >= .zero, "staleWhileRevalidate must not be negative")
        try require(staleIfError >= .zero, "staleIfError must not be negative")
        try require(strictFreshnessBound > .zero, "strictFreshnessBound must be positive")
        try require(maximumEntries > 0, "maximumEntries must be positive, not \(maximumEntries)")
        try require(maximumBytes > 0, "maximumBytes must be positive, not \(maximumBytes)")
        try require((0...2).contains(maximumTemperature), "maximumTemperature must be from 0 to 2")
        try conversation.validate()
        try require(maximumReplyBytes > 0, "maximumReplyBytes must be positive, not \(maximumReplyBytes)")
    }

    /// How long past its expiry an answer may still be of use.
    var longestStaleness: Duration { max(staleWhileRevalidate, staleIfError) }
}
