public import Embeddings
internal import Logging
public import SemanticCaching
internal import Synchronization

/// Plays a stream against the engine itself, so that tiers, expiry, eviction and learning are the product's own.
///
///     var replay = EngineReplay(configuration: configuration, embedder: memo)
///     let result = try await replay.run(queries, schedule: ReplaySchedule(queries))
///     print(result.exactHits, result.semanticHits, result.wrongHits)
///
/// The cache lives in memory and sees the time of the trace; it is swept every 30 seconds of it, as a server does. Every
/// miss is answered and stored before the next request comes. A namespace that learns is judged by the labels, at its
/// `judgeRate`. A verifier, where one is given, is waited for as long as it takes. Eviction and judging draw numbers of their own: two runs may differ a little there.
public struct EngineReplay: Sendable {
    /// The limits and settings that are tried.
    public var configuration: CacheConfiguration
    /// What decides where nothing was learned.
    public var policy: any HitPolicy
    /// Gives the vectors; without one, requests are matched word for word.
    ///
    /// A memo that has them spares computing them for each replay.
    public var embedder: (any Embedder)?
    /// Has the last word on uncertain matches of namespaces that ask it; nil asks nobody.
    public var verifier: (any HitVerifier)?
    /// The namespace of requests that name none.
    public var namespace: String

    /// The longest trace, a million days: a slip in one time must not overflow the clock.
    private static let longestTrace = 86_400e6
    private static let beginning = Timestamp(milliseconds: 1_700_000_000_000)
    private static let sweepInterval = Duration.seconds(30)

    /// Creates a replay.
    public init(
        configuration: CacheConfiguration = CacheConfiguration(),
        policy: any HitPolicy = GuardedThresholdPolicy(),
        embedder: (any Embedder)? = nil,
        verifier: (any HitVerifier)? = nil,
        namespace: String = "default"
    ) {
        self.configuration = configuration
        self.policy = policy
        self.embedder = embedder
        self.verifier = verifier
        self.namespace = namespace
    }

    /// Plays a stream.
    ///
    /// - Throws: ``CacheError`` with `invalidConfiguration`; `CancellationError`.
    /// - Complexity: O(*n*) lookups for *n* requests.
    public func run(_ queries: [StreamQuery], schedule: ReplaySchedule) async throws -> EngineReplayResult {
        let answers = queries.enumerated().map { row, query in
            // Models seldom say the same in the same words: without their own, every answer has words of its own.
            CachedReply(text: query.reply ?? "answer \(query.group) to request \(row)")
        }
        let clock = ReplayClock(now: Self.beginning)
        let removals = Removals()
        let cache = try SemanticCache(
            embedder: embedder,
            configuration: configuration,
            policy: policy,
            judge: LabelJudge(
                groups: Dictionary(
                    zip(answers.map(\.text), queries.map(\.group)),
                    uniquingKeysWith: { first, _ in first }
                )
            ),
            verifier: verifier,
            clock: clock,
            logger: Logger(label: "semcache") { _ in SwiftLogNoOpLogHandler() },
            onRemoval: { removals.count($0.count, $1) }
        )
        var player = Player(cache: cache, namespace: namespace)
        var nextSweep = Self.beginning + Self.sweepInterval
        for (row, arrival) in zip(schedule.rows, schedule.arrivals) {
            try Task.checkCancellation()
            clock.move(to: Self.beginning + .seconds(min(arrival, Self.longestTrace)))
            if clock.now >= nextSweep {
                try await cache.sweep()
                nextSweep = clock.now + Self.sweepInterval
            }
            try await player.play(queries[row], answer: answers[row])
        }
        try await cache.sweep()
        let held = await cache.statistics()
        player.result.entries = held.store.entries
        player.result.questions = held.store.questions
        player.result.bytes = held.store.bytes + held.indexBytes
        player.result.evictions = removals[.overflow]
        player.result.expirations = removals[.expiration]
        return player.result
    }
}

/// Asks a cache one request after the other and keeps the score.
private struct Player {
    let cache: SemanticCache
    let namespace: String
    var result = EngineReplayResult()
    /// Whose answer each entry is.
    private var groups: [EntryID: Int] = [:]

    init(cache: SemanticCache, namespace: String) {
        self.cache = cache
        self.namespace = namespace
    }

    mutating func play(_ query: StreamQuery, answer: CachedReply) async throws {
        let scope = CacheScope(namespace: query.namespace ?? namespace, model: "replay")
        let request = CacheRequest(query.text, scope: scope)
        let found = await cache.find(request)
        score(found.verdict, query)
        // A stale answer is served while a fresh one is fetched.
        guard found.verdict.outcome != .hit else { return }
        // Entries that are kept by their value are worth what the model charged, here a dollar for a million tokens.
        let entry = try await cache.store(
            answer,
            for: request,
            after: found,
            upstreamLatency: nil,
            cost: query.tokens.map { Double($0) * 1e-6 }
        )
        if let entry, groups[entry] == nil { groups[entry] = query.group }
        await cache.followUp(answer, storedAs: entry, after: found)?.value
    }

    private mutating func score(_ verdict: Verdict, _ query: StreamQuery) {
        result.requestCount += 1
        let tokens = query.tokens ?? Self.estimatedTokens(of: query)
        result.tokens += tokens
        if query.tokens == nil { result.estimatedTokenCounts += 1 }
        if verdict.reason == .embedderUnavailable || verdict.reason == .storeUnavailable { result.failures += 1 }
        switch verdict.verification?.outcome {
        case .confirmed: result.confirmations += 1
        case .refused: result.refusals += 1
        case .deferred: result.deferrals += 1
        case .timedOut, .failed: result.verifierFailures += 1
        case nil: break
        }
        guard verdict.isServable, let entry = verdict.entry else { return }
        if verdict.tier == .semantic { result.semanticHits += 1 } else { result.exactHits += 1 }
        if verdict.outcome == .stale { result.staleHits += 1 }
        if groups[entry] == query.group { result.tokensSaved += tokens } else { result.wrongHits += 1 }
    }

    private static func estimatedTokens(of query: StreamQuery) -> Int {
        let counter = EstimatedTokenCounter()
        return counter.count(query.text) + (query.reply.map(counter.count) ?? 0)
    }
}

/// Counts the answers that left the cache, by cause.
private final class Removals: Sendable {
    private let counts = Mutex<[DeletionCause: Int]>([:])

    func count(_ number: Int, _ cause: DeletionCause) { counts.withLock { $0[cause, default: 0] += number } }

    subscript(cause: DeletionCause) -> Int { counts.withLock { $0[cause] ?? 0 } }
}
