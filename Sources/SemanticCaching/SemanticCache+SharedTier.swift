internal import Embeddings
internal import Logging
internal import Synchronization

// What the engine asks of the tier that replicas share, and tells it.
extension SemanticCache {
    /// Keeps this replica in step with the others until the task is cancelled; a service to run beside the program.
    ///
    /// Without a shared tier it returns at once. While it does not run, answers are neither published nor followed.
    public func runSharedTier() async throws {
        guard let shared else { return }
        try await shared.tier.run(delivering: SharedChangeApplier(cache: self, link: shared))
    }

    /// How the shared tier stands; nil without one.
    public var sharedTierStatistics: SharedTierStatistics? { shared?.tier.statistics }

    /// Waits while storing more might be too much for the queue of what other replicas are to get; for imports.
    package func waitForSharedTier() async { await shared?.tier.waitForRoom() }

    // MARK: - Lookups

    /// Whether a namespace that is strict about it may miss what other replicas removed.
    func isBehind(_ namespace: NamespaceState) -> Bool {
        guard let shared else { return false }
        let settings = namespace.settings
        guard settings.freshness == .strict else { return false }
        shared.tier.noteUse(of: namespace.id)
        return !shared.tier.isCurrent(namespace.id, within: settings.strictFreshnessBound)
    }

    /// Looks for an answer, word for word, that another replica has stored.
    func findInSharedTier(_ request: CacheRequest, _ result: inout LookupResult) async -> Bool {
        guard let shared, let key = result.key else { return false }
        let namespace = result.namespace
        let removalsBefore = removals.load(ordering: .acquiring)
        do {
            guard let match = try await shared.tier.match(key: key.exact, in: namespace.id),
                accepts(match, for: key, in: namespace)
            else { return false }
            let missed = result.verdict
            guard judge(match.entry, .shared, request, &result) else { return false }
            if result.isObserved, await !takeIn(match, for: request, key, unlessRemovedSince: removalsBefore) {
                result.verdict = missed
                return false
            }
            return true
        } catch {
            // The tier itself says in the log when it goes and when it comes back.
            namespace.counters.countFailure()
            return false
        }
    }

    /// Looks for a part of a conversation that another replica keeps.
    func sharedPrefix(
        _ key: Digest256,
        _ check: @autoclosure () -> Digest256,
        _ request: CacheRequest,
        _ namespace: NamespaceState
    ) async -> CacheEntry? {
        guard let shared else { return nil }
        do {
            guard let match = try await shared.tier.match(key: key, in: namespace.id),
                accepts(match, for: key, check(), in: namespace),
                freshness(of: match.entry, request, namespace) == .fresh
            else { return nil }
            // It is in the store before it is used: whoever widens its tags looks for it there.
            let applier = SharedChangeApplier(cache: self, link: shared)
            guard await applier.absorb(match.entry, [match.question]) else { return nil }
            // Its namespace may have begun a new epoch meanwhile.
            return freshness(of: match.entry, request, namespace) == .fresh ? match.entry : nil
        } catch {
            namespace.counters.countFailure()
            return nil
        }
    }

    /// Whether what the tier gave is the answer to this very request.
    private func accepts(_ match: StoredMatch, for key: RequestKey, in namespace: NamespaceState) -> Bool {
        accepts(match, for: key.exact, key.makeCheck(), in: namespace)
    }

    /// Whether what the tier gave is what was stored under a key.
    private func accepts(
        _ match: StoredMatch,
        for key: Digest256,
        _ check: @autoclosure () -> Digest256,
        in namespace: NamespaceState
    ) -> Bool {
        match.question.key == key && match.question.check == check()
            && match.entry.namespace == namespace.id && match.question.entry == match.entry.id
            && shared?.wasRemoved(match.entry.id) == false
    }

    /// Takes an answer of another replica into the tiers of this one, behind the request; false if it must not be used.
    ///
    /// A part of a conversation is there when this returns true: whoever goes on with it widens its tags, and looks for it in
    /// the store, where a later one may be by now.
    private func takeIn(
        _ match: StoredMatch,
        for request: CacheRequest,
        _ key: RequestKey,
        unlessRemovedSince count: UInt64
    ) async -> Bool {
        guard let shared else { return false }
        let taking = Task { [self] in
            let applier = SharedChangeApplier(cache: self, link: shared)
            // First the store, so that whoever removes the answer finds it there and clears the exact tier too.
            guard await applier.absorb(match.entry, [match.question]) else { return false }
            keepInMemory(match.entry, key: key, unlessRemovedSince: count)
            return true
        }
        return request.isInternal ? await taking.value : true
    }

    // MARK: - One call for all replicas

    /// Waits until this replica may ask the model for all of them; the answer, if another replica had it first.
    ///
    /// If it returns nil, the caller asks the model, stores the answer and calls ``endTurn(of:)``. It waits for no longer than
    /// one lease may hold, however many replicas have their turn before this one, and not at all for a tier that is away.
    package func waitForTurn(_ request: CacheRequest, after result: LookupResult) async -> CacheResponse? {
        guard let shared, let key = result.key, !request.controls.noStore, !isBehind(result.namespace) else {
            return nil
        }
        // Who asks twice within this replica joins the call that is under way.
        if shared.holdsToken(for: key.exact) { return nil }
        let namespace = result.namespace
        let end = ContinuousClock.now + shared.tier.maximumLeaseDuration
        while !Task.isCancelled {
            do {
                switch try await shared.tier.lease(key: key.exact, in: namespace.id) {
                case .granted(let token):
                    shared.hold(token)
                    return nil
                case .taken:
                    // The model is slow, or failed for those before: to ask it beside another replica costs less than to wait on.
                    guard ContinuousClock.now < end else { return nil }
                    try await shared.tier.change(of: key.exact, in: namespace.id)
                case .answered(let match):
                    guard accepts(match, for: key, in: namespace),
                        freshness(of: match.entry, request, namespace) == .fresh
                    else { return nil }
                    let removalsBefore = removals.load(ordering: .acquiring)
                    guard await takeIn(match, for: request, key, unlessRemovedSince: removalsBefore) else { return nil }
                    let verdict = makeVerdict(.hit, match.entry, tier: .coalesced, reason: .coalesced)
                    return CacheResponse(reply: match.entry.reply, verdict: verdict, entry: match.entry.id)
                }
            } catch {
                namespace.counters.countFailure()
                return nil
            }
        }
        return nil
    }

