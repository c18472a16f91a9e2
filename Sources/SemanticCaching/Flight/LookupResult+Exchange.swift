// What a server needs of a lookup whose answer it fetches itself, because it relays the answer while it arrives.

extension LookupResult {
    /// What must be equal for two requests to share one answer; nil if the request was not looked at.
    ///
    /// Whoever asks after an invalidation does not join a call that was made before it.
    package var flightKey: Digest256? { key.map(flightKey(for:)) }

    func flightKey(for key: RequestKey) -> Digest256 { key.exact.mixed(with: generation) }

    /// The settings of the namespace that the request is accounted to.
    package var settings: NamespaceSettings { namespace.settings }

    /// The namespace that the request is accounted to.
    package var namespaceID: NamespaceID { namespace.id }
}

extension SemanticCache {
    /// Counts how a request that ``find(_:)`` looked up was answered in the end.
    package func count(_ verdict: Verdict, of result: LookupResult) {
        result.namespace.counters.count(verdict)
    }

    /// The answer that may be served now that the model has failed; nil if there is none.
    ///
    /// The model may have taken long: the answer may have been invalidated meanwhile, here or on a replica that is not heard
    /// any more, or be too old by now.
    package func fallbackVerdict(of result: LookupResult, for request: CacheRequest) async -> Verdict? {
        guard let found = result.fallback, !isBehind(result.namespace) else { return nil }
        let entry: CacheEntry?
        do { entry = try await store.entry(found.entry.id) } catch {
            noteFailure(of: "store", error, in: result.namespace)
            entry = invalidations.mark == result.mark ? found.entry : nil
        }
        guard let entry, freshness(of: entry, request, result.namespace) != .gone else { return nil }
        var verdict = makeVerdict(.stale, entry, tier: found.tier, reason: .stale)
        guard found.tier == .semantic else { return verdict }
        verdict.similarity = result.verdict.similarity
        verdict.threshold = result.verdict.threshold
        verdict.probability = result.verdict.probability
        verdict.requiredProbability = result.verdict.requiredProbability
        verdict.findings = result.verdict.findings
        verdict.nearest = result.verdict.nearest
        verdict.verification = result.verdict.verification
        return verdict
    }

    /// Notes that an answer could not be stored; its caller has it all the same.
    package func noteFailedStore(_ error: any Error, of result: LookupResult) {
        noteFailure(of: "store", error, in: result.namespace)
    }
}
