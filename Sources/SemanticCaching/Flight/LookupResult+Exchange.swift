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
    /// The model may have taken long: the answer may have been invalidated meanwhile, or be too old by now.
    package func fallbackVerdict(of result: LookupResult, for request: CacheRequest) async -> Verdict? {
        guard let found = result.fallback else { return nil }
        let entry: CacheEntry?
        do { entry = try await store.entry(found.id) } catch {
            noteFailure(of: "store", error, in: result.namespace)
            entry = invalidations.mark == result.mark ? found : nil
        }
        guard let entry, freshness(of: entry, request, result.namespace) != .gone else { return nil }
        return makeVerdict(.stale, entry, tier: .store, reason: .stale)
    }

    /// Notes that an answer could not be stored; its caller has it all the same.
    package func noteFailedStore(_ error: any Error, of result: LookupResult) {
        noteFailure(of: "store", error, in: result.namespace)
    }
}
