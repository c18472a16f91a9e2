internal import Embeddings
internal import VectorSearch

extension SemanticCache {
    /// Removes answers with all their wordings; when this returns, they are never served again.
    ///
    /// Returns how many of them were there, here or in the shared tier.
    /// - Throws: ``CacheError`` with `storeUnavailable`; with `sharedTierUnavailable` if they are gone here, but the other
    ///   replicas could not be told: call it again.
    @discardableResult
    public func remove(_ entries: [EntryID]) async throws -> Int {
        guard let shared else { return noteRemoval(of: try await store.remove(entries)) }
        // Before the store is cleared: what another replica sends of them from now on is not taken in, and what is being taken
        // in is looked at once more.
        shared.noteRemoved(entries)
        let owners = try await namespaces(of: entries)
        let count = noteRemoval(of: try await store.remove(entries))
        let strangers = try await removeFromSharedTier(entries, owners)
        guard !strangers.isEmpty else { return count }
        // One of them may have come in between the two.
        _ = noteRemoval(of: try await store.remove(strangers))
        return count + strangers.count
    }

    /// Removes the answers that a selector selects; when this returns, they are never served again.
    ///
    ///     try await cache.invalidate(InvalidationSelector(tag: "doc:42"))
    ///
    /// Returns how many there were here.
    /// - Throws: ``CacheError`` with `storeUnavailable`; what was removed until then is gone, and a second call goes on.
    ///   With `sharedTierUnavailable` if the other replicas could not be told.
    /// - Complexity: O(answers that the selector's indexed conditions let through).
    @discardableResult
    public func invalidate(_ selector: InvalidationSelector) async throws -> Int {
        let selector = resolved(selector)
        // Neither the server of the shared tier nor who is about to store knows what of a conversation depends on a question.
        let selectors = try await [selector] + store.conversationSelectors(of: selector)
        var count = 0
        for selector in selectors { count += try await invalidateHere(selector) }
        for selector in selectors { count += try await invalidateInSharedTier(selector) }
        return count
    }

    /// Removes the answers of this replica that a selector selects.
    func invalidateHere(_ selector: InvalidationSelector) async throws -> Int {
        var count = 0
        noteInvalidation(selector)
        try await store.removeAll(selector) { count += noteRemoval(of: $0) }
        return count
    }

    /// Counts what ``invalidate(_:)`` would remove, and shows some of it; removes nothing.
    public func preview(_ selector: InvalidationSelector) async throws -> InvalidationPreview {
        try await store.preview(resolved(selector))
    }

    /// The selector with the namespace that its answers lie in: a shared one's are no tenant's own.
    private func resolved(_ selector: InvalidationSelector) -> InvalidationSelector {
        guard let id = selector.filter.namespace, id.tenant != NamespaceTable.sharedTenant else { return selector }
        var selector = selector
        selector.filter.namespace = namespaces.home(of: id)
        return selector
    }

    /// Removes what the configured rules say an event makes wrong; returns how many answers there were.
    ///
    ///     try await cache.handle(CacheEvent("product_updated", ["id": "42"]))
    ///
    /// - Throws: ``CacheError`` with `invalidRequest` if the event lacks a value that a rule needs, or
    ///   `storeUnavailable`.
    @discardableResult
    public func handle(_ event: CacheEvent) async throws -> Int {
        var count = 0
        for selector in try configuration.invalidation.selectors(for: event) {
            count += try await invalidate(selector)
        }
        return count
    }

    /// Whether the cache can match in meaning at all.
    package var hasEmbedder: Bool { embedder != nil }

    /// The answers of a namespace with a question within a cosine of a text, nearest first.
    ///
    ///     let near = try await cache.entries(near: "opening hours", similarity: 0.8, in: namespace)
    ///     try await cache.remove(near)
    ///
    /// - Throws: The embedder's error; ``CacheError`` with `storeUnavailable`, or `invalidRequest` without an embedder.
    /// - Complexity: O(*p*) searches for *p* partitions of the namespace.
    public func entries(
        near text: String,
        similarity: Float,
        in namespace: NamespaceID,
        limit: Int = 10_000
    ) async throws -> [EntryID] {
        guard let embedder else { throw CacheError(.invalidRequest, "a radius needs an embedder") }
        let vector = try await embedder.embedding(of: text).vector
        var similarities: [UInt64: Float] = [:]
        for partition in partitions.partitions(of: namespaces[namespace].id) {
            for neighbor in try partition.search(vector, count: limit, minimumSimilarity: similarity) {
                similarities[neighbor.id] = neighbor.similarity
            }
        }
        let nearest = similarities.sorted { ($1.value, $0.key) < ($0.value, $1.key) }.prefix(limit).map(\.key)
        let matches = try await store.matches(questions: nearest)
        let entryByQuestion = Dictionary(matches.map { ($0.question.id, $0.entry.id) }, uniquingKeysWith: { $1 })
        var seen: Set<EntryID> = []
        return nearest.compactMap { entryByQuestion[$0] }.filter { seen.insert($0).inserted }
    }

