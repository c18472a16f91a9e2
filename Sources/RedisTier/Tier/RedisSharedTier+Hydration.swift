internal import Logging
internal import SemanticCaching
internal import Synchronization

// Beginning to follow a namespace: from where this replica stopped, if the changes since then are still there; otherwise the
// namespace is read as a whole, and then what changed while it was.
extension RedisSharedTier {
    /// So many namespaces are read at a time.
    private static let width = 2
    /// So many marks of removed answers are looked for at a time.
    private static let marksAtOnce = 512

    func beginUntilCancelled(_ receiver: any SharedTierReceiver) async {
        await withTaskGroup(of: Void.self) { group in
            var running = 0
            var backoff = Backoff(first: .milliseconds(50), limit: .seconds(2))
            var generator = SystemRandomNumberGenerator()
            while !Task.isCancelled {
                guard let namespace = takeStarting() else {
                    await uses.wait(atMost: .milliseconds(500))
                    continue
                }
                if running >= Self.width {
                    await group.next()
                    running -= 1
                }
                guard client.isReady else {
                    setPhase(.starting, of: namespace)
                    try? await Task.sleep(for: backoff.next(using: &generator))
                    continue
                }
                backoff.reset()
                running += 1
                group.addTask {
                    do { try await self.begin(namespace, receiver) } catch {
                        // The next look begins again.
                        try? await Task.sleep(for: .milliseconds(100))
                        self.setPhase(.starting, of: namespace)
                    }
                }
            }
            group.cancelAll()
        }
    }

    private func takeStarting() -> NamespaceID? {
        state.withLock { state in
            guard let found = state.follows.first(where: { $0.value.phase == .starting })?.key else { return nil }
            state.follows[found]?.phase = .hydrating
            return found
        }
    }

    func setPhase(_ phase: FollowState.Phase, of namespace: NamespaceID) {
        state.withLock { state in
            state.follows[namespace]?.phase = phase
            state.follows[namespace]?.heardAt = nil
        }
        if phase == .starting { uses.signal() }
    }

    private func begin(_ namespace: NamespaceID, _ receiver: any SharedTierReceiver) async throws {
        // Whoever invalidates tells the namespaces that are on the list; a server that takes no writes can be followed, too.
        try? await register(namespace, keys(namespace))
        let sentAt = MonotonicTime.now
        let before = await lastPlace(in: namespace, receiver)
        let meta = try await meta(of: [namespace])[0]
        await receiver.apply([.epoch(meta.epoch)], in: namespace)
        if case .applied(let position) = before, try await isContinued(position, meta, namespace) {
            follow(namespace, from: position, heardAt: position == meta.top ? sentAt : nil)
            return
        }
        let position = meta.top ?? .start
        await setPlace(.reading(position), in: namespace, receiver)
        // What was stored here and is not there any more was removed, unless the server lost everything it knew.
        let mustConfirm = before.map { $0.isOfStream(of: meta.top) || receiver.isStrict(namespace) } ?? false
        let known = mustConfirm ? try await receiver.entries(in: namespace) : []
        if before != nil { counters.gaps.add(1, ordering: .relaxed) }
        let seen = try await hydrate(namespace, receiver)
        if mustConfirm {
            let waiting = state.withLock { $0.queue.entries.union($0.writing.keys) }
            let gone = known.subtracting(seen).subtracting(waiting).sorted()
            // A server that took over without the last changes may yet get them: only what it knows to be removed stays out.
            let removed = try await marked(gone, in: namespace)
            let absent = gone.filter { !removed.contains($0) }
            await receiver.apply([.removed(removed.sorted()), .absent(absent)], in: namespace)
        } else {
            // A lookup may have taken an answer in that was removed before the reading began, of which no change tells now. What
            // was stored here before there was a server stays.
            let unseen = try await receiver.entries(in: namespace).subtracting(seen)
            let removed = try await marked(unseen.sorted(), in: namespace)
            await receiver.apply([.removed(removed.sorted())], in: namespace)
        }
        await setPlace(.applied(position), in: namespace, receiver)
        // Everything that was changed before the beginning is applied.
        follow(namespace, from: position, heardAt: sentAt)
    }

