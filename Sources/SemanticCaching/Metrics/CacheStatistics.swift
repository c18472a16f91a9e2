/// A snapshot of what the cache did and what it holds.
public struct CacheStatistics: Hashable, Sendable {
    /// Lookups in all namespaces.
    public var lookups: LookupStatistics
    /// Lookups by namespace, of those in use.
    public var namespaces: [NamespaceID: LookupStatistics]
    /// What the store holds.
    public var store: StoreUsage
    /// Questions that can be matched in meaning.
    public var indexedQuestions: Int
    /// Sets of questions that are compared with each other.
    public var partitions: Int
    /// Bytes of the vector indexes.
    public var indexBytes: Int
    /// How long questions took to embed.
    public var embedding = DurationHistogram()

    /// Creates a snapshot.
    public init(
        lookups: LookupStatistics,
        namespaces: [NamespaceID: LookupStatistics],
        store: StoreUsage,
        indexedQuestions: Int,
        partitions: Int,
        indexBytes: Int
    ) {
        self.lookups = lookups
        self.namespaces = namespaces
        self.store = store
        self.indexedQuestions = indexedQuestions
        self.partitions = partitions
        self.indexBytes = indexBytes
    }
}
