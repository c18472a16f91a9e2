public import Embeddings
public import Logging
internal import Synchronization
internal import VectorKernels
package import VectorSearch

/// A cache of language-model answers that recognises questions by their words and by their meaning.
///
///     let cache = try SemanticCache(embedder: BERTEmbedder.load(folder: modelFolder))
///     let scope = CacheScope(namespace: "faq", model: "gpt-4o-mini")
///     let response = try await cache.respond(to: CacheRequest(question, scope: scope)) { request in
///         try await model.answer(request)
///     }
///
/// A lookup passes these stations and ends at the first that answers:
///
///     request ─► key ─► exact tier ─► store, word for word ─► embed ─► search ─► policy ─► hit or miss, and why
///
/// Whatever fails on the way (embedder, store, index) turns the lookup into a miss with a reason; it never throws. All
/// methods may be called from any number of tasks at once. Creating a cache does no I/O; ``open(snapshots:inBackground:progress:)`` reads the store.
public final class SemanticCache: Sendable {
    /// How the cache was made, with what ``reconfigure(_:)`` changed since.
    public var configuration: CacheConfiguration { currentConfiguration.withLock { $0 } }
    /// The system of record.
    public let store: any EntryStore

    let currentConfiguration: Mutex<CacheConfiguration>
    let clock: any CacheClock
    let judge: (any AnswerJudge)?
    let desk: VerificationDesk?
    let onRemoval: (@Sendable ([EntryID], DeletionCause) -> Void)?
    let shared: SharedLink?
    let policy: any HitPolicy
    let logger: Logger
    let embedder: QuestionEmbedder?
    package let exact: ExactCache<ExactRecord>
    let partitions: PartitionTable
    let namespaces: NamespaceTable
    let analyses = AnalysisMemo()
    let ledger = LedgerKeeper()
    package let flights = SingleFlight<Digest256, CacheResponse>()
    /// Who changes the tags of a part of a conversation does it alone.
    let conversationParts = Turnstile<Digest256>()
    /// Who raises the epoch of a namespace does it alone.
    let epochs = Turnstile<NamespaceID>()
    /// Failures that callers declared to be the request's own, for their short time.
    let failures = ExactCache<DeterministicFailure>(
        .init(maximumEntries: 10_000, maximumBytes: 16 << 20, eviction: .leastRecentlyUsed, shardCount: 4)
    )
    let lastQuestionID = Atomic<UInt64>(0)
    let missingVectors = MissingVectors()
    let snapshotState = Mutex(SnapshotState())
    /// Raised by each removal, after the store and before the exact tier: what was read from the store before a removal
    /// is not left in the exact tier after it.
    let removals = Atomic<UInt64>(0)
    let invalidations = InvalidationLog()

    /// Creates a cache.
    ///
    /// - Parameters:
    ///   - embedder: Gives questions their vectors; without one the cache answers word for word only.
    ///   - store: The system of record; by default memory, for caches that need not outlive the process.
    ///   - configuration: Limits and settings.
    ///   - policy: Decides whether a similar question may share an answer.
    ///   - judge: Says whether two answers say the same, for namespaces that learn; by default, by their embeddings.
    ///   - verifier: Has the last word on uncertain matches of namespaces that ask it; see ``VerificationSettings``.
    ///   - sharedTier: What replicas of the cache share; ``runSharedTier()`` keeps this one in step with them.
    ///   - clock: The time that freshness is judged by.
    ///   - logger: Takes what goes wrong beside the path of requests; never a text of theirs.
    ///   - onRemoval: Told of answers that left the cache, and why, after they left it.
    /// - Throws: ``CacheError`` with `invalidConfiguration`.
    public convenience init(
        embedder: (any Embedder)?,
        store: any EntryStore = MemoryStore(),
        configuration: CacheConfiguration = CacheConfiguration(),
        policy: any HitPolicy = GuardedThresholdPolicy(),
        judge: (any AnswerJudge)? = nil,
        verifier: (any HitVerifier)? = nil,
        sharedTier: (any SharedTier)? = nil,
        clock: any CacheClock = SystemClock(),
        logger: Logger = Logger(label: "semcache"),
        onRemoval: (@Sendable ([EntryID], DeletionCause) -> Void)? = nil
    ) throws(CacheError) {
        try self.init(
            embedder: embedder,
            store: store,
            configuration: configuration,
            policy: policy,
            judge: judge,
            verifier: verifier,
            sharedTier: sharedTier,
            clock: clock,
            logger: logger,
            onRemoval: onRemoval,
            makeIndex: Self.makeIndex
        )
    }

