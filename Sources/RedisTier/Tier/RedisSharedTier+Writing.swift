internal import Logging
public import SemanticCaching
internal import Synchronization

// The writer: what this replica stored goes to the server, in order, behind the requests.
extension RedisSharedTier {
    /// So many answers go in one pipeline.
    private static let batch = 64

    /// Takes over an answer with a wording of it; does not wait.
    public func publish(_ entry: CacheEntry, question: CachedQuestion, isAlias: Bool) {
        let publication = PublishQueue.Publication(entry: entry, question: question, isAlias: isAlias)
        state.withLock { $0.queue.append(publication, besides: $0.writing.count) }
        writes.signal()
        // Who holds answers of a namespace must hear of their removal.
        noteUse(of: entry.namespace)
    }

    /// Gives a lease back, once what was published before it is stored.
    public func release(_ token: SharedLease.Token) {
        let renewal = state.withLock { state in
            state.queue.append(token)
            return state.leases.removeValue(forKey: token)
        }
        renewal?.cancel()
        writes.signal()
    }

    /// Waits until half of the queue is free; not while the server takes nothing.
    public func waitForRoom() async {
        while !Task.isCancelled, client.isReady,
            state.withLock({ state in
                state.isRunning && !state.queue.hasRoom && state.failedBatches < CircuitBreaker.threshold
            })
        {
            try? await Task.sleep(for: .milliseconds(2))
        }
    }

    /// Waits until nothing waits to be published, or the task is cancelled; for tests and the end of a program.
    package func drain() async {
        while !Task.isCancelled, state.withLock({ !$0.queue.isEmpty || !$0.writing.isEmpty }) {
            try? await Task.sleep(for: .milliseconds(1))
        }
    }

    func writeUntilCancelled() async {
        var backoff = Backoff(first: .milliseconds(20), limit: .seconds(1))
        var generator = SystemRandomNumberGenerator()
        // The namespaces that cannot be written to now: they must not hold up the others.
        var resting: Set<NamespaceID> = []
        while !Task.isCancelled {
            guard state.withLock({ !$0.queue.isEmpty }) else {
                await writes.wait(atMost: .seconds(1))
                continue
            }
            switch await writeBatch(besides: resting) {
            case .written: if resting.isEmpty { backoff.reset() }
            case .kept(let namespaces, let isOutage) where client.topology.isCluster || !isOutage:
                resting.formUnion(namespaces)
            case .kept, .nothing:
                try? await Task.sleep(for: backoff.next(using: &generator))
                resting = []
            }
        }
        // What was acknowledged to nobody may go; but a server that is there can have it at once.
        guard client.isReady else { return }
        resting = []
        while true {
            switch await writeBatch(besides: resting) {
            case .written: continue
            case .kept(let namespaces, isOutage: false): resting.formUnion(namespaces)
            case .kept, .nothing: return
            }
        }
    }

    private enum BatchOutcome {
        case nothing
        case written
        /// Some answers of these namespaces wait again: the server could not take them, or they are in doubt.
        case kept(Set<NamespaceID>, isOutage: Bool)
    }

    /// Writes the oldest answers.
    private func writeBatch(besides resting: Set<NamespaceID> = []) async -> BatchOutcome {
        let items = state.withLock { state in
            let items = state.queue.takeFirst(Self.batch, besides: resting)
            for case .publication(let item) in items { state.writing[item.entry.id] = item }
            return items
        }
        guard !items.isEmpty else { return .nothing }
        // A slot each in a Cluster: the commands of one pipeline must go to one node.
        var waiting: [PublishQueue.Item] = []
        var isOutage = false
        for group in items.grouped(by: { $0.namespace }) {
            // What one server does not take from one namespace it takes from no other; a Cluster's nodes differ.
            if isOutage, !client.topology.isCluster {
                waiting += group
                continue
            }
            let outcome = await write(group)
            waiting += outcome.waiting
            isOutage = isOutage || outcome.isOutage
        }
        state.withLock { state in
            let kept = waiting.filter { item in
                guard case .publication(let item) = item else { return true }
                return !state.removedWhileWriting.contains(item.entry.id)
            }
            state.queue.giveBack(kept)
            state.failedBatches = isOutage ? state.failedBatches + 1 : 0
            state.writing = [:]
            state.removedWhileWriting = []
        }
        return waiting.isEmpty ? .written : .kept(Set(waiting.map(\.namespace)), isOutage: isOutage)
    }