    /// Keeps how far this replica came, here and for its next start.
    private func setPlace(
        _ place: KeptPlace,
        in namespace: NamespaceID,
        _ receiver: any SharedTierReceiver
    ) async {
        if case .reading(let position) = place { state.withLock { $0.follows[namespace]?.reading = position } }
        await receiver.setPosition(place.description, in: namespace)
    }

    /// Those of the answers that the server remembers as removed.
    private func marked(_ ids: [EntryID], in namespace: NamespaceID) async throws(RedisError) -> Set<EntryID> {
        let keys = keys(namespace)
        var marked: Set<EntryID> = []
        for start in stride(from: 0, to: ids.count, by: Self.marksAtOnce) {
            let batch = ids[start..<min(start + Self.marksAtOnce, ids.count)]
            let commands = batch.map { id in RedisCommand("EXISTS", [keys.mark(id)], key: keys.meta) }
            let replies = try await client.execute(commands, on: .feed, within: configuration.commandDeadline)
            for (id, reply) in zip(batch, replies) where reply == .integer(1) { marked.insert(id) }
        }
        return marked
    }

    /// Where this replica stopped: in this process, or when it last ran.
    private func lastPlace(in namespace: NamespaceID, _ receiver: any SharedTierReceiver) async -> KeptPlace? {
        let follow = state.withLock { $0.follows[namespace] }
        if let reading = follow?.reading { return .reading(reading) }
        if let position = follow?.position { return .applied(position) }
        return await receiver.position(in: namespace).flatMap { KeptPlace($0) }
    }

    /// Whether all changes behind a place can be read.
    private func isContinued(
        _ position: StreamPosition,
        _ meta: Meta,
        _ namespace: NamespaceID
    ) async throws(RedisError) -> Bool {
        guard let top = meta.top else { return position == .start }
        if position == top { return true }
        guard position == .start || (position.incarnation == top.incarnation && position < top) else { return false }
        let keys = keys(namespace)
        let command = RedisCommand(
            "XREAD",
            ["COUNT", 1, "STREAMS", keys.stream, position.description],
            key: keys.stream
        )
        let reply = try await client.execute(command, on: .feed, within: configuration.commandDeadline)
        guard let next = ChangeRecord.records(reply).first?.records.first?.position else { return false }
        return position == .start ? next.number == 1 : position.isFollowed(by: next)
    }

    private func follow(_ namespace: NamespaceID, from position: StreamPosition, heardAt: Int64?) {
        state.withLock { state in
            state.follows[namespace]?.position = position
            state.follows[namespace]?.reading = nil
            state.follows[namespace]?.phase = .following
            state.follows[namespace]?.heardAt = heardAt
        }
    }

    /// Reads a namespace as a whole; returns the ids of the answers that are there.
    @discardableResult
    func hydrate(_ namespace: NamespaceID, _ receiver: any SharedTierReceiver) async throws -> Set<EntryID> {
        let keys = keys(namespace)
        let card = RedisCommand("ZCARD", [keys.ids], key: keys.ids)
        let total = try await client.execute(card, on: .feed, within: configuration.commandDeadline).integer ?? 0
        state.withLock { state in
            state.follows[namespace]?.hydrated = 0
            state.follows[namespace]?.hydrationTotal = Int(total)
        }
        let start = ContinuousClock.now
        var seen: Set<EntryID> = []
        try await forEachPage(of: namespace) { page, ids in
            try Task.checkCancellation()
            await receiver.apply(page.map { .stored($0.entry, questions: $0.questions) }, in: namespace)
            seen.formUnion(page.map(\.entry.id))
            state.withLock { $0.follows[namespace]?.hydrated += ids.count }
        }
        logger.notice(
            "read a namespace from the shared tier",
            metadata: [
                "namespace": "\(namespace)", "answers": "\(seen.count)", "time": "\(start.duration(to: .now))",
            ]
        )
        return seen
    }
}
