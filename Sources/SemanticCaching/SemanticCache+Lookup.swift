internal import Logging
internal import Synchronization

extension SemanticCache {
    /// Looks for an answer, word for word first, then in meaning; stores nothing and asks no model.
    ///
    ///     let verdict = await cache.lookup(CacheRequest("How do I reset my password?", scope: scope))
    ///     if let reply = verdict.reply { print(reply.text) }
    ///
    /// - Complexity: O(*n*) for *n* bytes of the request when it matches word for word; else one embedding, a search of
    ///   the partition's index, and one decision over `candidateCount` candidates.
    public func lookup(_ request: CacheRequest) async -> Verdict {
        let result = await find(request)
        result.namespace.counters.count(result.verdict)
        return result.verdict
    }

    /// Looks in memory only, word for word, for callers that cannot wait; nil if there is nothing fresh.
    ///
    /// - Complexity: O(*n*) for *n* bytes of the request.
    public func lookupInMemory(_ request: CacheRequest) -> Verdict? {
        let namespace = namespaces[request.scope.namespace]
        // Once: each look at them is a lock and a copy.
        let settings = namespace.settings
        guard bypassReason(of: request, settings) == nil, !request.controls.noCache, !isBehind(namespace) else {
            return nil
        }
        let key = makeKey(of: request, in: namespace, settings)
        guard let entry = entryInMemory(key), freshness(of: entry, request, namespace, settings) == .fresh else {
            return nil
        }
        namespace.retention.touch(entry, settings: settings, now: clock.now)
        namespace.learning?.records.countHit(of: entry.id)
        let verdict = makeVerdict(.hit, entry, tier: .exact, reason: .exactMatch)
        namespace.counters.count(verdict)
        return verdict
    }

    /// Looks like ``lookup(_:)``, but leaves no trace: nothing is counted, learned or kept from eviction.
    public func explain(_ request: CacheRequest) async -> Verdict {
        await find(request, isObserved: false).verdict
    }

    /// Passes a request through all tiers and says what it found.
    ///
    /// - Parameter key: The request's key, if ``findInMemory(_:)`` has made it a moment ago.
    package func find(
        _ request: CacheRequest,
        key: RequestKey? = nil,
        isObserved: Bool = true
    ) async -> LookupResult {
        var (result, isOver) = beginFinding(request, key: key, isObserved: isObserved)
        if isOver { return result }
        // What the exact tier holds came by here or was stored here: its namespace is followed already.
        shared?.tier.noteUse(of: result.namespace.id)
        if await findInStore(request, &result) { return result }
        if await findInSharedTier(request, &result) { return result }
        await findByMeaning(request, &result)
        return result
    }

    /// What ``find(_:key:isObserved:)`` finds without waiting, word for word in memory.
    ///
    /// If that cannot be served, nothing of the attempt remains but the key, and ``find(_:key:isObserved:)`` is to be asked.
    package func findInMemory(_ request: CacheRequest) -> LookupResult {
        beginFinding(request, key: nil, isObserved: true).result
    }

    /// The part of a lookup that waits for nothing, and whether no other is needed.
    private func beginFinding(
        _ request: CacheRequest,
        key: RequestKey?,
        isObserved: Bool
    ) -> (result: LookupResult, isOver: Bool) {
        let namespace = namespaces[request.scope.namespace]
        let settings = namespace.settings
        if let reason = bypassReason(of: request, settings) {
            let verdict = Verdict(.bypass, reason: reason)
            return (LookupResult(verdict: verdict, key: nil, namespace: namespace, mark: 0), true)
        }
        let mark = invalidations.mark
        let key = key ?? makeKey(of: request, in: namespace, settings)
        var result = LookupResult(verdict: Verdict(.miss, reason: .noCache), key: key, namespace: namespace, mark: mark)
        result.isObserved = isObserved
        if request.controls.noCache { return (result, true) }
        guard !isBehind(namespace) else {
            result.verdict.reason = .sharedTierBehind
            return (result, true)
        }
        result.verdict.reason = .noCandidates
        let isFound = entryInMemory(key).map { judge($0, .exact, request, &result) } ?? false
        return (result, isFound)
    }

    /// Why a request is not looked at; nil if it is.
    func bypassReason(of request: CacheRequest, _ settings: NamespaceSettings) -> VerdictReason? {
        if request.controls.mode == .off { return .noCache }
        if request.scope.namespace.tenant == NamespaceTable.sharedTenant { return .noCache }
        if request.scope.namespace.isConversationPart, !request.isInternal { return .noCache }
        let temperature = request.parameters.temperature ?? (settings.deterministicOnly ? 1 : 0)
        // An absent temperature is 0 here: the caller did not ask for variety.
        return temperature > settings.maximumTemperature ? .temperature : nil
    }