    package init(
        embedder: (any Embedder)?,
        store: any EntryStore,
        configuration: CacheConfiguration,
        policy: any HitPolicy,
        judge: (any AnswerJudge)?,
        verifier: (any HitVerifier)?,
        sharedTier: (any SharedTier)? = nil,
        clock: any CacheClock,
        logger: Logger,
        onRemoval: (@Sendable ([EntryID], DeletionCause) -> Void)?,
        makeIndex: @escaping @Sendable (IndexKind, Int) -> any VectorIndex
    ) throws(CacheError) {
        try configuration.validate()
        currentConfiguration = Mutex(configuration)
        self.store = store
        self.policy = policy
        self.judge =
            judge
            ?? embedder.map { embedder in
                SimilarityJudge { first, second in
                    let vectors = try await embedder.embed([first, second]).map(\.vector)
                    guard vectors.count == 2, vectors[0].count == vectors[1].count else {
                        throw EmbedderError.invalidVector("two answers gave vectors that cannot be compared")
                    }
                    let (left, right) = (vectors[0], vectors[1])
                    return Float32Kernels.dot(left.span, right.span)
                }
            }
        desk = verifier.map { VerificationDesk($0, clock: clock) }
        self.clock = clock
        self.logger = logger
        self.onRemoval = onRemoval
        shared = sharedTier.map { SharedLink($0) }
        self.embedder = embedder.map { QuestionEmbedder($0, settings: configuration.embedding, clock: clock) }
        exact = ExactCache(
            .init(
                maximumEntries: configuration.exact.maximumEntries,
                maximumBytes: configuration.exact.maximumBytes,
                eviction: configuration.exact.eviction,
                shardCount: 16
            )
        )
        let dimension = embedder?.model.dimension ?? 0
        let namespaces = NamespaceTable(configuration: configuration, embeddingModel: embedder?.model.id)
        partitions = PartitionTable { makeIndex(namespaces[$0].settings.index, dimension) }
        self.namespaces = namespaces
    }

    private static let makeIndex: @Sendable (IndexKind, Int) -> any VectorIndex = { kind, dimension in
        switch kind {
        case .automatic: AutoIndex(dimension: dimension)
        case .flat: FlatIndex(dimension: dimension)
        case .hnsw: HNSWIndex(dimension: dimension)
        }
    }

    /// The embedding model whose vectors are compared, if there is one.
    public var embeddingModel: EmbeddingModel? { embedder?.embedder.model }

    /// Changes the settings of a namespace from now on, until the process ends.
    ///
    ///     try cache.updateSettings(of: NamespaceID(name: "faq")) { $0.threshold = 0.92 }
    ///
    /// What the namespace is built around stays as it is, as with ``reconfigure(_:)``: the eviction, sharing between tenants
    /// and what it learns for.
    /// - Parameters:
    ///   - namespace: Whose settings.
    ///   - change: Changes the settings; it is called again if somebody else changed them meanwhile.
    /// - Throws: ``CacheError`` with `invalidConfiguration`; the settings are then as they were.
    public func updateSettings(
        of namespace: NamespaceID,
        _ change: (inout NamespaceSettings) -> Void
    ) throws(CacheError) {
        try namespaces[namespace].update(change)
    }

    /// The settings of a namespace as they are now.
    public func settings(of namespace: NamespaceID) -> NamespaceSettings { namespaces[namespace].settings }

    /// What the cache did since the process started, and what it holds.
    public func statistics() async -> CacheStatistics {
        let used = namespaces.all
        let byNamespace = Dictionary(uniqueKeysWithValues: used.map { ($0.id, $0.counters.snapshot) })
        let index = partitions.usage
        var statistics = CacheStatistics(
            // Looks for prefixes and summaries are no requests of anybody's.
            lookups: byNamespace.filter { !$0.key.isConversationPart }.values.reduce(LookupStatistics(), +),
            namespaces: byNamespace,
            store: (try? await store.usage()) ?? StoreUsage(),
            indexedQuestions: index.questions,
            partitions: index.partitions,
            indexBytes: index.bytes
        )
        if let embedder { statistics.embedding = embedder.durations }
        return statistics
    }
}
