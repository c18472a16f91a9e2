internal import Synchronization

/// A bounded map from digests to values, safe and quick to use from any number of threads at once.
///
///     let cache = ExactCache<ExactRecord>(.init(maximumEntries: 10_000))
///     cache.insert(record, for: key, byteCount: 512, expiresAt: nil, now: clock.now)
///     cache.value(for: key, now: clock.now)  // record
///
/// Keys are spread over shards, each with its own lock, policy and share of the limits. A hit takes one lock,
/// allocates nothing and copies the value out. Limits hold at every moment, not only in the long run; a value that is
/// larger than a shard's share of the bytes is not kept.
/// Values are released, and `onEviction` is called, outside the locks.
package final class ExactCache<Value: Sendable>: Sendable {
    /// How much is kept, and what goes first.
    package struct Configuration: Hashable, Sendable {
        /// The greatest number of entries.
        package var maximumEntries: Int
        /// The greatest sum of the entries' declared bytes.
        package var maximumBytes: Int
        /// What goes first when a limit is reached.
        package var eviction: EvictionPolicy
        /// The greatest number of shards; small caches have fewer, so that each shard's share makes sense.
        package var shardCount: Int

        /// Creates a configuration.
        package init(
            maximumEntries: Int = 100_000,
            maximumBytes: Int = 256 << 20,
            eviction: EvictionPolicy = .tinyLFU,
            shardCount: Int = 16
        ) {
            self.maximumEntries = maximumEntries
            self.maximumBytes = maximumBytes
            self.eviction = eviction
            self.shardCount = shardCount
        }
    }

    /// Entries and bytes below which a shard is not worth having.
    private static var smallestShard: EvictionLimits { .init(maximumEntries: 256, maximumBytes: 1 << 20) }
    /// How many expired entries are removed under one hold of a lock.
    private static var expirationBatch: Int { 256 }

    private let shards: [ExactLock]
    private let seed: HashSeed
    private let onEviction: (@Sendable (Digest256, Value, DeletionCause) -> Void)?

    /// Creates an empty cache.
    ///
    /// - Parameters:
    ///   - configuration: The limits, each at least 1, and the policy.
    ///   - seed: What places are chosen by; leave it random outside tests.
    ///   - onEviction: Called with everything that leaves, on the thread whose call made it leave.
    package init(
        _ configuration: Configuration,
        seed: HashSeed = HashSeed(),
        onEviction: (@Sendable (Digest256, Value, DeletionCause) -> Void)? = nil
    ) {
        precondition(configuration.maximumEntries > 0, "a cache needs room for an entry")
        precondition(configuration.maximumBytes > 0, "a cache needs room for a byte")
        precondition(configuration.shardCount > 0, "a cache needs a shard")
        self.seed = seed
        self.onEviction = onEviction
        let shardCount = Self.shardCount(for: configuration)
        shards = (0..<shardCount).map { number in
            func share(of total: Int) -> Int { total / shardCount + (number < total % shardCount ? 1 : 0) }
            let limits = EvictionLimits(
                maximumEntries: share(of: configuration.maximumEntries),
                maximumBytes: share(of: configuration.maximumBytes)
            )
            return ExactLock(
                ExactShard(
                    limits: limits,
                    policy: configuration.eviction,
                    seed: seed,
                    jitterSeed: seed.hash(UInt64(number), 0)
                )
            )
        }
    }

    /// The value of the key, if it has one that has not expired.
    ///
    /// - Complexity: O(1); allocates nothing.
    package func value(for key: Digest256, now: Timestamp) -> Value? {
        let hash = key.hash(seed: seed)
        var expired: ExactShard.Removal?
        let box = shard(for: hash).state.withLock { $0.value(for: key, hash: hash, now: now, expired: &expired) }
        if let expired { report(expired) }
        return box.map(Self.value(in:))
    }

    /// Stores a value, in place of the key's former one.
    ///
    /// - Parameters:
    ///   - byteCount: What the value counts against the limit of bytes.
    ///   - expiresAt: When it expires, however often it is used; nil for never.
    ///   - idleTimeout: How long it is kept after its last use; nil for as long as `expiresAt` says.
    /// - Complexity: O(1) amortised.
    package func insert(
        _ value: Value,
        for key: Digest256,
        byteCount: Int,
        expiresAt: Timestamp?,
        idleTimeout: Duration? = nil,
        now: Timestamp
    ) {
        precondition(byteCount >= 0, "a value cannot have fewer bytes than none")
        let hash = key.hash(seed: seed)
        let box = TypedExactBox(value)
        let removals = shard(for: hash).state.withLock {
            $0.insert(
                box,
                for: key,
                hash: hash,
                byteCount: byteCount,
                expiresAt: expiresAt,
                idleTimeout: idleTimeout,
                now: now
            )
        }
        if let first = removals.first { report(first) }
        for removal in removals.rest { report(removal) }
    }

    /// Removes the key and its value; false if there was none.
    @discardableResult
    package func remove(_ key: Digest256) -> Bool {
        let hash = key.hash(seed: seed)
        let removal = shard(for: hash).state.withLock { $0.remove(key, hash: hash) }
        if let removal { report(removal) }
        return removal != nil
    }

    /// Removes everything; entries that come in meanwhile may stay.
    package func removeAll() {
        for shard in shards {
            for removal in shard.state.withLock({ $0.removeAll() }) { report(removal) }
        }
    }

    /// Removes up to `limit` expired entries and returns how many there were.
    ///
    /// - Complexity: O(1) amortised for each entry; no lock is held for more than 256 of them.
    @discardableResult
    package func removeExpired(now: Timestamp, limit: Int = .max) -> Int {
        var count = 0
        for shard in shards {
            while count < limit {
                let batch = min(limit - count, Self.expirationBatch)
                let removals = shard.state.withLock { $0.removeExpired(now: now, limit: batch) }
                for removal in removals { report(removal) }
                count += removals.count
                if removals.count < batch { break }
            }
        }
        return count
    }

    /// What the cache has done and holds: a sum over the shards, each exact at its own moment.
    package var statistics: ExactCacheStatistics {
        shards.reduce(into: ExactCacheStatistics()) { sum, shard in sum += shard.state.withLock { $0.statistics } }
    }

    private func shard(for hash: UInt64) -> ExactLock {
        // The top bits: the table inside the shard looks at the low ones.
        shards[Int(truncatingIfNeeded: hash >> 48) & (shards.count - 1)]
    }

    private func report(_ removal: ExactShard.Removal) {
        onEviction?(removal.key, Self.value(in: removal.value), removal.cause)
    }

    private static func value(in box: ExactBox) -> Value {
        // Sound: only insert(_:for:…) of this cache gives its shards boxes, and makes them of this type.
        unsafeDowncast(box, to: TypedExactBox<Value>.self).value
    }

    private static func shardCount(for configuration: Configuration) -> Int {
        let useful = min(
            configuration.shardCount,
            configuration.maximumEntries / smallestShard.maximumEntries,
            configuration.maximumBytes / smallestShard.maximumBytes
        )
        return useful < 1 ? 1 : 1 << (Int.bitWidth - 1 - useful.leadingZeroBitCount)
    }
}
