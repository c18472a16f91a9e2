internal import Logging
internal import Synchronization

extension SemanticCache {
    /// Reclaims answers that are no longer of use; returns how many.
    ///
    /// Call it now and then, or let ``run(every:savingTo:)`` do it. Lookups never serve such answers, swept or not: sweeping only frees their room.
    /// - Throws: ``CacheError`` with `storeUnavailable`.
    /// - Complexity: O(*e*) for *e* answers that go; those that stay cost nothing.
    @discardableResult
    public func sweep(limit: Int = 10_000) async throws -> Int {
        var count = 0
        for namespace in namespaces.all where count < limit {
            let expired = namespace.retention.takeExpired(now: clock.now, limit: limit - count)
            count += try await evict(expired, from: namespace, cause: .expiration)
            let excess = namespace.retention.takeOverflow(settings: namespace.settings, limit: max(0, limit - count))
            count += try await evict(excess, from: namespace, cause: .overflow)
            guard namespace.hasOutdatedEntries, count < limit else { continue }
            count += try await reclaimOutdated(namespace, limit: limit - count)
        }
        count += try await enforceTotalLimit()
        try await recordUses()
        await embedMissing(limit: 256)
        try await flushLedger()
        exact.removeExpired(now: clock.now, limit: limit)
        try await saveUnsavedLearning()
        return count
    }

    /// Removes what an epoch made invisible.
    private func reclaimOutdated(_ namespace: NamespaceState, limit: Int) async throws -> Int {
        var filter = EntryFilter(namespace: namespace.id)
        filter.epochBefore = namespace.epoch
        var count = 0
        while count < limit {
            let batch = try await store.entries(matching: filter, after: nil, limit: min(512, limit - count))
            guard !batch.isEmpty else {
                namespace.reclaimed(upTo: filter.epochBefore ?? 0)
                break
            }
            count += try await evict(batch.map(\.id), from: namespace, cause: .invalidation)
        }
        return count
    }

    /// Removes answers that their namespace does not keep any longer; returns how many were there.
    func evict(_ entries: [EntryID], from namespace: NamespaceState, cause: DeletionCause) async throws -> Int {
        guard !entries.isEmpty else { return 0 }
        var count = 0
        // Short transactions let the callers that wait for the store's writer get in between; long ones share the pages
        // that each removal touches. This is some milliseconds.
        for start in stride(from: 0, to: entries.count, by: 1024) {
            let batch = Array(entries[start..<min(start + 1024, entries.count)])
            do {
                let removed = try await store.remove(batch)
                forget(removed)
                let there = Set(removed.map(\.entry))
                count += there.count
                noteEviction(of: batch, there: batch.filter(there.contains), from: namespace, cause)
            } catch {
                namespace.retention.giveBack(Array(entries[start...]))
                throw error
            }
        }
        return count
    }

    /// Takes removed answers out of the accounts, and tells of those that were there.
    private func noteEviction(
        of entries: [EntryID],
        there: [EntryID],
        from namespace: NamespaceState,
        _ cause: DeletionCause
    ) {
        namespace.retention.remove(entries)
        namespace.learning?.records.remove(entries)
        guard !there.isEmpty else { return }
        namespace.counters.countRemovals(there.count, cause)
        onRemoval?(there, cause)
    }

    /// Removes the least valuable answers of all namespaces until the limit on the whole holds.
    func enforceTotalLimit() async throws -> Int {
        let all = namespaces.inUse
        let total = all.reduce(0) { $0 + $1.retention.usage.bytes }
        guard total > configuration.maximumBytes else { return 0 }
        var excess = total - configuration.maximumBytes + configuration.maximumBytes / 100
        var count = 0
        while excess > 0 {
            let now = clock.now
            let scored = all.compactMap { state in state.retention.weakestScore(now: now).map { (state, $0) } }
            guard let weakest = scored.min(by: { $0.1 < $1.1 })?.0 else { break }
            let before = weakest.retention.usage.bytes
            let gone = weakest.retention.takeWeakest(bytes: min(excess, 1 << 20), limit: 256)
            guard !gone.isEmpty else { break }
            excess -= before - weakest.retention.usage.bytes
            count += try await evict(gone, from: weakest, cause: .overflow)
        }
        return count
    }

    /// Tells the store what was used; a crash before costs nothing but precision.
    func recordUses() async throws {
        for namespace in namespaces.inUse {
            let uses = namespace.retention.takeUses()
            if !uses.isEmpty { try await store.recordUse(uses) }
        }
    }

    /// Keeps what is worth keeping (what namespaces learned, uses, a snapshot of the indexes) and closes the store.
    ///
    /// Nothing that was acknowledged needs this: a process that is killed instead only starts more slowly.
    /// - Parameter snapshots: Where to keep the indexes.
    /// - Throws: ``CacheError`` with `storeUnavailable`.
    public func close(savingTo snapshots: (any SnapshotStore)? = nil) async throws {
        for namespace in namespaces.all { try await saveLearning(of: namespace) }
        try await recordUses()
        try await flushLedger()
        if let snapshots { try await saveSnapshot(to: snapshots) }
        try await store.close()
    }

    /// Sweeps until the task is cancelled; a service to run beside the program.
    ///
    /// - Parameters:
    ///   - interval: The time between two sweeps.
    ///   - snapshots: Where to keep a copy of the indexes whenever much has changed, so that a process that is killed
    ///     starts as fast as one that was closed.
    public func run(every interval: Duration = .seconds(30), savingTo snapshots: (any SnapshotStore)? = nil)
        async throws
    {
        while !Task.isCancelled {
            do { try await clock.sleep(for: interval) } catch { return }
            do {
                try await sweep()
                if let snapshots { try await saveSnapshotIfDue(to: snapshots) }
            } catch {
                logger.warning("a sweep failed; the next one tries again", metadata: ["error": "\(error)"])
            }
        }
    }
}
