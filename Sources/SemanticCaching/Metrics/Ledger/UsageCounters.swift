internal import Synchronization

/// Counts what went to the model, what was left out of it and how fast hits were, beside ``LookupCounters``.
final class UsageCounters: Sendable {
    private let counts = Mutex(LedgerCounts())

    func observeHit(_ latency: Duration) { counts.withLock { $0.observeHit(latency) } }

    func add(_ amounts: [(LedgerCounts.Field, Int)]) {
        counts.withLock { counts in for (field, amount) in amounts { counts.add(amount, to: field) } }
    }

    var snapshot: LedgerCounts { counts.withLock { $0 } }
}

extension NamespaceState {
    /// All that the namespace counted since the process started.
    var account: LedgerCounts {
        var counts = usage.snapshot
        let lookups = counters.snapshot
        counts[.exactHits] = lookups.exactHits + lookups.storeHits + lookups.sharedHits
        counts[.semanticHits] = lookups.semanticHits
        counts[.coalescedHits] = lookups.coalesced
        counts[.staleHits] = lookups.stale
        counts[.misses] = lookups.misses
        counts[.bypasses] = lookups.bypasses
        counts[.savedTokens] = lookups.savedTokens
        counts[.savedNanodollars] = Int(saturating: lookups.savedCost * 1e9)
        counts[.savedMilliseconds] = Int(saturating: lookups.savedSeconds * 1e3)
        return counts
    }
}
