public import Logging
public import SemanticCaching
internal import Synchronization

/// The tier that replicas share, on plain Redis or Valkey, single or Cluster.
///
///     let tier = RedisSharedTier(RedisTierConfiguration(url: try RedisURL("redis://cache.internal")))
///     let cache = try SemanticCache(embedder: embedder, sharedTier: tier)
///     async let service: Void = cache.runSharedTier()
///
/// It does three things, each of which may fail without hurting a request:
///
///     lookups   one command a miss of the local tiers, by a deadline of milliseconds, behind a circuit breaker
///     writer    a bounded queue ─► pipelines of `put` scripts: all of an answer or nothing
///     follower  for each namespace in use: read it as a whole once, then apply its change stream
///
/// The server holds the truth that replicas share; each replica searches in its own memory.
public final class RedisSharedTier: SharedTier {
    struct State {
        var queue: PublishQueue
        /// What is being written now, and which of it was removed meanwhile.
        var writing: [EntryID: PublishQueue.Publication] = [:]
        var removedWhileWriting: Set<EntryID> = []
        var follows: [NamespaceID: FollowState] = [:]
        var replicas: [SharedTierStatistics.Replica] = []
        /// The namespaces that this replica has told the server of.
        var registered: Set<NamespaceID> = []
        var leases: [SharedLease.Token: Task<Void, Never>] = [:]
        var isRunning = false
        /// How many batches in a row the server did not take.
        var failedBatches = 0
        /// Whether the log has the first answer that the server refused.
        var hasSaidRefusal = false
    }

    /// How the tier was made.
    public let configuration: RedisTierConfiguration
    package let client: RedisClient
    let logger: Logger
    let counters = TierCounters()
    let state: Mutex<State>
    let waiters = KeyWaiters()
    /// Wakes the writer.
    let writes = AsyncSignal()
    /// Wakes the follower.
    let uses = AsyncSignal()
    /// What tells this process's changes from those of others.
    let replica: String
    private let started = OnceTask()
    private let keySpaces: KeySpaces
    /// Whether the server takes lookups without a script.
    private let plainLookups = Mutex(LookupCommand.Permission())

    /// Creates a tier; it connects when it is first used or run.
    public init(_ configuration: RedisTierConfiguration, logger: Logger = Logger(label: "semcache.redis")) {
        self.configuration = configuration
        self.logger = logger
        keySpaces = KeySpaces(prefix: configuration.url.prefix)
        var settings = RedisConnectionSettings()
        settings.connectDeadline = configuration.connectDeadline
        settings.scripts = Scripts.all.map(\.text)
        client = RedisClient(url: configuration.url, settings: settings, logger: logger)
        var generator = SystemRandomNumberGenerator()
        replica = String(UInt64.random(in: 1 << 60 ... .max, using: &generator), radix: 16)
        state = Mutex(
            State(
                queue: PublishQueue(
                    maximumCount: configuration.maximumQueuedAnswers,
                    maximumBytes: configuration.maximumQueuedBytes
                )
            )
        )
    }

    /// Connects, and returns when that has worked or failed; it is tried again in the background then.
    public func start() async {
        await started.run { [client] in await client.start() }
    }

    /// Closes the connections; calls under way fail.
    public func close() {
        let leases = state.withLock { state in
            defer { state.leases = [:] }
            return state.leases
        }
        for renewal in leases.values { renewal.cancel() }
        client.close()
    }

    /// Whether commands can be sent now.
    public var isConnected: Bool { client.isReady }

    func keys(_ namespace: NamespaceID) -> KeySpace { keySpaces[namespace] }

    /// The arguments that every script with changes begins with.
    var changeArguments: [any RedisArgument] { [configuration.streamLength, replica] }

    // MARK: - Lookups

    /// The answer to a request with that key, in one round trip.
    public func match(key: Digest256, in namespace: NamespaceID) async throws -> StoredMatch? {
        let keys = keys(namespace)
        let until = MonotonicTime.now + configuration.lookupDeadline.nanoseconds
        if let reply = try await lookUp(key, keys) { return decodeMatch(reply, in: namespace) }
        let reply = try await run(
            Scripts.match,
            keys: [keys.question(key)],
            [keys.prefix, KeySpace.field(key)],
            on: .lookups,
            within: .nanoseconds(until - MonotonicTime.now)
        )
        return decodeMatch(reply, in: namespace)
    }

