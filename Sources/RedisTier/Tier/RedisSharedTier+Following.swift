internal import Logging
internal import SemanticCaching
internal import Synchronization

// The follower: changes of the namespaces in use, applied in order.
extension RedisSharedTier {
    /// So many changes of a namespace are read at a time.
    private static let batch = 1024
    /// A Cluster cannot be asked to wait for several slots at once: it is asked this often instead.
    private static let clusterPoll = Duration.milliseconds(20)

    func followUntilCancelled(_ receiver: any SharedTierReceiver) async {
        var backoff = Backoff(first: .milliseconds(20), limit: .seconds(1))
        var generator = SystemRandomNumberGenerator()
        var keptAt = MonotonicTime.now
        var kept: [NamespaceID: StreamPosition] = [:]
        while !Task.isCancelled {
            let places = following
            guard !places.isEmpty else {
                try? await Task.sleep(for: min(configuration.pulse, .milliseconds(20)))
                continue
            }
            do {
                try await readChanges(of: places, receiver)
                if backoff.failures > 0 {
                    backoff.reset()
                    // Whatever happened to the server meanwhile, its streams may not be what they were.
                    try await checkTops()
                }
            } catch {
                try? await Task.sleep(for: backoff.next(using: &generator))
            }
            if MonotonicTime.now - keptAt > 1_000_000_000 {
                await dropUnused(&kept, receiver)
                await keepPositions(&kept, receiver)
                keptAt = MonotonicTime.now
            }
        }
        await keepPositions(&kept, receiver)
    }

    private var following: [(namespace: NamespaceID, position: StreamPosition)] {
        state.withLock { state in
            state.follows.compactMap { namespace, follow in
                guard follow.phase == .following, let position = follow.position else { return nil }
                return (namespace, position)
            }
        }
    }

    private func readChanges(
        of places: [(namespace: NamespaceID, position: StreamPosition)],
        _ receiver: any SharedTierReceiver
    ) async throws {
        guard client.topology.isCluster else {
            return try await readChanges(of: places, waiting: configuration.pulse, receiver)
        }
        // A node that fails holds up its own namespaces only.
        let failures = await withTaskGroup(of: (any Error)?.self) { group in
            for place in places {
                group.addTask {
                    do {
                        try await self.readChanges(of: [place], waiting: nil, receiver)
                        return nil
                    } catch {
                        return error
                    }
                }
            }
            return await group.reduce(into: [any Error]()) { failures, failure in
                if let failure { failures.append(failure) }
            }
        }
        if let failure = failures.first, failures.count == places.count { throw failure }
        // Thousands of namespaces are asked less often, so that asking stays a small part of the load.
        try await Task.sleep(for: max(Self.clusterPoll, .milliseconds(1) * places.count))
    }

    /// Reads and applies the next changes of namespaces of one node; waits for the first of them if asked to.
    private func readChanges(
        of places: [(namespace: NamespaceID, position: StreamPosition)],
        waiting: Duration?,
        _ receiver: any SharedTierReceiver
    ) async throws {
        let names = places.map { keys($0.namespace).stream }
        var arguments: [any RedisArgument] = ["COUNT", Self.batch]
        if let waiting { arguments += ["BLOCK", max(1, waiting.nanoseconds / 1_000_000)] }
        arguments += ["STREAMS"] + names + places.map(\.position.description)
        let command = RedisCommand("XREAD", arguments, key: names.first)
        let sentAt = MonotonicTime.now
        let deadline = configuration.commandDeadline + (waiting ?? .zero)
        let reply = try await client.execute(command, on: .changes, within: deadline)
        let records = Dictionary(ChangeRecord.records(reply).map { ($0.stream, $0.records) }, uniquingKeysWith: { $1 })
        for (place, name) in zip(places, names) {
            guard let changes = records[name], !changes.isEmpty else {
                heard(place.namespace, at: sentAt)
                continue
            }
            // A full batch may not be all that there was when it was asked for.
            let isComplete = changes.count < Self.batch
            if try await apply(changes, in: place.namespace, receiver), isComplete {
                heard(place.namespace, at: sentAt)
            }
        }
    }