    /// Makes every answer that a namespace holds now invisible, at once and for good, and all it knows of conversations.
    ///
    /// The answers themselves are reclaimed by ``sweep(limit:)``, in the background.
    /// - Throws: ``CacheError`` with `storeUnavailable`; then the answers are still visible. With `sharedTierUnavailable` if
    ///   the other replicas could not be told.
    /// - Complexity: O(1).
    public func invalidateNamespace(_ id: NamespaceID) async throws {
        let namespace = namespaces[id]
        try await raiseEpoch(of: namespace, to: namespace.epoch + 1)
        try await raiseSharedEpoch(of: namespace, toAtLeast: namespace.epoch)
    }

    /// Makes what a namespace held and knew in earlier epochs invisible, for good.
    ///
    /// - Throws: ``CacheError`` with `storeUnavailable`, or `invalidRequest` for an epoch that leaves no room for the next.
    func raiseEpoch(of namespace: NamespaceState, to epoch: UInt64) async throws {
        noteInvalidation(InvalidationSelector(namespace: namespace.id))
        if !namespace.id.isConversationPart {
            // The namespace's own epoch is the same in all replicas, so that this one is too.
            try await keepEpoch(of: namespaces[namespace.id.conversations]) { max($0 + 1, epoch) }
        }
        try await keepEpoch(of: namespace) { max($0, epoch) }
    }

    /// Raises an epoch, in the store first.
    ///
    /// Those who raise the same one pass one after the other: what the store has never goes back, as after a restart the
    /// answers of the epochs between would be visible again.
    private func keepEpoch(of namespace: NamespaceState, _ next: @escaping @Sendable (UInt64) -> UInt64) async throws {
        try await epochs.run(namespace.id) { [self] in
            let stored = try await storedEpoch(of: namespace.id)
            let raised = next(max(stored, namespace.epoch))
            guard raised < EpochLimit.value else {
                throw CacheError(.invalidRequest, "the epoch \(raised) leaves no room for the next")
            }
            if raised > stored {
                try await store.setMetadata(namespace.id.epochName, to: Array(String(raised).utf8))
            }
            namespaces.raiseEpoch(of: namespace.id, to: raised)
        }
    }

    /// The epoch of a namespace that outlives the process; 0 if it was never raised.
    ///
    /// - Throws: ``CacheError`` with `corruptStore` for one that cannot be read: to take it for 0 would be to serve what was
    ///   invalidated.
    func storedEpoch(of id: NamespaceID) async throws -> UInt64 {
        guard let value = try await store.metadata(id.epochName) else { return 0 }
        guard let epoch = EpochLimit.epoch(String(decoding: value, as: UTF8.self)) else {
            throw CacheError(.corruptStore, "the stored epoch of namespace \(id) is none")
        }
        return epoch
    }

    /// Keeps answers that are under way, and that the selector selects, out of the store, and later callers off them.
    ///
    /// To be called before the store is cleared.
    private func noteInvalidation(_ selector: InvalidationSelector) {
        invalidations.note(selector)
        namespaces.beginGeneration(of: selector)
    }

    /// Takes what the store removed out of every other tier; returns how many answers it were.
    func noteRemoval(of questions: [RemovedQuestion]) -> Int {
        let gone = Array(Set(questions.map(\.entry)))
        shared?.noteRemoved(gone)
        forget(questions)
        guard !gone.isEmpty else { return 0 }
        // The store does not say whose they were: each namespace forgets those that it knows.
        for namespace in namespaces.inUse {
            let count = namespace.retention.remove(gone)
            if count > 0 { namespace.counters.countRemovals(count, .invalidation) }
            namespace.learning?.records.remove(gone)
        }
        onRemoval?(gone, .invalidation)
        return gone.count
    }
}