    /// Waits as ``waitForTurn(_:after:)`` does, once for all callers of this replica that want the same.
    package func waitForSharedTurn(_ request: CacheRequest, after result: LookupResult) async -> CacheResponse? {
        guard let shared, let key = result.flightKey else { return nil }
        let landing = try? await shared.turns.run(key) { [self] in await waitForTurn(request, after: result) }
        return landing?.value
    }

    /// Lets other replicas ask the model again, behind what this one stored.
    package func endTurn(of result: LookupResult) {
        guard let shared, let key = result.key, let token = shared.takeToken(for: key.exact) else { return }
        shared.tier.release(token)
    }

    // MARK: - Removal

    /// The namespaces of the answers that are stored here.
    func namespaces(of entries: [EntryID]) async throws -> [EntryID: NamespaceID] {
        var owners: [EntryID: NamespaceID] = [:]
        for entry in entries { owners[entry] = try await store.entry(entry)?.namespace }
        return owners
    }

    /// Removes answers for all replicas; those that were not stored here are looked for in every namespace.
    ///
    /// Returns those of the latter that the tier had.
    func removeFromSharedTier(_ entries: [EntryID], _ owners: [EntryID: NamespaceID]) async throws -> [EntryID] {
        guard let shared, !entries.isEmpty else { return [] }
        do {
            for (namespace, entries) in Dictionary(grouping: owners.keys, by: { owners[$0] }) {
                if let namespace { try await shared.tier.remove(entries, in: namespace) }
            }
            let strangers = entries.filter { owners[$0] == nil }
            if strangers.isEmpty { return [] }
            return try await shared.tier.invalidate(InvalidationSelector(ids: strangers))
        } catch {
            throw Self.unconfirmed(error)
        }
    }

    /// Removes what a selector selects in all replicas; returns how many answers more went here.
    func invalidateInSharedTier(_ selector: InvalidationSelector) async throws -> Int {
        guard let shared, !selector.isEmpty else { return 0 }
        let gone: [EntryID]
        do { gone = try await shared.tier.invalidate(selector) } catch { throw Self.unconfirmed(error) }
        // One of them may have come in between the two.
        shared.noteRemoved(gone)
        return noteRemoval(of: try await store.remove(gone))
    }

    /// Raises the epoch in all replicas, and here to what it became.
    func raiseSharedEpoch(of namespace: NamespaceState, toAtLeast epoch: UInt64) async throws {
        guard let shared else { return }
        let raised: UInt64
        do { raised = try await shared.tier.raiseEpoch(of: namespace.id, toAtLeast: epoch) } catch {
            throw Self.unconfirmed(error)
        }
        if raised > epoch { try await raiseEpoch(of: namespace, to: raised) }
    }

    /// Removes an answer for all replicas, without waiting: another has taken its place.
    func removeLater(_ entries: [EntryID], in namespace: NamespaceState) {
        guard let shared else { return }
        shared.noteRemoved(entries)
        Task(priority: .utility) { [self] in
            do { try await shared.tier.remove(entries, in: namespace.id) } catch {
                noteFailure(of: "shared tier", error, in: namespace)
            }
        }
    }

    /// Tells other replicas that wordings of one answer are another's now: first that theirs is gone.
    ///
    /// In this order, one behind the other. As long as the answer that lost them owns their keys in the tier, a wording of the
    /// earlier one is refused as superseded, and the removal behind it would leave the key to nobody.
    ///
    /// Two replicas may merge at once, and nothing orders their merges. They end alike all the same, but for wordings:
    /// - Only the replica that stored an answer merges it away, into one that it found before it stored that, so merges
    ///   never run in a circle. An answer that was merged away is removed for good: its id never comes back.
    /// - A wording that is to join an answer which another replica merges away at that moment finds it gone, is refused,
    ///   and goes with it here: it is asked of the model again. No answer is served that somebody removed.
    /// - An invalidation in between concerns the wording under one of both answers. The tier gets it before it is walked, and
    ///   refuses wordings of a replica that has not heard of it; who has heard has no such wording to publish.
    func publish(
        _ moved: [CachedQuestion],
        from gone: EntryID,
        to kept: CacheEntry,
        in namespace: NamespaceState
    ) async {
        guard let shared else { return }
        shared.noteRemoved([gone])
        do { try await shared.tier.remove([gone], in: namespace.id) } catch {
            // The others go on with the answer that they have, which says the same.
            return noteFailure(of: "shared tier", error, in: namespace)
        }
        for question in moved { shared.tier.publish(kept, question: question, isAlias: true) }
    }

    private static func unconfirmed(_ error: any Error) -> CacheError {
        CacheError(
            .sharedTierUnavailable,
            "removed here, but other replicas could not be told: call it again (\(error))",
            cause: error
        )
    }
}
