internal import Synchronization

/// Counts lookups by how they ended; adding is one relaxed atomic addition.
final class LookupCounters: Sendable {
    private let exactHits = Atomic<Int>(0)
    private let storeHits = Atomic<Int>(0)
    private let sharedHits = Atomic<Int>(0)
    private let semanticHits = Atomic<Int>(0)
    private let coalesced = Atomic<Int>(0)
    private let stale = Atomic<Int>(0)
    private let misses = Atomic<Int>(0)
    private let bypasses = Atomic<Int>(0)
    private let stores = Atomic<Int>(0)
    private let aliases = Atomic<Int>(0)
    private let failures = Atomic<Int>(0)
    private let driftAlarms = Atomic<Int>(0)
    private let invalidated = Atomic<Int>(0)
    private let replaced = Atomic<Int>(0)
    private let overflowed = Atomic<Int>(0)
    private let expired = Atomic<Int>(0)
    private let savedTokens = Atomic<Int>(0)
    private let savedNanodollars = Atomic<Int>(0)
    private let savedMilliseconds = Atomic<Int>(0)

    func count(_ verdict: Verdict) {
        switch (verdict.outcome, verdict.tier) {
        case (.bypass, _): bypasses.add(1, ordering: .relaxed)
        case (.stale, _): stale.add(1, ordering: .relaxed)
        case (.hit, .store?): storeHits.add(1, ordering: .relaxed)
        case (.hit, .shared?): sharedHits.add(1, ordering: .relaxed)
        case (.hit, .semantic?): semanticHits.add(1, ordering: .relaxed)
        case (.hit, .coalesced?): coalesced.add(1, ordering: .relaxed)
        case (.hit, _): exactHits.add(1, ordering: .relaxed)
        case (.miss, _): misses.add(1, ordering: .relaxed)
        }
        guard verdict.isServable else { return }
        // A sum that runs over is a wrong figure; it must not end the process, however often an answer is served.
        if let usage = verdict.reply?.usage?.bounded {
            savedTokens.wrappingAdd(usage.promptTokens + usage.completionTokens, ordering: .relaxed)
        }
        if let cost = verdict.savedCost { savedNanodollars.wrappingAdd(Int(nanodollars: cost), ordering: .relaxed) }
        if let latency = verdict.savedLatency {
            savedMilliseconds.wrappingAdd(Int(latency.wholeMilliseconds), ordering: .relaxed)
        }
    }

    func countStore(isAlias: Bool) {
        stores.add(1, ordering: .relaxed)
        if isAlias { aliases.add(1, ordering: .relaxed) }
    }

    func countRemovals(_ count: Int, _ cause: DeletionCause) {
        switch cause {
        case .invalidation: invalidated.add(count, ordering: .relaxed)
        case .replacement: replaced.add(count, ordering: .relaxed)
        case .overflow: overflowed.add(count, ordering: .relaxed)
        case .expiration: expired.add(count, ordering: .relaxed)
        }
    }

    func countFailure() { failures.add(1, ordering: .relaxed) }

    func countDriftAlarm() { driftAlarms.add(1, ordering: .relaxed) }

    var snapshot: LookupStatistics {
        var statistics = LookupStatistics()
        statistics.exactHits = exactHits.load(ordering: .relaxed)
        statistics.storeHits = storeHits.load(ordering: .relaxed)
        statistics.sharedHits = sharedHits.load(ordering: .relaxed)
        statistics.semanticHits = semanticHits.load(ordering: .relaxed)
        statistics.coalesced = coalesced.load(ordering: .relaxed)
        statistics.stale = stale.load(ordering: .relaxed)
        statistics.misses = misses.load(ordering: .relaxed)
        statistics.bypasses = bypasses.load(ordering: .relaxed)
        statistics.stores = stores.load(ordering: .relaxed)
        statistics.aliases = aliases.load(ordering: .relaxed)
        statistics.failures = failures.load(ordering: .relaxed)
        statistics.driftAlarms = driftAlarms.load(ordering: .relaxed)
        statistics.removals = [
            .invalidation: invalidated.load(ordering: .relaxed), .replacement: replaced.load(ordering: .relaxed),
            .overflow: overflowed.load(ordering: .relaxed), .expiration: expired.load(ordering: .relaxed),
        ]
        statistics.savedTokens = savedTokens.load(ordering: .relaxed)
        statistics.savedCost = Double(savedNanodollars.load(ordering: .relaxed)) * 1e-9
        statistics.savedSeconds = Double(savedMilliseconds.load(ordering: .relaxed)) * 1e-3
        return statistics
    }
}
