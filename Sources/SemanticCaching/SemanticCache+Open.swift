internal import Synchronization

extension SemanticCache {
    /// Reads what the store holds, so that its questions are found in meaning; call it once, before the first lookup.
    ///
    ///     let cache = try SemanticCache(embedder: embedder, store: store)
    ///     try await cache.open()
    ///
    /// Answers that are no longer of use, and vectors of another embedding model, are left out.
    /// - Parameter progress: Called now and then with the number of questions read so far.
    /// - Throws: ``CacheError`` with `storeUnavailable`.
    /// - Complexity: O(*q*) index insertions for *q* stored questions.
    public func open(progress: (@Sendable (Int) -> Void)? = nil) async throws {
        lastQuestionID.store(try await store.highestQuestionID(), ordering: .releasing)
        for name in try await store.metadataNames(prefix: NamespaceID.epochPrefix) {
            guard let namespace = NamespaceID(epochName: name), let value = try await store.metadata(name) else {
                continue
            }
            namespaces.raiseEpoch(of: namespace, to: UInt64(String(decoding: value, as: UTF8.self)) ?? 0)
        }
        try await restoreLearning()
        var last: UInt64 = 0
        var count = 0
        while true {
            let batch = try await store.questions(after: last, limit: 1024)
            guard let end = batch.last else { return }
            last = end.question.id
            let now = clock.now
            for match in batch {
                let namespace = namespaces[match.entry.namespace]
                namespace.retention.restore(
                    match.entry,
                    bytes: match.question.byteCount,
                    settings: namespace.settings,
                    now: now
                )
                if isUsable(match) { try publish(match.question, in: match.entry.namespace) }
            }
            count += batch.count
            progress?(count)
        }
    }

    private func isUsable(_ match: StoredMatch) -> Bool {
        guard let embedder, let vector = match.question.vector else { return false }
        guard match.question.embeddingModel == embedder.identity.id, vector.count == embedder.identity.dimension else {
            return false
        }
        let namespace = namespaces[match.entry.namespace]
        guard match.entry.epoch >= namespace.epoch, let expiresAt = match.entry.expiresAt else {
            return match.entry.epoch >= namespace.epoch
        }
        return clock.now < expiresAt + namespace.settings.longestStaleness
    }
}
