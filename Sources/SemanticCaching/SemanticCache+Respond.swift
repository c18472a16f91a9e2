extension SemanticCache {
    /// Answers a request from the cache, or asks the model once, however many ask the same at the same time.
    ///
    ///     let response = try await cache.respond(to: request) { try await model.answer($0) }
    ///
    /// Callers that ask the same while the model works wait for its answer. If the caller whose request is under way is
    /// cancelled or fails, the next one takes over; a second failure is everyone's. A stale answer, where the namespace
    /// keeps such, is served at once while one refresh runs, or when the model fails. A ``DeterministicFailure`` is remembered
    /// for the time it says.
    /// - Throws: The model's error; ``CacheError`` with `notCached` for a request that wants a cached answer only. The
    ///   cache itself never fails a request.
    public func respond(
        to request: CacheRequest,
        orElse model: @escaping @Sendable (CacheRequest) async throws -> CachedReply
    ) async throws -> CacheResponse {
        let start = ContinuousClock.now
        let result = await find(request)
        if let reply = result.verdict.reply, result.verdict.isServable {
            result.namespace.usage.observeHit(start.duration(to: .now))
            result.namespace.counters.count(result.verdict)
            if result.verdict.outcome == .stale, request.controls.allowsRefresh {
                refresh(request, after: result, model)
            }
            return CacheResponse(reply: reply, verdict: result.verdict, entry: result.verdict.entry)
        }
        guard !request.controls.onlyIfCached else {
            result.namespace.counters.count(result.verdict)
            throw CacheError(.notCached, "no cached answer, and the request does not want another")
        }
        // Requests that want variety, or an answer made now, must not share one.
        guard let key = result.key, !request.controls.noCache else {
            result.namespace.counters.count(result.verdict)
            return try await fetch(request, after: result, model)
        }
        do {
            let flightKey = result.flightKey(for: key)
            if let failure = failures.value(for: flightKey, now: clock.now) { throw failure }
            return settle(try await fetchOnce(request, key, after: result, model), after: result)
        } catch {
            guard !(error is CancellationError), let verdict = await fallbackVerdict(of: result, for: request),
                let reply = verdict.reply
            else {
                result.namespace.counters.count(result.verdict)
                throw error
            }
            result.namespace.counters.count(verdict)
            return CacheResponse(reply: reply, verdict: verdict, entry: verdict.entry)
        }
    }

    /// Asks the model, or waits for the caller that does.
    private func fetchOnce(
        _ request: CacheRequest,
        _ key: RequestKey,
        after result: LookupResult,
        _ model: @escaping @Sendable (CacheRequest) async throws -> CachedReply
    ) async throws -> SingleFlight<Digest256, CacheResponse>.Landing {
        try await flights.run(result.flightKey(for: key)) { [self] in
            if let late = landedMeanwhile(request, after: result) { return late }
            if let other = await waitForTurn(request, after: result) { return other }
            defer { endTurn(of: result) }
            return try await fetch(request, after: result, model)
        }
    }

    /// The answer that was stored between this request's lookup and its turn; nil if there is none.
    package func landedMeanwhile(_ request: CacheRequest, after result: LookupResult) -> CacheResponse? {
        guard !isBehind(result.namespace), let key = result.key, let entry = entryInMemory(key),
            freshness(of: entry, request, result.namespace) == .fresh
        else { return nil }
        let verdict = makeVerdict(.hit, entry, tier: .coalesced, reason: .coalesced)
        return CacheResponse(reply: entry.reply, verdict: verdict, entry: entry.id)
    }

    private func settle(
        _ landing: SingleFlight<Digest256, CacheResponse>.Landing,
        after result: LookupResult
    ) -> CacheResponse {
        var response = landing.value
        if !landing.isLeader {
            var verdict = Verdict(.hit, reason: .coalesced, tier: .coalesced)
            verdict.reply = response.reply
            verdict.entry = response.entry
            response = CacheResponse(reply: response.reply, verdict: verdict, entry: response.entry)
        }
        result.namespace.counters.count(response.verdict)
        return response
    }

    /// Asks the model, and stores what it says if it may be stored.
    private func fetch(
        _ request: CacheRequest,
        after result: LookupResult,
        _ model: @Sendable (CacheRequest) async throws -> CachedReply
    ) async throws -> CacheResponse {
        let start = ContinuousClock.now
        let reply: CachedReply
        do { reply = try await model(request) } catch let failure as DeterministicFailure {
            if !request.controls.noStore { remember(failure, of: result) }
            throw failure
        }
        let latency = start.duration(to: .now)
        var entry: EntryID?
        do {
            entry = try await store(reply, for: request, after: result, upstreamLatency: latency, cost: nil)
        } catch {
            // The caller has its answer; a store that fails costs the next caller a miss.
            noteFailure(of: "store", error, in: result.namespace)
        }
        followUp(reply, storedAs: entry, after: result)
        return CacheResponse(reply: reply, verdict: result.verdict, entry: entry)
    }

    /// Keeps a failure from being asked for again, for as long as it says, or until something is invalidated in its namespace.
    private func remember(_ failure: DeterministicFailure, of result: LookupResult) {
        guard let key = result.key, failure.timeToLive > .zero else { return }
        let now = clock.now
        failures.insert(
            failure,
            for: result.flightKey(for: key),
            byteCount: failure.message.utf8.count + 64,
            expiresAt: now + failure.timeToLive,
            now: now
        )
    }

    /// Fetches a new answer in the background, once, while the stale one is served.
    private func refresh(
        _ request: CacheRequest,
        after result: LookupResult,
        _ model: @escaping @Sendable (CacheRequest) async throws -> CachedReply
    ) {
        // Whoever is served a stale answer while one is fetched has nothing to add to it, not even a task that waits: a thousand
        // hits a second would be as many.
        guard let key = result.key, failures.value(for: result.flightKey(for: key), now: clock.now) == nil,
            !flights.isUnderWay(result.flightKey(for: key))
        else { return }
        Task { [self] in
            do {
                _ = try await fetchOnce(request, key, after: result, model)
            } catch {
                noteFailure(of: "refresh", error, in: result.namespace)
            }
        }
    }
}
