/// What an exact cache has done since it was made, and what it holds now.
public struct ExactCacheStatistics: Hashable, Sendable, Codable {
    /// Lookups that found a fresh entry.
    public var hits = 0
    /// Lookups that found none.
    public var misses = 0
    /// Entries that came in; those that are still here and those that left again.
    public var insertions = 0
    /// Entries that were removed by key.
    public var invalidations = 0
    /// Entries of which the key was given to another entry.
    public var replacements = 0
    /// Entries that went because a limit was reached.
    public var overflows = 0
    /// Entries whose time was over.
    public var expirations = 0
    /// Entries that are here now.
    public var entries = 0
    /// The bytes of the entries that are here now, as they were declared.
    public var bytes = 0

    /// Creates statistics of a cache that has done nothing.
    public init() {}

    /// The share of lookups that found a fresh entry, from 0 to 1; nil before the first lookup.
    public var hitRatio: Double? { hits + misses == 0 ? nil : Double(hits) / Double(hits + misses) }

    /// The entries that left, whatever the cause.
    public var removals: Int { invalidations + replacements + overflows + expirations }

    mutating func count(_ cause: DeletionCause) {
        switch cause {
        case .invalidation: invalidations += 1
        case .replacement: replacements += 1
        case .overflow: overflows += 1
        case .expiration: expirations += 1
        }
    }

    static func += (left: inout ExactCacheStatistics, right: ExactCacheStatistics) {
        left.hits += right.hits
        left.misses += right.misses
        left.insertions += right.insertions
        left.invalidations += right.invalidations
        left.replacements += right.replacements
        left.overflows += right.overflows
        left.expirations += right.expirations
        left.entries += right.entries
        left.bytes += right.bytes
    }
}
