/// How lookups ended, and what the hits saved, since the process started.
public struct LookupStatistics: Hashable, Sendable, Codable {
    /// Answers served from memory, word for word.
    public var exactHits = 0
    /// Answers served from the store, word for word.
    public var storeHits = 0
    /// Answers served from the tier that replicas share.
    public var sharedHits = 0
    /// Answers served by their meaning.
    public var semanticHits = 0
    /// Answers taken over from the same request under way.
    public var coalesced = 0
    /// Answers served past their expiry.
    public var stale = 0
    /// Lookups without an answer.
    public var misses = 0
    /// Requests that passed by the cache.
    public var bypasses = 0
    /// Answers that were stored.
    public var stores = 0
    /// Of those, new wordings of an answer that was there.
    public var aliases = 0
    /// Times that a tier failed and the request went on without it.
    public var failures = 0
    /// Times that a learned policy found its namespace's topics changed.
    public var driftAlarms = 0
    /// Answers that were removed, by cause.
    public var removals: [DeletionCause: Int] = [:]
    /// Tokens that the served answers had cost.
    public var savedTokens = 0
    /// US dollars that the served answers had cost.
    public var savedCost = 0.0
    /// Seconds that the model had taken for the served answers.
    public var savedSeconds = 0.0

    /// Creates statistics of nothing.
    public init() {}

    /// Answers served from the cache.
    public var hits: Int { exactHits + storeHits + sharedHits + semanticHits + coalesced + stale }

    /// Answers served from the cache for each request that asked it, from 0 to 1.
    public var hitRate: Double { hits + misses == 0 ? 0 : Double(hits) / Double(hits + misses) }

    /// Adds up the statistics of two.
    public static func + (left: LookupStatistics, right: LookupStatistics) -> LookupStatistics {
        var sum = left
        sum.exactHits += right.exactHits
        sum.storeHits += right.storeHits
        sum.sharedHits += right.sharedHits
        sum.semanticHits += right.semanticHits
        sum.coalesced += right.coalesced
        sum.stale += right.stale
        sum.misses += right.misses
        sum.bypasses += right.bypasses
        sum.stores += right.stores
        sum.aliases += right.aliases
        sum.failures += right.failures
        sum.driftAlarms += right.driftAlarms
        sum.removals.merge(right.removals, uniquingKeysWith: +)
        sum.savedTokens &+= right.savedTokens
        sum.savedCost += right.savedCost
        sum.savedSeconds += right.savedSeconds
        return sum
    }
}
