import ArgumentParser
import RedisTier
import SQLiteStorage
import SemanticCaching

/// Where a command removes answers: here, and in the tier that replicas share.
///
/// What is removed here alone would come back from there, by the next lookup word for word or with the next start.
struct RemovalOptions: ParsableArguments {
    @OptionGroup var server: RedisOptions

    @Flag(name: .long, help: "Remove from this folder only, though replicas that share the cache bring it back.")
    var hereOnly = false

    func validate() throws {
        guard !hereOnly || server.redis == nil else {
            throw ValidationError("--here-only and --redis exclude each other")
        }
    }

    /// Removes what selectors select, or only counts it; returns what there was of it here.
    func remove(
        _ selectors: [InvalidationSelector],
        from store: SQLiteStore,
        dryRun: Bool
    ) async throws -> InvalidationTotal {
        var total = InvalidationTotal()
        guard !dryRun else {
            for selector in selectors { total.add(try await store.preview(selector)) }
            return total
        }
        return try await withSharedCache(over: store) { cache in
            for selector in selectors {
                total.add(try await store.preview(selector))
                if let cache {
                    try await cache.invalidate(selector)
                } else {
                    try await store.removeAll(selector)
                }
            }
            return total
        }
    }

    /// Runs a removal with the cache that removes for all replicas; nil if the store is all there is.
    ///
    /// - Throws: `UsageError` if replicas share what the store holds, and nobody said where.
    func withSharedCache<Result>(
        over store: SQLiteStore,
        _ work: (SemanticCache?) async throws -> Result
    ) async throws -> Result {
        if hereOnly { return try await work(nil) }
        guard server.isGiven else {
            guard try await !store.isOfSharedCache() else {
                throw UsageError(
                    message: "replicas share this cache: give their server with --redis, or in $SEMCACHE_REDIS_URL; "
                        + "what --here-only removes comes back"
                )
            }
            return try await work(nil)
        }
        return try await server.withTier { tier in
            // A server that cannot be asked is said before anything is removed.
            _ = try await tier.replicas()
            return try await work(try SemanticCache(embedder: nil, store: store, sharedTier: tier))
        }
    }
}
