internal import Embeddings
internal import Synchronization
internal import VectorSearch

extension SemanticCache {
    /// Stores an answer; when this returns, it is in the system of record and is found at once.
    ///
    ///     try await cache.store(CachedReply(text: "Choose “Forgot password”."), for: request)
    ///
    /// Returns the entry that answers the request now, or nil when the request or the answer is not to be stored: it asks
    /// for no storing or for variety, or the answer is empty, cut short, filtered or too large, or less worth keeping than
    /// what a full namespace holds, or somebody else removed or replaced it before all was done. A new wording of an answer that is there becomes another question of it. An answer that
    /// ``respond(to:orElse:)`` asked for before it was invalidated is not stored after that.
    /// - Parameters:
    ///   - reply: The answer, complete as the model gave it.
    ///   - request: What it answers.
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
        guard bypassReason(of: request, namespace.settings) == nil else { return nil }
        let mark = invalidations.mark
        let key = makeKey(of: request, in: namespace, namespace.settings)
        var context = LookupResult(
            verdict: Verdict(.miss, reason: .noCache),
            key: key,
            namespace: namespace,
            mark: mark
        )
        await embed(request, for: &context)
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
        let cost =
            cost ?? ModelPrice.cost(of: reply.usage, model: request.scope.model, prices: configuration.prices.models)
        // What a summary cost is in the account of the conversation that needed it.
        if let upstreamLatency, !request.isInternal {
            noteUpstream(reply.usage, latency: upstreamLatency, cost: cost, of: request, result.namespace)
        }
        guard let key = result.key, admits(reply, request, result.namespace.settings) else { return nil }
        var (entry, question) = draft(reply, request, key, result, upstreamLatency: upstreamLatency, cost: cost)
        guard !invalidations.concerns(entry, question, since: result.mark) else { return nil }
        // It would drive out all others before it went itself.
        guard entry.byteCount(with: [question]) <= result.namespace.settings.maximumBytes else { return nil }
        let twin = try await twin(of: entry, question, among: result.candidates)
        var removalsExpected = removals.load(ordering: .acquiring)
        let isAlias = try await adopt(question, by: twin)
        if let twin, isAlias {
            entry = twin
        } else {
            let replaced = try await store.insert(entry, question: question)
            // That is a removal of this storing's own, before its answer comes into the exact tier.
            removalsExpected += noteReplacement(of: replaced, in: result.namespace)
        }
        result.namespace.counters.countStore(isAlias: isAlias)
        question.entry = entry.id
        // Once more, as the store may have been cleared a moment before the answer came into it.
        if invalidations.concerns(entry, question, since: result.mark) {
            _ = noteRemoval(of: try await store.remove([entry.id]))
            return nil
        }
        try publish(question, in: result.namespace.id)
        analyses.keep(question, analyzed: result.analysis)
        noteMissingVector(of: question)
        keepInMemory(entry, key: key, unlessRemovedSince: removalsExpected)
        guard await retain(entry, question, isAlias: isAlias, result.namespace),
            await !forgetIfGone(entry.id, [question], in: result.namespace, since: removalsExpected)
        else { return nil }
        shared?.tier.publish(entry, question: question, isAlias: isAlias)
        if shared != nil, invalidations.concerns(entry, question, since: result.mark) {
            // The tier takes what is invalidated out of its queue, but this answer may have come behind that.
            removeLater([entry.id], in: result.namespace)
        }
        return entry.id
    }

    /// What is to be stored: the answer under a new id, and its question with what the lookup found out about it.
    private func draft(
        _ reply: CachedReply,
        _ request: CacheRequest,
        _ key: RequestKey,
        _ result: LookupResult,
        upstreamLatency: Duration?,
        cost: Double?
    ) -> (entry: CacheEntry, question: CachedQuestion) {
        let settings = result.namespace.settings
        let now = clock.now
        var generator = SystemRandomNumberGenerator()
        let lifetime = lifetime(of: request, settings, result.namespace)
        let entry = CacheEntry(
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
        let question = CachedQuestion(
            id: lastQuestionID.add(1, ordering: .relaxed).newValue,
            entry: entry.id,
            text: request.partText ?? key.question ?? "",
            key: key.exact,
            check: key.makeCheck(),
            partition: mayBeCompared(request, settings) && !result.isUnknownToModel ? key.partition : nil,
            embeddingModel: result.vector == nil ? nil : embedder?.model.id,
            vector: result.vector,
            createdAt: now
        )
        return (entry, question)
    }

    /// Counts what was stored against the limits, and removes what has to go for them to hold; false if that is the very
    /// answer that came.
    private func retain(
        _ entry: CacheEntry,
        _ question: CachedQuestion,
        isAlias: Bool,
        _ namespace: NamespaceState
    ) async -> Bool {
        if isAlias {
            namespace.retention.addBytes(question.byteCount, to: entry.id)
            return true
        }
        let bytes = entry.byteCount(with: [question])
        let gone = namespace.retention.insert(entry, bytes: bytes, settings: namespace.settings, now: clock.now)
        do { _ = try await evict(gone, from: namespace, cause: .overflow) } catch {
            // They were given back: the next sweep tries again.
            noteFailure(of: "store", error, in: namespace)
        }
        return !gone.contains(entry.id)
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

    /// Makes a stored question findable by its meaning, if its vector is of the model in use.
    func publish(_ question: CachedQuestion, in namespace: NamespaceID) throws(CacheError) {
        guard let vector = question.vector, let digest = question.partition, let model = embeddingModel?.id,
            question.embeddingModel == model
        else { return }
        do throws(VectorIndexError) {
            try partitions.insert(vector, id: question.id, into: digest, namespace: namespace)
        } catch .duplicateID {
            // The opening, which still reads the store, found the question a moment before whoever stored it came here.
            return
        } catch {
            throw CacheError(.dimensionMismatch, "the vector of a question does not fit its index", cause: error)
        }
        namespaces[namespace].learning?.records.add(vector, to: question.entry)
    }

    /// Makes a stored question findable by its meaning, if its index does not have it already, from a snapshot.
    func publishIfMissing(_ question: CachedQuestion, in namespace: NamespaceID) throws(CacheError) {
        guard let vector = question.vector, let digest = question.partition else { return }
        guard let partition = partitions[digest], partition.contains(id: question.id) else {
            return try publish(question, in: namespace)
        }
        namespaces[namespace].learning?.records.add(vector, to: question.entry)
    }

    /// Takes what a new answer replaced out of every other tier; returns by how much that raises ``removals``, for who waits
    /// for removals of others.
    func noteReplacement(of questions: [RemovedQuestion], in namespace: NamespaceState) -> UInt64 {
        guard !questions.isEmpty else { return 0 }
        forget(questions)
        let gone = Array(Set(questions.map(\.entry)))
        namespace.retention.remove(gone)
        namespace.learning?.records.remove(gone)
        namespace.counters.countRemovals(gone.count, .replacement)
        onRemoval?(gone, .replacement)
        return 1
    }

    /// Takes back what was noted of an answer whose storing somebody else's removal overtook; true if it did.
    ///
    /// Whoever removes an answer, or puts another in its place, clears accounts and indexes behind the store. If that was
    /// before the answer was noted there, nobody else would ever clear them of it.
    func forgetIfGone(
        _ entry: EntryID,
        _ questions: [CachedQuestion],
        in namespace: NamespaceState,
        since count: UInt64
    ) async -> Bool {
        guard removals.load(ordering: .acquiring) != count else { return false }
        let there: [StoredMatch]
        do { there = try await store.matches(questions: questions.map(\.id)) } catch {
            // That is not known now: at worst it is an account of nothing, until it goes as others do.
            noteFailure(of: "store", error, in: namespace)
            return false
        }
        guard !there.contains(where: { $0.entry.id == entry }) else { return false }
        // Those that became another answer's meanwhile stay in the index, under the same numbers.
        let left = Set(there.map(\.question.id))
        for question in questions where !left.contains(question.id) {
            analyses.remove(question.id)
            if let digest = question.partition { partitions.remove(id: question.id, from: digest) }
        }
        namespace.retention.remove([entry])
        namespace.learning?.records.remove([entry])
        return true
    }

    /// Takes removed questions out of the exact tier and the indexes.
    func forget(_ questions: [RemovedQuestion]) {
        guard !questions.isEmpty else { return }
        forgetInMemory(questions.map(\.key))
        missingVectors.remove(questions.lazy.map(\.id))
        for question in questions {
            analyses.remove(question.id)
            if let digest = question.partition { partitions.remove(id: question.id, from: digest) }
        }
    }

    /// Takes answers out of the exact tier, also those that are on their way into it.
    func forgetInMemory(_ keys: [Digest256]) {
        removals.add(1, ordering: .acquiringAndReleasing)
        for key in keys { exact.remove(key) }
    }

    /// Whether an answer that was read or stored at a count of ``removals`` is gone by now; the store is asked only if anything
    /// has been removed since.
    ///
    /// - Throws: ``CacheError`` with `storeUnavailable`.
    func isGone(_ entry: EntryID, since count: UInt64) async throws -> Bool {
        guard removals.load(ordering: .acquiring) != count else { return false }
        return try await store.entry(entry) == nil
    }

    /// Finds the vector of the question to be stored, unless it takes no part in matches in meaning.
    ///
    /// One that cannot be had now is had later: see ``noteMissingVector(of:)``.
    private func embed(_ request: CacheRequest, for context: inout LookupResult) async {
        let settings = context.namespace.settings
        guard let embedder, mayBeCompared(request, settings), let question = request.question else { return }
        guard let embedding = try? await embedder.embedding(of: question) else { return }
        context.isUnknownToModel = settings.reasonToDistrust(embedding, of: question, by: embedder.model) != nil
        if !context.isUnknownToModel { context.vector = embedding.vector }
    }
}
