// What follows from the counts. They may come from a damaged store: sums stay within the numbers.

extension LedgerCounts {
    /// Answers served from the cache.
    public var hits: Int { sum(of: .exactHits, .semanticHits, .coalescedHits, .staleHits) }

    /// Requests that asked the cache.
    public var requests: Int { hits.addingSaturated(self[.misses]) }

    /// Answers served from the cache for each request that asked it, from 0 to 1.
    public var hitRate: Double { requests == 0 ? 0 : Double(hits) / Double(requests) }

    /// All tokens that no model had to read or write: those of hits and of what was left out, less those of summaries.
    public var savedTokens: Int { self[.savedTokens].addingSaturated(tokensSavedByShortening) }

    /// Tokens of conversations that were not sent, less those of summaries.
    package var tokensSavedByShortening: Int { self[.leftOutTokens].subtractingSaturated(self[.summaryTokens]) }

    /// All US dollars that were not spent: on hits, on what was left out, and by the provider's prompt cache, less those
    /// that summaries cost.
    public var savedDollars: Double {
        let saved = sum(of: .savedNanodollars, .leftOutNanodollars, .providerSavedNanodollars)
        return Double(saved.subtractingSaturated(self[.summaryNanodollars])) * 1e-9
    }

    /// US dollars that were spent.
    public var spentDollars: Double { Double(self[.spentNanodollars]) * 1e-9 }

    /// Seconds that nobody had to wait for the model.
    public var savedSeconds: Double { Double(self[.savedMilliseconds]) * 1e-3 }

    /// The mean time that the model took, in seconds; nil if it was not asked.
    public var meanUpstreamSeconds: Double? {
        let calls = self[.upstreamCalls]
        return calls == 0 ? nil : Double(self[.upstreamMilliseconds]) * 1e-3 / Double(calls)
    }

    /// The time within which a share of the hits was found, in seconds, to the next power of two; nil without hits.
    public func hitLatency(atShare share: Double) -> Double? {
        let total = hitLatencies.reduce(0) { $0.addingSaturated($1) }
        guard total > 0 else { return nil }
        var below = 0
        for (place, count) in hitLatencies.enumerated() {
            below = below.addingSaturated(count)
            if Double(below) >= share * Double(total) { return Double(1 << place) * 1e-6 }
        }
        return nil
    }

    private func sum(of fields: Field...) -> Int { fields.reduce(0) { $0.addingSaturated(self[$1]) } }
}