    private func heard(_ namespace: NamespaceID, at time: Int64) {
        state.withLock { state in
            guard state.follows[namespace]?.phase == .following else { return }
            state.follows[namespace]?.heardAt = time
        }
    }

    /// Applies changes in their order; false if some were missed, so that the namespace is read anew.
    private func apply(
        _ records: [ChangeRecord],
        in namespace: NamespaceID,
        _ receiver: any SharedTierReceiver
    ) async throws -> Bool {
        // Nothing is said to be applied before it is: the steps are tried on a copy.
        guard var follow = state.withLock({ $0.follows[namespace] }) else { return false }
        var due: [ChangeRecord] = []
        var isGap = false
        for record in records {
            let step = follow.advance(to: record.position)
            if step == .apply, record.replica != replica { due.append(record) }
            if step == .readAnew {
                isGap = true
                break
            }
        }
        try await deliver(due, in: namespace, receiver)
        counters.applied.add(due.count, ordering: .relaxed)
        state.withLock { state in
            state.follows[namespace]?.position = follow.position
            if let position = follow.position, state.follows[namespace]?.top.map({ $0 < position }) ?? true {
                state.follows[namespace]?.top = position
            }
        }
        for case .stored(_, let key) in due.map(\.kind) { waiters.wake(key) }
        if isGap {
            logger.warning(
                "changes in the shared tier were missed; the namespace is read anew",
                metadata: ["namespace": "\(namespace)"]
            )
            setPhase(.starting, of: namespace)
        }
        return !isGap
    }

    /// Fetches what was stored, all at once, and hands everything over in its order.
    private func deliver(
        _ records: [ChangeRecord],
        in namespace: NamespaceID,
        _ receiver: any SharedTierReceiver
    ) async throws {
        guard !records.isEmpty else { return }
        let ids = Set(records.compactMap { if case .stored(let id, _) = $0.kind { id } else { nil } })
        let last = records[records.count - 1].position
        let stored = try await Self.stored(ids) { ids in
            try await self.entries(ids, in: namespace)
        } confirm: {
            try await self.expect(last, of: namespace)
        }
        var byID = Dictionary(stored.map { ($0.entry.id, $0) }, uniquingKeysWith: { $1 })
        let changes = records.compactMap { record -> SharedChange? in
            switch record.kind {
            case .stored(let id, _):
                // What is gone meanwhile has its removal further on; what came twice is handed over once.
                return byID.removeValue(forKey: id).map { .stored($0.entry, questions: $0.questions) }
            case .removed(let ids): return .removed(ids)
            case .epoch(let epoch): return .epoch(epoch)
            case .invalidated(let selector): return .invalidated(selector)
            case .unknown:
                skip(.malformed, in: namespace)
                return nil
            }
        }
        await receiver.apply(changes, in: namespace)
        // After the engine, which then stores nothing more of it, and before the changes count as applied.
        for change in changes { forgetQueued(change, in: namespace) }
    }

    /// The answers that changes have stored, but for those that are gone meanwhile.
    ///
    /// - Parameters:
    ///   - read: Reads answers; those that the server does not have are left out.
    ///   - confirm: Throws if the server that answers are read from does not have the changes yet.
    static func stored(
        _ ids: Set<EntryID>,
        read: ([EntryID]) async throws -> [SharedEntry],
        confirm: () async throws -> Void
    ) async throws -> [SharedEntry] {
        let found = try await read(Array(ids))
        guard found.count < ids.count else { return found }
        try await confirm()
        // It may have come there between the two questions.
        return found + (try await read(Array(ids.subtracting(found.map(\.entry.id)))))
    }

    /// Takes what others invalidated out of what waits to be written.
    private func forgetQueued(_ change: SharedChange, in namespace: NamespaceID) {
        switch change {
        case .invalidated(let selector):
            forget { $0.entry.namespace == namespace && selector.selects($0.entry, questions: [$0.question]) }
        case .epoch(let epoch): forget { $0.entry.namespace == namespace && $0.entry.epoch < epoch }
        case .stored, .removed, .absent: break
        }
    }

