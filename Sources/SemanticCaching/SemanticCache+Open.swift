internal import Embeddings
internal import Logging
internal import Synchronization
internal import VectorSearch

extension SemanticCache {
    /// Reads what the store holds, so that its questions are found in meaning; call it once, before the first lookup.
    ///
    ///     let cache = try SemanticCache(embedder: embedder, store: store)
    ///     try await cache.open(snapshots: snapshots)
    ///
    /// With a snapshot of the indexes only what changed since is indexed anew. Questions whose vectors are of another
    /// embedding model, or that have none, are kept and embedded in the background.
    /// - Parameters:
    ///   - snapshots: Where ``saveSnapshot(to:)`` kept the indexes.
    ///   - inBackground: Return at once, and read the indexes and the stored questions while requests are answered already:
    ///     word for word from the first moment, in meaning as far as the index has come.
    ///   - progress: Called now and then with the number of questions read so far.
    /// - Throws: ``CacheError`` with `storeUnavailable`.
    /// - Complexity: O(*q*) for *q* stored questions; with a good snapshot no index is built.
    public func open(
        snapshots: (any SnapshotStore)? = nil,
        inBackground: Bool = false,
        progress: (@Sendable (Int) -> Void)? = nil
    ) async throws {
        try await prepare()
        guard inBackground else {
            try await hydrate(after: try await loadedSnapshot(from: snapshots), progress)
            Task(priority: .background) { [self] in await embedMissing() }
            return
        }
        Task(priority: .utility) { [self] in
            do {
                try await hydrate(after: try await loadedSnapshot(from: snapshots), progress)
                await embedMissing()
            } catch {
                logger.error("stored questions are not found in meaning", metadata: ["error": "\(error)"])
            }
        }
    }

    /// Reads what a few lookups need, and nothing else if there is a snapshot of the store's present state; for caches that
    /// store and evict nothing.
    package func openToRead(
        snapshots: any SnapshotStore,
        progress: (@Sendable (Int) -> Void)? = nil
    ) async throws {
        try await prepare()
        let snapshot = try await loadedSnapshot(from: snapshots)
        if snapshot == .current, !configuration.learns || embedder == nil {
            return snapshotState.withLock { $0.isComplete = true }
        }
        guard embedder != nil else { return }
        try await hydrate(after: snapshot, progress)
    }

    /// Reads the small things that every lookup needs.
    private func prepare() async throws {
        snapshotState.withLock { $0.isComplete = false }
        lastQuestionID.store(try await store.highestQuestionID(), ordering: .releasing)
        for name in try await store.metadataNames(prefix: NamespaceID.epochPrefix) {
            guard let namespace = NamespaceID(epochName: name) else { continue }
            namespaces.raiseEpoch(of: namespace, to: try await storedEpoch(of: namespace))
        }
        try await restoreTuning()
        try await restoreLearning()
    }

    /// What the indexes were restored from.
    private enum Snapshot {
        /// Nothing.
        case none
        /// A copy of an earlier state of the store.
        case stale
        /// A copy of its present state.
        case current
    }

    private func loadedSnapshot(from snapshots: (any SnapshotStore)?) async throws -> Snapshot {
        guard let snapshots, let isCurrent = try await loadSnapshot(from: snapshots) else { return .none }
        return isCurrent ? .current : .stale
    }

    /// Walks through the stored questions: accounts for their answers, indexes those that no index has, and notes those
    /// whose vectors are of another model.
    private func hydrate(after snapshot: Snapshot, _ progress: (@Sendable (Int) -> Void)?) async throws {
        // What is stored from now on is published by whoever stores it.
        let highest = lastQuestionID.load(ordering: .acquiring)
        var seen: [UInt64] = []
        var last: UInt64 = 0
        while last < highest {
            let batch = try await store.questions(after: last, limit: 1024).filter { $0.question.id <= highest }
            guard let end = batch.last else { break }
            last = end.question.id
            try await restoreRetention(of: batch)
            for match in batch where isUsable(match) {
                if hasVectorOfThisModel(match.question) {
                    try publishIfMissing(match.question, in: match.entry.namespace)
                } else if match.question.partition != nil, embedder != nil {
                    missingVectors.add([match.question.id])
                }
            }
            seen += batch.map(\.question.id)
            progress?(seen.count)
        }
        // What was removed since the copy was made is filtered out of every lookup; here it makes room.
        if snapshot == .stale { try await removeGone(upTo: highest, besides: seen) }
        snapshotState.withLock { $0.isComplete = true }
    }

    /// Removes the questions from the indexes that the store does not have any more, of those that the walk did not come by.
    ///
    /// It asks for them once more: a question that had its number before the walk may have been stored behind its back. As it
    /// is stored before it is indexed, one that was indexed and is not stored is gone.
    private func removeGone(upTo highest: UInt64, besides seen: [UInt64]) async throws {
        for (digest, numbers) in partitions.numbers(upTo: highest) {
            let missing = numbers.filter { !seen.containsSorted($0) }
            for start in stride(from: 0, to: missing.count, by: 1024) {
                let batch = missing[start..<min(start + 1024, missing.count)]
                let stored = Set(try await store.matches(questions: Array(batch)).map(\.question.id))
                for number in batch where !stored.contains(number) { partitions.remove(id: number, from: digest) }
            }
        }
    }

    private func restoreRetention(of batch: [StoredMatch]) async throws {
        let used = try await store.use(of: Array(Set(batch.map(\.entry.id))))
        let uses = Dictionary(used.map { ($0.entry, $0) }, uniquingKeysWith: { first, _ in first })
        let now = clock.now
        for match in batch {
            let namespace = namespaces[match.entry.namespace]
            namespace.retention.restore(
                match.entry,
                bytes: match.question.byteCount,
                use: uses[match.entry.id],
                settings: namespace.settings,
                now: now
            )
        }
    }

    private func isUsable(_ match: StoredMatch) -> Bool {
        let namespace = namespaces[match.entry.namespace]
        guard match.entry.epoch >= namespace.epoch else { return false }
        guard let expiresAt = match.entry.expiresAt else { return true }
        return clock.now < expiresAt + namespace.settings.longestStaleness
    }
}

extension CacheConfiguration {
    /// Whether any namespace may learn which hits are right, for which it has to know the vectors of all answers.
    fileprivate var learns: Bool {
        namespaces.maximumErrorRate != nil
            || rules.contains { rule in
                var settings = namespaces
                rule.apply(&settings)
                return settings.maximumErrorRate != nil
            }
    }
}

extension [UInt64] {
    /// Whether a number is among these, which ascend.
    ///
    /// - Complexity: O(log *n*).
    fileprivate func containsSorted(_ number: UInt64) -> Bool {
        var (low, high) = (0, count)
        while low < high {
            let middle = (low + high) / 2
            if self[middle] < number { low = middle + 1 } else { high = middle }
        }
        return low < count && self[low] == number
    }
}
