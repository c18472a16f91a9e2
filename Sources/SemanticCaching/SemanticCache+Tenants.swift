extension SemanticCache {
    /// What the answers of a tenant occupy in all namespaces of its own.
    ///
    /// - Complexity: O(*n*) for *n* namespaces of the tenant.
    package func usage(of tenant: String) -> (entries: Int, bytes: Int) {
        namespaces.all(of: tenant).reduce((0, 0)) { sum, namespace in
            let usage = namespace.retention.usage
            return (sum.0 + usage.entries, sum.1 + usage.bytes)
        }
    }

    /// Removes the least valuable answers of a tenant until it holds no more than it may; returns how many went.
    ///
    /// Other tenants lose nothing by it. Over a limit, a hundredth more goes, so that most insertions remove nothing.
    ///
    /// - Throws: ``CacheError`` with `storeUnavailable`; what could not be removed goes with the next sweep.
    package func enforceLimits(of tenant: String, entries: Int?, bytes: Int?) async throws -> Int {
        let usage = usage(of: tenant)
        var surplus = (entries: usage.entries - (entries ?? .max), bytes: usage.bytes - (bytes ?? .max))
        guard surplus.entries > 0 || surplus.bytes > 0 else { return 0 }
        if surplus.entries > 0 { surplus.entries += (entries ?? 0) / 100 }
        if surplus.bytes > 0 { surplus.bytes += (bytes ?? 0) / 100 }
        let own = namespaces.all(of: tenant)
        var count = 0
        while surplus.entries > 0 || surplus.bytes > 0 {
            let now = clock.now
            let scored = own.compactMap { state in state.retention.weakestScore(now: now).map { (state, $0) } }
            guard let weakest = scored.min(by: { $0.1 < $1.1 })?.0 else { break }
            let before = weakest.retention.usage.bytes
            let limit = surplus.entries > 0 ? min(surplus.entries, 256) : 256
            let gone = weakest.retention.takeWeakest(bytes: surplus.bytes > 0 ? surplus.bytes : .max, limit: limit)
            guard !gone.isEmpty else { break }
            surplus.entries -= gone.count
            surplus.bytes -= before - weakest.retention.usage.bytes
            count += try await evict(gone, from: weakest, cause: .overflow)
        }
        return count
    }
}