    /// Throws if the connection that answers are read from leads to a server that does not have a change yet.
    ///
    /// In a failover the connections do not all come to the new server at one time, and one of them may still lead to a
    /// replica that is behind: an answer that is missing there is not gone, and the changes are to be read again.
    private func expect(_ position: StreamPosition, of namespace: NamespaceID) async throws(RedisError) {
        guard let top = try await meta(of: [namespace])[0].top, position <= top else {
            throw .unavailable("the server that answers are read from is behind the one of the changes")
        }
    }

    // MARK: - The pulse

    /// Looks now and then whether the server has what was applied, and tells it that this replica is alive.
    func beatUntilCancelled() async {
        while !Task.isCancelled {
            try? await checkTops()
            try? await beat()
            try? await Task.sleep(for: .seconds(1))
        }
    }

    /// Compares what is applied with what the server has: a server that was flushed, or took over without the last changes,
    /// has less.
    private func checkTops() async throws {
        // The place is taken before the question, so that a change in between is no contradiction.
        let places = following
        guard client.topology.isCluster else { return try await checkTops(places) }
        for place in places { try? await checkTops([place]) }
    }

    private func checkTops(_ places: [(namespace: NamespaceID, position: StreamPosition)]) async throws {
        let metas = try await meta(of: places.map(\.namespace))
        for (place, meta) in zip(places, metas) {
            let isContradicted = state.withLock { state -> Bool in
                guard var follow = state.follows[place.namespace], follow.phase == .following else { return false }
                follow.top = meta.top
                state.follows[place.namespace]?.top = meta.top
                follow.position = place.position
                return follow.contradicts(meta.top)
            }
            guard isContradicted else { continue }
            logger.warning(
                "the shared tier has lost changes (flushed, or failed over); the namespace is read anew",
                metadata: ["namespace": "\(place.namespace)"]
            )
            setPhase(.starting, of: place.namespace)
        }
    }

    /// Lets the namespaces go that were not used for longest, if there are too many or they occupy too much.
    ///
    /// Called by the follower itself, so that no change of them is being applied meanwhile.
    private func dropUnused(
        _ kept: inout [NamespaceID: StreamPosition],
        _ receiver: any SharedTierReceiver
    ) async {
        // What goes while the server is away could not be read again.
        guard client.isReady else { return }
        let places = state.withLock { $0.follows.mapValues(\.usedAt) }
        let usages = places.map { FollowedNamespaces.Usage($0, usedAt: $1, bytes: receiver.byteCount(of: $0)) }
        let limits = FollowedNamespaces(
            maximumCount: configuration.maximumFollowedNamespaces,
            maximumBytes: configuration.maximumFollowedBytes
        )
        for usage in limits.excess(of: usages) {
            let namespace = usage.namespace
            let left = state.withLock { state -> StreamPosition? in
                guard let follow = state.follows[namespace], follow.phase == .following else { return nil }
                state.follows[namespace]?.phase = .leaving
                state.follows[namespace]?.heardAt = nil
                state.follows[namespace]?.position = nil
                return follow.position ?? .start
            }
            guard let left else { continue }
            // Nobody will hear of removals: what is here must go, and is read anew when the namespace is used again. What a
            // store that fails, or the end of the process, leaves here is confirmed then.
            kept[namespace] = nil
            await receiver.setPosition(KeptPlace.reading(left).description, in: namespace)
            await receiver.release(namespace)
            if let rest = try? await receiver.entries(in: namespace), rest.isEmpty {
                await receiver.setPosition(nil, in: namespace)
            }
            let isUsedAgain = state.withLock { state in
                guard let follow = state.follows[namespace], follow.usedAt > usage.usedAt else {
                    state.follows[namespace] = nil
                    return false
                }
                state.follows[namespace]?.phase = .starting
                return true
            }
            if isUsedAgain { uses.signal() }
        }
    }

    private func keepPositions(
        _ kept: inout [NamespaceID: StreamPosition],
        _ receiver: any SharedTierReceiver
    ) async {
        for place in following where kept[place.namespace] != place.position {
            await receiver.setPosition(place.position.description, in: place.namespace)
            kept[place.namespace] = place.position
        }
    }
}
