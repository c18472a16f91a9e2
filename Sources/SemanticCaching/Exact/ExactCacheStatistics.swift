/// What an exact cache has done since it was made, and what it holds now.
package struct ExactCacheStatistics: Hashable, Sendable, Codable {
    /// Lookups that found a fresh entry.
    package var hits = 0
    /// Lookups that found none.
    package var misses = 0
    /// Entries that came in; those that are still here and those that left again.
    package var insertions = 0
    /// Entries that were removed by key.
    package var invalidations = 0
    /// Entries of which the key was given to another entry.
    package var replacements = 0
    /// Entries that went because a limit was reached.
    package var overflows = 0
    /// Entries whose time was over.
    package var expirations = 0
    /// Entries that are here now.
    package var entries = 0
    /// The bytes of the entries that are here now, as they were declared.
    package var bytes = 0

    /// Creates statistics of a cache that has done nothing.
    package init() {}

    /// The entries that left, whatever the cause.
    package var removals: Int { invalidations + replacements + overflows + expirations }

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
