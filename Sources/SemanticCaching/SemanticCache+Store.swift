internal import Embeddings
internal import Synchronization
internal import VectorSearch

extension SemanticCache {
    /// Stores an answer; when this returns, it is in the system of record and is found at once.
    ///
    ///     try await cache.store(CachedReply(text: "Choose “Forgot password”."), for: request)
    ///
    /// Returns the entry that answers the request now, or nil when the request or the answer is not to be stored: it asks
    /// for no storing or for variety, or the answer is empty, cut short, filtered or too large. A new wording of an answer
    /// that is there becomes another question of it.
    /// - Parameters:
    ///   - upstreamLatency: How long the model took; what a hit saves.
    ///   - cost: What the model charged, in US dollars; what a hit saves.
    /// - Throws: ``CacheError`` with `storeUnavailable`; then nothing is stored.
    @discardableResult
    public func store(
        _ reply: CachedReply,
        for request: CacheRequest,
        upstreamLatency: Duration? = nil,
        cost: Double? = nil
    ) async throws -> EntryID? {
        let namespace = namespaces[request.scope.namespace]
        guard bypassReason(of: request, in: namespace) == nil else { return nil }
        let key = makeKey(of: request, in: namespace)
        var context = LookupResult(verdict: Verdict(.miss, reason: .noCache), key: key, namespace: namespace)
        context.vector = await vectorToStore(request, namespace.settings)
        return try await store(reply, for: request, after: context, upstreamLatency: upstreamLatency, cost: cost)
    }

    /// Stores the answer that a lookup missed, with the vector and the neighbours that it found on its way.
    package func store(
        _ reply: CachedReply,
        for request: CacheRequest,
        after result: LookupResult,
        upstreamLatency: Duration?,
        cost: Double?
    ) async throws -> EntryID? {
        guard let key = result.key, admits(reply, request, result.namespace.settings) else { return nil }
        let settings = result.namespace.settings
        let now = clock.now
        var generator = SystemRandomNumberGenerator()
        let lifetime = lifetime(of: request, settings, result.namespace)
        var entry = CacheEntry(
            id: EntryID(at: now, using: &generator),
            namespace: result.namespace.id,
            model: request.scope.model,
            promptVersion: request.scope.promptVersion,
            reply: reply,
            tags: request.controls.tags,
            createdAt: now,
            expiresAt: lifetime.map { now + $0 },
            epoch: result.namespace.epoch,
            upstreamLatency: upstreamLatency,
            cost: cost
        )
        var question = CachedQuestion(
            id: lastQuestionID.add(1, ordering: .relaxed).newValue,
            entry: entry.id,
            text: key.question ?? "",
            key: key.exact,
            check: key.makeCheck(),
            partition: mayBeCompared(request, settings) ? key.partition : nil,
            embeddingModel: result.vector == nil ? nil : embedder?.model.id,
            vector: result.vector,
            createdAt: now
        )
        let removalsBefore = removals.load(ordering: .acquiring)
        unpublished.add(1, ordering: .acquiringAndReleasing)
        defer { unpublished.subtract(1, ordering: .acquiringAndReleasing) }
        var isAlias = false
        if let existing = try await adopt(question, by: result.candidates, saying: reply, entry) {
            entry = existing
            isAlias = true
        } else {
            let replaced = try await store.insert(entry, question: question)
            forget(replaced)
            result.namespace.retention.remove(replaced.map(\.entry))
            result.namespace.learning?.records.remove(replaced.map(\.entry))
            result.namespace.counters.countStore(isAlias: false)
        }
        question.entry = entry.id
        try publish(question, in: result.namespace.id)
        keepInMemory(entry, key: key, unlessRemovedSince: removalsBefore)
        await retain(entry, question, isAlias: isAlias, result.namespace)
        return entry.id
    }

    /// Counts what was stored against the limits, and removes what has to go for them to hold.
    private func retain(
        _ entry: CacheEntry,
        _ question: CachedQuestion,
        isAlias: Bool,
        _ namespace: NamespaceState
    ) async {
        if isAlias {
            return namespace.retention.addBytes(question.byteCount, to: entry.id)
        }
        let bytes = entry.byteCount + question.byteCount
        let gone = namespace.retention.insert(entry, bytes: bytes, settings: namespace.settings, now: clock.now)
        do { _ = try await evict(gone, from: namespace, cause: .overflow) } catch {
            // They were given back: the next sweep tries again.
            noteFailure(of: "store", error, in: namespace)
        }
    }

