/// How the cache as a whole is made; without arguments, a cache in memory for one process.
///
///     var configuration = CacheConfiguration()
///     configuration.namespaces.threshold = 0.92
///     configuration.rules = [NamespaceRule("faq/*") { $0.threshold = 0.85 }]
public struct CacheConfiguration: Sendable {
    /// The exact tier in memory.
    public struct Exact: Hashable, Sendable {
        /// The greatest number of requests that are answered word for word from memory.
        public var maximumEntries = 100_000
        /// The greatest number of bytes of their answers.
        public var maximumBytes = 256 << 20
        /// Which go first when a limit is reached.
        public var eviction: EvictionPolicy = .tinyLFU
        /// Creates the default limits.
        public init() {}
    }

    /// How texts are embedded.
    public struct Embedding: Hashable, Sendable {
        /// The time after which a request goes on without a match in meaning.
        public var deadline: Duration = .seconds(2)
        /// The number of texts whose vectors are remembered.
        public var memoizedTexts = 10_000
        /// Longer questions, in UTF-8 bytes, are matched word for word only.
        public var maximumTextBytes = 32 << 10
        /// Creates the default settings.
        public init() {}
    }

    /// The exact tier in memory.
    public var exact = Exact()
    /// How texts are embedded.
    public var embedding = Embedding()
    /// The settings that every namespace starts from.
    public var namespaces = NamespaceSettings()
    /// Settings of namespaces whose names fit a pattern; more specific patterns are applied later.
    public var rules: [NamespaceRule] = []
    /// Whether settings that tuning left beside the cache take the place of these; see ``TunedSettings``.
    public var usesTunedSettings = true
    /// What makes answers wrong, or short-lived, besides their time to live.
    public var invalidation = InvalidationRules()
    /// What models charge, for the accounts of what was spent and saved.
    public var prices = PriceTable.wellKnown
    /// The greatest number of bytes that all namespaces together may keep.
    public var maximumBytes = 8 << 30
    /// The greatest number of bytes of a request that is looked at; larger ones pass by the cache.
    public var maximumRequestBytes = 4 << 20

    /// Creates the default configuration.
    public init() {}

    /// The settings of a namespace: the defaults, then each rule that fits, from the general to the specific.
    ///
    /// - Complexity: O(*r*) for *r* rules; the engine asks once for each namespace.
    public func settings(for namespace: NamespaceID) -> NamespaceSettings {
        let fitting = rules.enumerated().filter { $0.element.pattern.matches(namespace.name) }
        let ordered = fitting.sorted {
            ($0.element.pattern.specificity, $0.offset) < ($1.element.pattern.specificity, $1.offset)
        }
        var settings = ordered.reduce(into: namespaces) { $1.element.apply(&$0) }
        if namespace.isConversationPart { settings.serveConversationParts() }
        return settings
    }

    /// Checks every setting, those of the rules included.
    ///
    /// - Throws: ``CacheError`` with `invalidConfiguration`.
    public func validate() throws(CacheError) {
        try namespaces.validate()
        for rule in rules {
            var settings = namespaces
            rule.apply(&settings)
            do { try settings.validate() } catch {
                throw CacheError(.invalidConfiguration, "namespace \"\(rule.pattern.text)\": \(error.message)")
            }
        }
        guard exact.maximumEntries > 0, exact.maximumBytes > 0 else {
            throw CacheError(.invalidConfiguration, "exact.maximumEntries and exact.maximumBytes must be 1 at least")
        }
        guard embedding.memoizedTexts > 0 else {
            throw CacheError(.invalidConfiguration, "embedding.memoizedTexts must be 1 at least")
        }
        guard embedding.deadline > .zero else {
            throw CacheError(.invalidConfiguration, "embedding.deadline must be positive")
        }
    }
}