    func makeKey(
        of request: CacheRequest,
        in namespace: NamespaceState,
        _ settings: NamespaceSettings
    ) -> RequestKey {
        RequestKey(request, in: namespace.id, settings: settings.conversation)
    }

    /// The answer in the exact tier, if the second digest confirms the first.
    func entryInMemory(_ key: RequestKey) -> CacheEntry? {
        guard let record = exact.value(for: key.exact, now: clock.now) else { return nil }
        return record.answers(key) ? record.entry : nil
    }

    private func findInStore(_ request: CacheRequest, _ result: inout LookupResult) async -> Bool {
        guard let key = result.key else { return false }
        let removalsBefore = removals.load(ordering: .acquiring)
        do {
            guard let match = try await store.match(key: key.exact), match.question.check == key.makeCheck() else {
                return false
            }
            let isServed = judge(match.entry, .store, request, &result)
            if isServed, result.isObserved, result.verdict.outcome == .hit {
                keepInMemory(match.entry, key: key, unlessRemovedSince: removalsBefore)
            }
            return isServed
        } catch {
            noteFailure(of: "store", error, in: result.namespace)
            result.verdict.reason = .storeUnavailable
            return false
        }
    }

    /// Turns an entry that matches word for word into the verdict, if it may be served.
    func judge(
        _ entry: CacheEntry,
        _ tier: Verdict.Tier,
        _ request: CacheRequest,
        _ result: inout LookupResult
    ) -> Bool {
        switch freshness(of: entry, request, result.namespace) {
        case .fresh: result.verdict = makeVerdict(.hit, entry, tier: tier, reason: .exactMatch)
        case .revalidating: result.verdict = makeVerdict(.stale, entry, tier: tier, reason: .stale)
        case .ifError:
            // What a later tier has too was found where it was found first.
            if result.fallback?.entry.id != entry.id { result.fallback = (entry, tier) }
            result.verdict.reason = .tooOld
            return false
        case .gone:
            result.verdict.reason = .tooOld
            return false
        }
        noteUse(of: entry, result)
        return true
    }

    func freshness(of entry: CacheEntry, _ request: CacheRequest, _ namespace: NamespaceState) -> Freshness {
        freshness(of: entry, request, namespace, namespace.settings)
    }

    private func freshness(
        of entry: CacheEntry,
        _ request: CacheRequest,
        _ namespace: NamespaceState,
        _ settings: NamespaceSettings
    ) -> Freshness {
        if settings.idleTimeout != nil, namespace.retention.isIdle(entry, settings: settings, now: clock.now) {
            return .gone
        }
        return Freshness(
            of: entry,
            at: clock.now,
            epoch: namespace.epoch,
            settings: settings,
            controls: request.controls
        )
    }

    func makeVerdict(
        _ outcome: Verdict.Outcome,
        _ entry: CacheEntry,
        tier: Verdict.Tier,
        reason: VerdictReason
    ) -> Verdict {
        var verdict = Verdict(outcome, reason: reason, tier: tier)
        verdict.reply = entry.reply
        verdict.entry = entry.id
        verdict.age = max(.zero, clock.now - entry.createdAt)
        verdict.expiresAt = entry.expiresAt
        verdict.similarity = 1
        verdict.savedCost = entry.cost
        verdict.savedLatency = entry.upstreamLatency
        return verdict
    }

    /// Puts an answer that was read from the store into the exact tier, unless something was removed meanwhile.
    ///
    /// A removal raises the count before it clears the exact tier. So either the count differs here, and the answer goes
    /// again, or the removal clears the tier after the answer came.
    func keepInMemory(_ entry: CacheEntry, key: RequestKey, unlessRemovedSince count: UInt64) {
        guard removals.load(ordering: .acquiring) == count else { return }
        let settings = namespaces[entry.namespace].settings
        let record = ExactRecord(entry: entry, key: key)
        exact.insert(
            record,
            for: key.exact,
            byteCount: entry.byteCount + record.overheadBytes,
            expiresAt: entry.expiresAt.map { $0 + settings.longestStaleness },
            idleTimeout: settings.idleTimeout,
            now: clock.now
        )
        if removals.load(ordering: .acquiring) != count { exact.remove(key.exact) }
    }

    /// Keeps a served answer from eviction, and counts the hit in its record.
    func noteUse(of entry: CacheEntry, _ result: LookupResult) {
        guard result.isObserved else { return }
        result.namespace.retention.touch(entry, settings: result.namespace.settings, now: clock.now)
        result.namespace.learning?.records.countHit(of: entry.id)
    }

    func noteFailure(of part: String, _ error: any Error, in namespace: NamespaceState) {
        namespace.counters.countFailure()
        logger.warning("a lookup goes on without the \(part)", metadata: ["error": "\(error)"])
    }
}