    /// Asks without a script; nil if the server does not allow that.
    private func lookUp(_ key: Digest256, _ keys: KeySpace) async throws(RedisError) -> RedisValue? {
        guard plainLookups.withLock({ $0.allows(at: MonotonicTime.now) }) else { return nil }
        started.begin { [client] in await client.start() }
        do {
            let reply = try await client.execute(
                lookupCommand(key, keys),
                on: .lookups,
                within: configuration.lookupDeadline
            )
            plainLookups.withLock { $0.succeed() }
            return reply
        } catch .server(let text) {
            // A question that another version wrote is the script's to read, and says nothing of the server.
            if ServerFault(text) != .wrongType { plainLookups.withLock { $0.refuse(at: MonotonicTime.now) } }
            return nil
        }
    }

    private func lookupCommand(_ key: Digest256, _ keys: KeySpace) -> RedisCommand {
        LookupCommand.command(question: keys.question(key), field: KeySpace.field(key), in: keys)
    }

    /// What a lookup sends, for measuring.
    package func matchCommand(key: Digest256, in namespace: NamespaceID) -> RedisCommand {
        lookupCommand(key, keys(namespace))
    }

    /// Reads an answer with its wording; nil, and counted, if it is none.
    func decodeMatch(_ reply: RedisValue, in namespace: NamespaceID) -> StoredMatch? {
        guard let values = reply.array, values.count == 2, let answer = values[0].bytes, let wording = values[1].bytes
        else { return nil }
        do throws(CodecError) {
            let entry = try EntryCodec.decodeEntry(answer)
            let question = try EntryCodec.decodeQuestion(wording)
            guard entry.namespace == namespace, question.entry == entry.id else { throw .foreign }
            return StoredMatch(question: question, entry: entry)
        } catch {
            skip(error, in: namespace)
            return nil
        }
    }

    /// Notes a value that is not used.
    func skip(_ error: CodecError, in namespace: NamespaceID) {
        // One line for the first of them; the rest is in the counter.
        guard counters.skipped.add(1, ordering: .relaxed).oldValue == 0 else { return }
        logger.warning(
            "a value in the shared tier is none of this version's and is skipped, as will be others: see skipped_values",
            metadata: ["namespace": "\(namespace)", "fault": "\(error)"]
        )
    }

    /// Runs a script, with its text if the server has forgotten it.
    func run(
        _ script: LuaScript,
        keys: [String],
        _ arguments: [any RedisArgument],
        on lane: RedisNode.Lane = .writes,
        within deadline: Duration? = nil
    ) async throws(RedisError) -> RedisValue {
        try await run(on: lane, within: deadline) { script.command(keys: keys, arguments, isKnown: $0) }
    }

    private func run(
        on lane: RedisNode.Lane,
        within deadline: Duration?,
        _ command: (_ isKnown: Bool) -> RedisCommand
    ) async throws(RedisError) -> RedisValue {
        // A request does not wait for the first connection: until then there is nothing to be found.
        if lane == .lookups { started.begin { [client] in await client.start() } } else { await start() }
        let deadline = deadline ?? configuration.commandDeadline
        do {
            return try await client.execute(command(true), on: lane, within: deadline)
        } catch .server(let text) where ServerFault(text) == .noScript {
            return try await client.execute(command(false), on: lane, within: deadline)
        }
    }

    // MARK: - Following

    /// Notes that a namespace is in use here, so that its changes are followed.
    public func noteUse(of namespace: NamespaceID) {
        guard configuration.followsChanges else { return }
        let now = MonotonicTime.now
        let isNew = state.withLock { state in
            if state.follows[namespace] != nil {
                state.follows[namespace]?.usedAt = now
                return false
            }
            state.follows[namespace] = FollowState(usedAt: now)
            return true
        }
        if isNew { uses.signal() }
    }

    /// Whether everything is applied here that other replicas had changed in the namespace before this long ago.
    public func isCurrent(_ namespace: NamespaceID, within bound: Duration) -> Bool {
        let oldest = MonotonicTime.now - bound.nanoseconds
        return state.withLock { state in (state.follows[namespace]?.heardAt).map { $0 >= oldest } ?? false }
    }

    /// Publishes and follows until cancelled.
    public func run(delivering receiver: any SharedTierReceiver) async throws {
        await start()
        state.withLock { $0.isRunning = true }
        defer { state.withLock { $0.isRunning = false } }
        await withTaskGroup { group in
            group.addTask { await self.writeUntilCancelled() }
            group.addTask { await self.beatUntilCancelled() }
            if configuration.followsChanges {
                group.addTask { await self.beginUntilCancelled(receiver) }
                group.addTask { await self.followUntilCancelled(receiver) }
            }
            await group.waitForAll()
        }
    }
}
