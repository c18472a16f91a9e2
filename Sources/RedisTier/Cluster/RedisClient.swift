package import Logging
internal import Synchronization

/// Sends commands to the server, or in a Cluster to the node that serves their key.
///
///     let client = RedisClient(url: try RedisURL("redis://127.0.0.1"), logger: logger)
///     await client.start()
///     let value = try await client.execute(RedisCommand("GET", ["a"], key: "a"))
package final class RedisClient: Sendable {
    /// So often a command follows a slot that moves.
    private static let maximumRedirections = 4
    /// However many commands ask for it, topology and connections are made anew only once in so many nanoseconds.
    private static let refreshPause: Int64 = 100_000_000
    private static let reconnectPause: Int64 = 1_000_000_000

    private struct State {
        var topology: Topology
        var nodes: [RedisEndpoint: RedisNode] = [:]
        var isRefreshing = false
        var mayRefreshAt: Int64 = 0
        var mayReconnectAt: Int64 = 0
        var isClosed = false
    }

    let url: RedisURL
    let metrics = CommandMetrics()
    private let settings: RedisConnectionSettings
    private let logger: Logger
    private let state: Mutex<State>

    /// Creates a client; it connects once it is started.
    package init(url: RedisURL, settings: RedisConnectionSettings = RedisConnectionSettings(), logger: Logger) {
        self.url = url
        self.logger = logger
        var settings = settings
        settings.user = url.user
        settings.password = url.password
        settings.database = url.database
        settings.tls = url.tls
        self.settings = settings
        state = Mutex(State(topology: Topology(single: url.endpoint)))
    }

    deinit { close() }

    /// Connects and asks whether the server is part of a Cluster; without a server it goes on trying in the background.
    package func start() async {
        let node = node(at: url.endpoint)
        await node?.settled()
        await refreshTopology()
    }

    /// Closes all connections; commands under way fail.
    package func close() {
        let nodes = state.withLock { state in
            state.isClosed = true
            defer { state.nodes = [:] }
            return state.nodes
        }
        for node in nodes.values { node.close() }
    }

    var topology: Topology { state.withLock { $0.topology } }

    /// Whether every node that is known can be used now.
    package var isReady: Bool {
        let nodes = state.withLock { state in state.topology.primaries.map { state.nodes[$0] } }
        return nodes.allSatisfy { $0?.status == .ready }
    }

    // MARK: - Commands

    /// Sends one command and returns its reply.
    ///
    /// - Throws: ``RedisError``, also for an error of the command itself.
    func execute(
        _ command: RedisCommand,
        on lane: RedisNode.Lane = .writes,
        within deadline: Duration = .seconds(2)
    ) async throws(RedisError) -> RedisValue {
        let reply = try await execute([command], on: lane, within: deadline)[0]
        if case .error(let text) = reply { throw .server(text) }
        return reply
    }

    /// Sends commands whose keys are all of one slot; returns their replies, errors of single commands among them.
    ///
    /// - Throws: ``RedisError/unavailable(_:)`` or ``RedisError/timeout``.
    func execute(
        _ commands: [RedisCommand],
        on lane: RedisNode.Lane,
        within deadline: Duration
    ) async throws(RedisError) -> [RedisValue] {
        guard let first = commands.first else { return [] }
        let topology = topology
        let slot = topology.isCluster ? first.key.map(HashSlot.of) : nil
        guard let endpoint = topology.node(of: slot), let node = node(at: endpoint) else {
            await refreshTopology()
            throw .unavailable("no node of the cluster serves the slot")
        }
        var replies: [RedisValue]
        do {
            replies = try await send(commands, to: node, on: lane, within: deadline)
        } catch {
            // The node may be gone for good, and another in its place.
            if topology.isCluster, case .unavailable = error { refreshLater() }
            throw error
        }
        for index in replies.indices {
            guard case .error(let text) = replies[index], let fault = ServerFault(text) else { continue }
            replies[index] = await follow(fault, replies[index], commands[index], from: endpoint, lane, deadline)
        }
        return replies
    }

    /// Sends a command to one node, whatever its key.
    func execute(
        _ command: RedisCommand,
        at endpoint: RedisEndpoint,
        within deadline: Duration = .seconds(2)
    ) async throws(RedisError) -> RedisValue {
        guard let node = node(at: endpoint) else { throw .unavailable("it was closed") }
        let reply = try await send([command], to: node, on: .writes, within: deadline)[0]
        if case .error(let text) = reply { throw .server(text) }
        return reply
    }

    private func send(
        _ commands: [RedisCommand],
        to node: RedisNode,
        on lane: RedisNode.Lane,
        within deadline: Duration
    ) async throws(RedisError) -> [RedisValue] {
        let start = MonotonicTime.now
        let name = commands.first?.name ?? ""
        do {
            let replies = try await node.execute(commands, on: lane, within: deadline)
            let refusal = replies.firstNonNil { if case .error(let text) = $0 { text } else { nil } }
            let took = MonotonicTime.now - start
            metrics.record(name, count: commands.count, took: took, error: refusal.map { .server($0) })
            return replies
        } catch {
            metrics.record(name, count: commands.count, took: MonotonicTime.now - start, error: error)
            throw error
        }
    }

    /// Does what an error asks for; returns the reply in the end.
    private func follow(
        _ fault: ServerFault,
        _ reply: RedisValue,
        _ command: RedisCommand,
        from origin: RedisEndpoint,
        _ lane: RedisNode.Lane,
        _ deadline: Duration
    ) async -> RedisValue {
        var (fault, reply, origin) = (fault, reply, origin)
        for _ in 0..<Self.maximumRedirections {
            let target: RedisEndpoint
            var commands = [command]
            switch fault {
            case .moved(let slot, let name):
                guard let endpoint = RedisEndpoint(node: name, saidBy: origin) else { return reply }
                state.withLock { $0.topology.move(slot, to: endpoint) }
                refreshLater()
                target = endpoint
            case .ask(_, let name):
                guard let endpoint = RedisEndpoint(node: name, saidBy: origin) else { return reply }
                commands = [RedisCommand("ASKING"), command]
                target = endpoint
            case .readOnly:
                demoted(origin)
                return reply
            case .clusterDown:
                refreshLater()
                return reply
            default: return reply
            }
            guard let node = node(at: target) else { return reply }
            // A node that was not known before has to be connected to first.
            await node.settled()
            guard let answer = try? await send(commands, to: node, on: lane, within: deadline).last else {
                return reply
            }
            reply = answer
            origin = target
            guard case .error(let text) = reply, let next = ServerFault(text) else { return reply }
            fault = next
        }
        return reply
    }

    // MARK: - Nodes

    /// The node at an address, made and started if it is new; nil once the client is closed.
    private func node(at endpoint: RedisEndpoint) -> RedisNode? {
        let (node, isNew) = state.withLock { state -> (RedisNode?, Bool) in
            if let known = state.nodes[endpoint] { return (known, false) }
            guard !state.isClosed else { return (nil, false) }
            let made = makeNode(endpoint)
            state.nodes[endpoint] = made
            return (made, true)
        }
        if isNew { node?.start() }
        return node
    }

    private func makeNode(_ endpoint: RedisEndpoint) -> RedisNode {
        RedisNode(
            endpoint,
            settings: settings,
            onChange: { [logger] status in
                switch status {
                case .ready: logger.notice("the shared tier is connected", metadata: ["redis": "\(endpoint)"])
                case .broken(let reason):
                    logger.warning(
                        "the shared tier is out of reach; this replica goes on alone and tries again",
                        metadata: ["redis": "\(endpoint)", "reason": "\(reason)"]
                    )
                case .connecting, .closed: break
                }
            },
            onBreak: { [logger] isOpen in
                if isOpen {
                    logger.warning(
                        "the shared tier fails or is slow; lookups pass it by for a while",
                        metadata: ["redis": "\(endpoint)"]
                    )
                } else {
                    logger.notice("the shared tier answers again", metadata: ["redis": "\(endpoint)"])
                }
            }
        )
    }

    private func refreshLater() {
        let isDue = state.withLock { state in
            let now = MonotonicTime.now
            guard now >= state.mayRefreshAt, !state.isRefreshing else { return false }
            state.mayRefreshAt = now + Self.refreshPause
            return true
        }
        if isDue { Task { [self] in await refreshTopology() } }
    }

    /// A node became another's replica: a Cluster knows its successor; otherwise the address may lead there by now, as it
    /// does with a name or a proxy that follows the primary.
    private func demoted(_ endpoint: RedisEndpoint) {
        guard !topology.isCluster else { return refreshLater() }
        let node = state.withLock { state -> RedisNode? in
            let now = MonotonicTime.now
            guard now >= state.mayReconnectAt else { return nil }
            state.mayReconnectAt = now + Self.reconnectPause
            return state.nodes[endpoint]
        }
        node?.reconnect(because: "the server became a replica; the address may lead to its primary by now")
    }

    /// Asks the nodes, one after another, which of them serves what.
    func refreshTopology() async {
        let candidates: [RedisEndpoint] = state.withLock { state in
            guard !state.isRefreshing else { return [] }
            state.isRefreshing = true
            let primaries = state.topology.primaries
            return primaries.contains(url.endpoint) ? primaries : primaries + [url.endpoint]
        }
        guard !candidates.isEmpty else { return }
        defer { state.withLock { $0.isRefreshing = false } }
        for endpoint in candidates {
            guard let node = node(at: endpoint), node.status == .ready else { continue }
            let reply = try? await send([RedisCommand("CLUSTER SLOTS")], to: node, on: .writes, within: .seconds(2))
            guard let slots = reply?.first else { continue }
            // A server that is no cluster refuses the command.
            guard let topology = Topology(slots, saidBy: endpoint) else { continue }
            adopt(topology)
            for endpoint in topology.primaries { await self.node(at: endpoint)?.settled() }
            return
        }
    }

    private func adopt(_ topology: Topology) {
        let gone = state.withLock { state in
            state.topology = topology
            let gone = state.nodes.filter { !topology.primaries.contains($0.key) && $0.key != url.endpoint }
            for endpoint in gone.keys { state.nodes[endpoint] = nil }
            return gone
        }
        for node in gone.values { node.close() }
    }
}

extension Sequence {
    /// The first result that is not nil.
    func firstNonNil<Result>(_ transform: (Element) -> Result?) -> Result? {
        for element in self {
            if let result = transform(element) { return result }
        }
        return nil
    }
}
