/// What one request asks of the cache, in the terms of RFC 9111.
///
///     request.controls = CacheControls(noStore: true, maximumAge: .seconds(3600))
public struct CacheControls: Hashable, Sendable {
    /// How far a lookup may go.
    public enum Mode: String, Hashable, Sendable, CaseIterable, Codable {
        /// Neither look up nor store.
        case off
        /// Only word-for-word matches.
        case exact
        /// Word-for-word matches, then matches in meaning.
        case semantic
    }

    /// How far the lookup may go.
    public var mode: Mode
    /// Do not answer from the cache; the new answer is stored.
    public var noCache: Bool
    /// Do not store the answer.
    public var noStore: Bool
    /// The greatest age of an acceptable answer.
    public var maximumAge: Duration?
    /// For how long past its expiry an answer is still acceptable, where the namespace keeps such answers.
    public var maximumStaleness: Duration?
    /// Answer from the cache or not at all.
    public var onlyIfCached: Bool
    /// A similarity that the match must reach; it can only raise the namespace's threshold.
    public var threshold: Float?
    /// The time to live of the stored answer; nil for the namespace's.
    public var timeToLive: Duration?
    /// Names under which the stored answer can be invalidated, such as `doc:42`.
    public var tags: [String]

    /// Creates controls; without arguments the namespace's settings decide everything.
    public init(
        mode: Mode = .semantic,
        noCache: Bool = false,
        noStore: Bool = false,
        maximumAge: Duration? = nil,
        maximumStaleness: Duration? = nil,
        onlyIfCached: Bool = false,
        threshold: Float? = nil,
        timeToLive: Duration? = nil,
        tags: [String] = []
    ) {
        self.mode = mode
        self.noCache = noCache
        self.noStore = noStore
        self.maximumAge = maximumAge
        self.maximumStaleness = maximumStaleness
        self.onlyIfCached = onlyIfCached
        self.threshold = threshold
        self.timeToLive = timeToLive
        self.tags = tags
    }
}

extension CacheControls {
    /// Whether the model may be asked, in the background, for an answer in place of the stale one that was served: not for who
    /// wants nothing but a cached answer, and not if the new one could not be kept.
    package var allowsRefresh: Bool { !onlyIfCached && !noStore }
}