    /// How long the answer is fresh: as the request says, or the shortest of what the namespace and the time rules say.
    private func lifetime(
        of request: CacheRequest,
        _ settings: NamespaceSettings,
        _ namespace: NamespaceState
    ) -> Duration? {
        if let asked = request.controls.timeToLive { return asked }
        let ruled = request.question.flatMap { configuration.invalidation.timeToLive(of: $0, in: namespace.id) }
        return [ruled, settings.timeToLive].compactMap(\.self).min()
    }

    /// Whether an answer is complete, successful and of a kind that the namespace keeps.
    func admits(_ reply: CachedReply, _ request: CacheRequest, _ settings: NamespaceSettings) -> Bool {
        if request.controls.noStore { return false }
        switch reply.finishReason {
        case .stop: break
        case .toolCalls: if !settings.storesToolCalls { return false }
        default: return false
        }
        guard !reply.text.isEmpty || reply.wire != nil else { return false }
        return reply.byteCount <= settings.maximumReplyBytes
    }

    /// Makes the question another wording of a neighbour's answer, if that says the very same; nil if none does.
    private func adopt(
        _ question: CachedQuestion,
        by candidates: [StoredMatch],
        saying reply: CachedReply,
        _ fresh: CacheEntry
    ) async throws -> CacheEntry? {
        guard
            let twin = candidates.first(where: { candidate in
                candidate.entry.reply.text == reply.text && candidate.entry.reply.finishReason == reply.finishReason
                    && candidate.entry.reply.wire == nil && reply.wire == nil && !reply.text.isEmpty
                    && candidate.entry.tags == fresh.tags && candidate.question.partition == question.partition
            })
        else { return nil }
        var alias = question
        alias.entry = twin.entry.id
        guard try await store.addQuestion(alias) else { return nil }
        namespaces[fresh.namespace].counters.countStore(isAlias: true)
        var confirmed = twin.entry
        // The model has just said it again: the answer is as fresh as a new one.
        if confirmed.expiresAt != fresh.expiresAt,
            try await store.setExpiry(fresh.expiresAt, of: confirmed.id)
        {
            confirmed.expiresAt = fresh.expiresAt
            let namespace = namespaces[fresh.namespace]
            namespace.retention.setExpiry(of: confirmed, settings: namespace.settings, now: clock.now)
        }
        return confirmed
    }

    /// Makes a stored question findable by its meaning.
    ///
    /// - Parameter isIndexed: Whether its index has it already, from a snapshot.
    func publish(
        _ question: CachedQuestion,
        in namespace: NamespaceID,
        isIndexed: Bool = false
    ) throws(CacheError) {
        guard let vector = question.vector, let digest = question.partition else { return }
        if !isIndexed {
            do { try partitions.insert(vector, id: question.id, into: digest, namespace: namespace) } catch {
                throw CacheError(.dimensionMismatch, "the vector of a question does not fit its index", cause: error)
            }
        }
        namespaces[namespace].learning?.records.add(vector, to: question.entry)
    }

    /// Takes removed questions out of the exact tier and the indexes.
    func forget(_ questions: [RemovedQuestion]) {
        guard !questions.isEmpty else { return }
        removals.add(1, ordering: .acquiringAndReleasing)
        for question in questions {
            exact.remove(question.key)
            if let digest = question.partition { partitions.remove(id: question.id, from: digest) }
        }
    }

    /// The vector of the question to be stored; nil if it takes no part in matches in meaning, or cannot be had now.
    private func vectorToStore(_ request: CacheRequest, _ settings: NamespaceSettings) async -> [Float]? {
        guard let embedder, mayBeCompared(request, settings), let question = request.question else { return nil }
        guard let embedding = try? await embedder.embedding(of: question) else { return nil }
        if let share = embedding.unknownTokenShare, share > settings.maximumUnknownTokenShare { return nil }
        return embedding.vector
    }
}