    /// Writes answers of one namespace in one pipeline; returns those that have to wait, and whether the server is away.
    private func write(_ items: [PublishQueue.Item]) async -> (waiting: [PublishQueue.Item], isOutage: Bool) {
        guard let namespace = items.first?.namespace else { return ([], false) }
        // After an outage the changes of others come first: one of them may have removed what waits here.
        if isFollowing(namespace), !isCurrent(namespace, within: .seconds(2)) { return (items, true) }
        let keys = keys(namespace)
        let commands = items.map { command(for: $0, keys) }
        do {
            try await register(namespace, keys)
            var replies = try await client.execute(commands, on: .writes, within: configuration.commandDeadline)
            for index in replies.indices {
                guard case .error(let text) = replies[index], ServerFault(text) == .noScript else { continue }
                let whole = command(for: items[index], keys, isKnown: false)
                replies[index] =
                    try await client.execute([whole], on: .writes, within: configuration.commandDeadline)[0]
            }
            let outcome = PipelineOutcome(replies, of: items, hearsChanges: hears(of: namespace))
            note(outcome, in: namespace)
            return (outcome.waiting, outcome.isOutage)
        } catch {
            return (items, true)
        }
    }

    private func command(for item: PublishQueue.Item, _ keys: KeySpace, isKnown: Bool = true) -> RedisCommand {
        switch item {
        case .publication(let item): put(item, keys, isKnown: isKnown)
        case .release(let token):
            Scripts.renew.command(keys: [keys.lease(token.key)], [token.secret, 0], isKnown: isKnown)
        }
    }

    private func put(_ item: PublishQueue.Publication, _ keys: KeySpace, isKnown: Bool = true) -> RedisCommand {
        var entry = item.entry
        // The server knows times in milliseconds since 1970; what expires behind all that can be read there has none.
        if let end = entry.expiresAt, end.milliseconds > EntryCodec.latestTime { entry.expiresAt = nil }
        let key = item.question.key
        let places = [keys.meta, keys.stream, keys.ids, keys.entry(entry.id), keys.question(key)]
        var arguments = changeArguments
        arguments += [keys.prefix, entry.id.description, EntryCodec.encode(entry), key.hexadecimalPrefix]
        arguments += [EntryCodec.encode(item.question), entry.expiresAt.map { String($0.milliseconds) } ?? ""]
        arguments += [entry.epoch, item.isAlias ? 1 : 0]
        arguments += appliedArguments(in: entry.namespace)
        return Scripts.put.command(keys: places, arguments, isKnown: isKnown)
    }

    /// Counts what came of a pipeline, and says once that the server refuses answers.
    private func note(_ outcome: PipelineOutcome, in namespace: NamespaceID) {
        counters.published.add(outcome.published, ordering: .relaxed)
        counters.refused.add(outcome.refused, ordering: .relaxed)
        guard outcome.dropped > 0 else { return }
        let isFirst = state.withLock { state in
            state.queue.countDropped(outcome.dropped)
            defer { state.hasSaidRefusal = true }
            return !state.hasSaidRefusal
        }
        guard isFirst, let reason = outcome.reason else { return }
        logger.warning(
            "the shared tier does not take an answer, and may not take others: see dropped_answers",
            metadata: ["namespace": "\(namespace)", "reason": "\(reason)"]
        )
    }

    /// How far this replica has heard: what it has not heard of may concern what it stores.
    ///
    /// What it has heard of was taken out of the queue before, and is not stored any more.
    private func appliedArguments(in namespace: NamespaceID) -> [any RedisArgument] {
        guard configuration.followsChanges else { return [0, -1] }
        let position = state.withLock { $0.follows[namespace]?.position } ?? .start
        return [position.incarnation, position.number]
    }

    private func isFollowing(_ namespace: NamespaceID) -> Bool {
        state.withLock { $0.follows[namespace]?.phase == .following && $0.isRunning }
    }

    /// Whether the changes of the namespace come to this replica, now or soon.
    private func hears(of namespace: NamespaceID) -> Bool {
        state.withLock { state in
            guard state.isRunning, let follow = state.follows[namespace] else { return false }
            return follow.phase != .leaving
        }
    }

    /// Tells the server the namespace's name, so that it can be listed, flushed and invalidated.
    func register(_ namespace: NamespaceID, _ keys: KeySpace) async throws(RedisError) {
        let registry = KeySpace.registry(prefix: configuration.url.prefix)
        let command = RedisCommand("HSET", [registry, keys.digest, namespace.epochName], key: registry)
        do {
            _ = try await client.execute([command], on: .writes, within: configuration.commandDeadline)
            _ = state.withLock { $0.registered.insert(namespace) }
        } catch {
            // In a Cluster another node keeps the list; its failure holds up only those that are not on it yet.
            guard client.topology.isCluster, state.withLock({ $0.registered.contains(namespace) }) else { throw error }
        }
    }
}

extension PublishQueue.Item {
    /// Where the item belongs.
    var namespace: NamespaceID {
        switch self {
        case .publication(let item): item.entry.namespace
        case .release(let token): token.namespace
        }
    }
}

extension Array {
    /// The elements in groups of equal keys, each in its order, the groups in the order of their first elements.
    func grouped<Key: Hashable>(by key: (Element) -> Key) -> [[Element]] {
        var places: [Key: Int] = [:]
        var groups: [[Element]] = []
        for element in self {
            let place = places[key(element), default: groups.count]
            if place == groups.count {
                places[key(element)] = place
                groups.append([])
            }
            groups[place].append(element)
        }
        return groups
    }
}
