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
    /// With a snapshot of the indexes that was made at the store's present state, nothing is indexed anew. Questions whose
    /// vectors are of another embedding model are kept and embedded anew, in the background.
    /// - Parameters:
    ///   - snapshots: Where ``saveSnapshot(to:)`` kept the indexes.
    ///   - inBackground: Return at once, and index the stored questions while requests are answered already: word for
    ///     word from the first moment, in meaning as far as the index has come.
    ///   - progress: Called now and then with the number of questions read so far.
    /// - Throws: ``CacheError`` with `storeUnavailable`.
    /// - Complexity: O(*q*) for *q* stored questions; with a good snapshot no index is built.
    public func open(
        snapshots: (any SnapshotStore)? = nil,
        inBackground: Bool = false,
        progress: (@Sendable (Int) -> Void)? = nil
    ) async throws {
        let highest = try await store.highestQuestionID()
        lastQuestionID.store(highest, ordering: .releasing)
        for name in try await store.metadataNames(prefix: NamespaceID.epochPrefix) {
            guard let namespace = NamespaceID(epochName: name), let value = try await store.metadata(name) else {
                continue
            }
            namespaces.raiseEpoch(of: namespace, to: UInt64(String(decoding: value, as: UTF8.self)) ?? 0)
        }
        try await restoreLearning()
        var isIndexed = false
        if let snapshots { isIndexed = try await loadSnapshot(from: snapshots) }
        guard inBackground else { return try await hydrate(upTo: highest, isIndexed: isIndexed, progress) }
        Task(priority: .utility) { [self, isIndexed] in
            do { try await hydrate(upTo: highest, isIndexed: isIndexed, progress) } catch {
                logger.error("stored questions are not found in meaning", metadata: ["error": "\(error)"])
            }
        }
    }

    /// Walks through the stored questions: accounts for their answers, indexes those that are not, and embeds anew those
    /// whose vectors are of another model.
    private func hydrate(upTo highest: UInt64, isIndexed: Bool, _ progress: (@Sendable (Int) -> Void)?) async throws {
        var last: UInt64 = 0
        var count = 0
        var outdated: [CachedQuestion] = []
        while last < highest {
            let batch = try await store.questions(after: last, limit: 1024).filter { $0.question.id <= highest }
            guard let end = batch.last else { break }
            last = end.question.id
            let now = clock.now
            for match in batch {
                let namespace = namespaces[match.entry.namespace]
                let bytes = match.question.byteCount
                namespace.retention.restore(match.entry, bytes: bytes, settings: namespace.settings, now: now)
                guard isUsable(match) else { continue }
                if !hasVectorOfThisModel(match.question) {
                    if match.question.partition != nil, embedder != nil { outdated.append(match.question) }
                } else if !isIndexed || namespace.learning != nil {
                    try publish(match.question, in: match.entry.namespace, isIndexed: isIndexed)
                }
            }
            count += batch.count
            progress?(count)
        }
        if !outdated.isEmpty { Task(priority: .background) { [self, outdated] in await embedAnew(outdated) } }
    }

    private func isUsable(_ match: StoredMatch) -> Bool {
        let namespace = namespaces[match.entry.namespace]
        guard match.entry.epoch >= namespace.epoch else { return false }
        guard let expiresAt = match.entry.expiresAt else { return true }
        return clock.now < expiresAt + namespace.settings.longestStaleness
    }

    private func hasVectorOfThisModel(_ question: CachedQuestion) -> Bool {
        guard let embedder, let vector = question.vector else { return false }
        return question.embeddingModel == embedder.model.id && vector.count == embedder.model.dimension
    }

    /// Gives stored questions vectors of the embedding model in use; one that fails stays without until the next opening.
    private func embedAnew(_ questions: [CachedQuestion]) async {
        logger.notice("embedding stored questions anew", metadata: ["count": "\(questions.count)"])
        var done = 0
        for question in questions {
            guard !Task.isCancelled, let embedder else { return }
            do {
                var renewed = question
                renewed.vector = try await embedder.embedding(of: question.text).vector
                renewed.embeddingModel = embedder.model.id
                guard
                    try await store.setVector(
                        renewed.vector,
                        embeddingModel: renewed.embeddingModel,
                        of: renewed.id
                    ), let match = try await store.matches(questions: [renewed.id]).first
                else { continue }
                try publish(renewed, in: match.entry.namespace)
                done += 1
            } catch {
                logger.warning("a stored question could not be embedded anew", metadata: ["error": "\(error)"])
            }
        }
        logger.notice("embedded stored questions anew", metadata: ["count": "\(done)"])
    }
}
