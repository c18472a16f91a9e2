internal import Glibc
public import SemanticCaching
internal import Synchronization

// What operators ask.
extension RedisSharedTier {
    /// What the server holds of a namespace.
    public struct NamespaceUsage: Hashable, Sendable {
        /// The namespace.
        public let namespace: NamespaceID
        /// How many answers there are, those that expired lately among them.
        public let answers: Int
        /// How many changes its stream keeps.
        public let changes: Int
        /// Its epoch.
        public let epoch: UInt64
    }

    /// What the tier did since the process started, and how it stands.
    public var statistics: SharedTierStatistics {
        var statistics = SharedTierStatistics()
        let topology = client.topology
        statistics.isConnected = client.isReady
        statistics.isCluster = topology.isCluster
        statistics.nodeCount = topology.primaries.count
        let now = MonotonicTime.now
        state.withLock { state in
            statistics.queuedAnswers = state.queue.count + state.writing.count
            statistics.droppedAnswers = state.queue.dropped
            statistics.replicas = state.replicas
            for (namespace, follow) in state.follows {
                let isLost = follow.heardAt.map { now - $0 > 3_000_000_000 } ?? !statistics.isConnected
                statistics.namespaces[namespace] = .init(
                    phase: follow.phase != .following ? .hydrating : isLost ? .lost : .following,
                    lag: follow.lag,
                    secondsSinceHeard: follow.heardAt.map { Double(now - $0) * 1e-9 },
                    hydrated: follow.hydrated,
                    hydrationTotal: follow.hydrationTotal
                )
            }
        }
        statistics.publishedAnswers = counters.published.load(ordering: .relaxed)
        statistics.refusedAnswers = counters.refused.load(ordering: .relaxed)
        statistics.appliedChanges = counters.applied.load(ordering: .relaxed)
        statistics.gaps = counters.gaps.load(ordering: .relaxed)
        statistics.skippedValues = counters.skipped.load(ordering: .relaxed)
        statistics.leases = counters.leases.load(ordering: .relaxed)
        statistics.leaseWaits = counters.leaseWaits.load(ordering: .relaxed)
        statistics.commands = client.metrics.snapshot
        return statistics
    }

    /// The replicas that told the server in the last seconds that they are alive.
    ///
    /// - Throws: ``RedisError``.
    public func replicas() async throws -> [SharedTierStatistics.Replica] {
        let prefix = configuration.url.prefix
        return Self.replicas(try await run(Scripts.beat, keys: KeySpace.replicas(prefix: prefix), ["", ""]))
    }

    /// What the server holds, by namespace.
    ///
    /// - Throws: ``RedisError``.
    public func usage() async throws -> [NamespaceUsage] {
        var usages: [NamespaceUsage] = []
        for namespace in try await registeredNamespaces() {
            let keys = keys(namespace)
            let commands = [
                RedisCommand("ZCARD", [keys.ids], key: keys.ids), RedisCommand("XLEN", [keys.stream], key: keys.ids),
            ]
            let replies = try await client.execute(commands, on: .writes, within: configuration.commandDeadline)
            let meta = try await meta(of: [namespace])[0]
            usages.append(
                NamespaceUsage(
                    namespace: namespace,
                    answers: Int(replies[0].integer ?? 0),
                    changes: Int(replies[1].integer ?? 0),
                    epoch: meta.epoch
                )
            )
        }
        return usages
    }

    /// Removes everything that the server holds of a namespace, without holding it up; returns the number of keys.
    ///
    /// Replicas keep what they have: to make answers invisible, raise the epoch instead.
    /// - Throws: ``RedisError``.
    public func flush(_ namespace: NamespaceID) async throws -> Int {
        let keys = keys(namespace)
        var batch: [String] = []
        var count = 0
        func unlink() async throws(RedisError) {
            guard !batch.isEmpty else { return }
            count += Int(try await client.execute(RedisCommand("UNLINK", batch, key: keys.meta)).integer ?? 0)
            batch = []
        }
        try await forEachKey(matching: keys.prefix + "*") { key in
            batch.append(key)
            if batch.count >= 512 { try await unlink() }
        }
        try await unlink()
        let registry = KeySpace.registry(prefix: configuration.url.prefix)
        _ = try await client.execute(RedisCommand("HDEL", [registry, keys.digest], key: registry))
        return count
    }

    /// Walks through the keys of all nodes; some may come twice.
    private func forEachKey(
        matching pattern: String,
        _ body: (_ key: String) async throws -> Void
    ) async throws {
        await start()
        for endpoint in client.topology.primaries {
            var cursor = "0"
            repeat {
                let scan = RedisCommand("SCAN", [cursor, "MATCH", pattern, "COUNT", 1000])
                let reply = try await client.execute(scan, at: endpoint)
                guard let parts = reply.array, parts.count == 2, let next = parts[0].text, let found = parts[1].array
                else { throw RedisError.unexpectedReply("SCAN") }
                for key in found.compactMap(\.text) { try await body(key) }
                cursor = next
            } while cursor != "0"
        }
    }

    /// Tells the server that this replica is alive and how far it is behind, and hears of the others.
    func beat() async throws {
        let (lag, count) = state.withLock { state in
            (state.follows.values.reduce(UInt64(0)) { $0.addingSaturated($1.lag) }, state.follows.count)
        }
        let keys = KeySpace.replicas(prefix: configuration.url.prefix)
        let replicas = Self.replicas(
            try await run(Scripts.beat, keys: keys, [replica, "\(Self.processName) \(lag) \(count)"])
        )
        state.withLock { $0.replicas = replicas }
    }

    private static func replicas(_ reply: RedisValue) -> [SharedTierStatistics.Replica] {
        let values = reply.array ?? []
        let replicas = stride(from: 0, to: values.count - 1, by: 2).compactMap { index in
            let parts = (values[index + 1].text ?? "").split(separator: " ")
            guard let id = values[index].text, parts.count == 3, let lag = UInt64(parts[1]), let count = Int(parts[2])
            else { return SharedTierStatistics.Replica?.none }
            return SharedTierStatistics.Replica(id: id, name: String(parts[0]), lag: lag, namespaces: count)
        }
        return replicas.sorted { ($0.name, $0.id) < ($1.name, $1.id) }
    }

    private static let processName: String = {
        var buffer = [CChar](repeating: 0, count: 256)
        let isKnown = gethostname(&buffer, buffer.count - 1) == 0
        let host =
            isKnown ? String(decoding: buffer.prefix { $0 != 0 }.map { UInt8(bitPattern: $0) }, as: UTF8.self) : "?"
        return "\(host.filter { $0 != " " }):\(getpid())"
    }()
}
