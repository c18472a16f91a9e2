import SemanticCaching
import SemanticCachingTesting
import Synchronization
import Testing

@Suite struct ExactCacheTests {
    private let start = Timestamp(milliseconds: 1_700_000_000_000)

    private func key(_ number: Int) -> Digest256 {
        Digest256(hashing: withUnsafeBytes(of: number) { Array($0) })
    }

    private func cache(
        entries: Int = 100,
        bytes: Int = 1 << 20,
        eviction: EvictionPolicy = .leastRecentlyUsed,
        shards: Int = 1,
        onEviction: (@Sendable (Digest256, Int, DeletionCause) -> Void)? = nil
    ) -> ExactCache<Int> {
        let configuration = ExactCache<Int>.Configuration(
            maximumEntries: entries,
            maximumBytes: bytes,
            eviction: eviction,
            shardCount: shards
        )
        return ExactCache(configuration, onEviction: onEviction)
    }

    @Test(arguments: EvictionPolicy.allCases)
    func findsWhatWasStoredAndNothingElse(eviction: EvictionPolicy) {
        let cache = cache(eviction: eviction)
        cache.insert(1, for: key(1), byteCount: 10, expiresAt: nil, now: start)
        #expect(cache.value(for: key(1), now: start) == 1)
        #expect(cache.value(for: key(2), now: start) == nil)
        cache.insert(11, for: key(1), byteCount: 20, expiresAt: nil, now: start)
        #expect(cache.value(for: key(1), now: start) == 11)
        #expect(cache.remove(key(1)))
        #expect(!cache.remove(key(1)))
        #expect(cache.value(for: key(1), now: start) == nil)
        let statistics = cache.statistics
        #expect(statistics.hits == 2 && statistics.misses == 2)
        #expect(statistics.insertions == 2 && statistics.replacements == 1 && statistics.invalidations == 1)
        #expect(statistics.entries == 0 && statistics.bytes == 0)
    }

    @Test func anEntryExpiresAtItsMillisecond() {
        let cache = cache()
        cache.insert(1, for: key(1), byteCount: 1, expiresAt: start + .milliseconds(50), now: start)
        #expect(cache.value(for: key(1), now: start + .milliseconds(49)) == 1)
        #expect(cache.value(for: key(1), now: start + .milliseconds(50)) == nil)
        #expect(cache.statistics.entries == 0)
        #expect(cache.statistics.expirations == 1)
    }

    @Test func aSlidingTimeToLiveEndsAtItsHardCap() {
        let cache = cache()
        cache.insert(
            1,
            for: key(1),
            byteCount: 1,
            expiresAt: start + .seconds(25),
            idleTimeout: .seconds(10),
            now: start
        )
        #expect(cache.value(for: key(1), now: start + .seconds(9)) == 1)
        #expect(cache.value(for: key(1), now: start + .seconds(18)) == 1)
        #expect(cache.removeExpired(now: start + .seconds(24)) == 0)
        #expect(cache.value(for: key(1), now: start + .seconds(25)) == nil)
    }

    @Test func anIdleEntryExpiresBeforeItsHardCap() {
        let cache = cache()
        cache.insert(
            1,
            for: key(1),
            byteCount: 1,
            expiresAt: start + .seconds(60),
            idleTimeout: .seconds(10),
            now: start
        )
        cache.insert(2, for: key(2), byteCount: 1, expiresAt: nil, idleTimeout: .seconds(10), now: start)
        #expect(cache.value(for: key(2), now: start + .seconds(5)) == 2)
        #expect(cache.removeExpired(now: start + .seconds(10)) == 1)
        #expect(cache.value(for: key(1), now: start + .seconds(10)) == nil)
        #expect(cache.value(for: key(2), now: start + .seconds(14)) == 2)
    }

    @Test func aNewEntryDoesNotInheritTheIdleTimeOfItsSlot() {
        let cache = cache()
        cache.insert(1, for: key(1), byteCount: 1, expiresAt: nil, idleTimeout: .seconds(1), now: start)
        cache.remove(key(1))
        cache.insert(2, for: key(2), byteCount: 1, expiresAt: start + .seconds(5), now: start)
        #expect(cache.value(for: key(2), now: start + .seconds(4)) == 2)
        #expect(cache.value(for: key(2), now: start + .seconds(5)) == nil)
    }

    @Test func whatCannotStayIsHandedBackAndReplacesTheOldValue() {
        let gone = Watched<[DeletionCause]>([])
        let cache = cache(bytes: 100) { _, _, cause in gone.update { $0.append(cause) } }
        cache.insert(1, for: key(1), byteCount: 10, expiresAt: nil, now: start)
        cache.insert(2, for: key(1), byteCount: 101, expiresAt: nil, now: start)
        #expect(cache.value(for: key(1), now: start) == nil)
        cache.insert(3, for: key(3), byteCount: 1, expiresAt: start, now: start)
        #expect(cache.value(for: key(3), now: start) == nil)
        #expect(gone.value == [.replacement, .overflow, .expiration])
        #expect(cache.statistics.insertions == cache.statistics.removals)
    }

    @Test(arguments: EvictionPolicy.allCases, [1, 4])
    func limitsHoldAtEveryMoment(eviction: EvictionPolicy, shards: Int) {
        var generator = SeededGenerator.announced(seed: 31)
        let gone = Watched<[DeletionCause: Int]>([:])
        let cache = cache(entries: 1_024, bytes: 4 << 20, eviction: eviction, shards: shards) { _, _, cause in
            gone.update { $0[cause, default: 0] += 1 }
        }
        var now = start
        for number in 0..<6_000 {
            let key = key(Int.random(in: 0..<3_000, using: &generator))
            if cache.value(for: key, now: now) == nil {
                let expiresAt = number % 3 == 0 ? now + .milliseconds(Int.random(in: 0..<900, using: &generator)) : nil
                let bytes = Int.random(in: 0..<20_000, using: &generator)
                cache.insert(number, for: key, byteCount: bytes, expiresAt: expiresAt, now: now)
            }
            now = now + .milliseconds(1)
            if number % 97 == 0 { cache.remove(key) }
            if number % 50 == 0 {
                let statistics = cache.statistics
                #expect(statistics.entries <= 1_024 && statistics.bytes <= 4 << 20)
                #expect(statistics.insertions == statistics.entries + statistics.removals)
            }
        }
        let statistics = cache.statistics
        #expect(gone.value[.overflow, default: 0] == statistics.overflows && statistics.overflows > 0)
        #expect(gone.value[.expiration, default: 0] == statistics.expirations && statistics.expirations > 0)
        #expect(gone.value[.invalidation, default: 0] == statistics.invalidations && statistics.invalidations > 0)
        #expect(gone.value[.replacement, default: 0] == statistics.replacements)
        cache.removeAll()
        #expect(cache.statistics.entries == 0 && cache.statistics.bytes == 0)
        #expect(gone.value.values.reduce(0, +) == cache.statistics.insertions)
    }

    @Test func theLeastRecentlyUsedGoesFirst() {
        let cache = cache(entries: 3)
        for number in 0..<3 { cache.insert(number, for: key(number), byteCount: 1, expiresAt: nil, now: start) }
        _ = cache.value(for: key(0), now: start)
        cache.insert(3, for: key(3), byteCount: 1, expiresAt: nil, now: start)
        #expect((0..<4).map { cache.value(for: key($0), now: start) } == [0, nil, 2, 3])
    }

    @Test func theOldestGoesFirstThoughItIsUsed() {
        let cache = cache(entries: 3, eviction: .oldestFirst)
        for number in 0..<3 { cache.insert(number, for: key(number), byteCount: 1, expiresAt: nil, now: start) }
        _ = cache.value(for: key(0), now: start)
        cache.insert(3, for: key(3), byteCount: 1, expiresAt: nil, now: start)
        #expect((0..<4).map { cache.value(for: key($0), now: start) } == [nil, 1, 2, 3])
    }

    /// As many of them as it takes, not only the two that any insertion clears away.
    @Test func expiredEntriesGoBeforeLiveOnes() {
        let cache = cache(bytes: 1_000)
        cache.insert(0, for: key(0), byteCount: 200, expiresAt: nil, now: start)
        for number in 1..<9 {
            cache.insert(number, for: key(number), byteCount: 100, expiresAt: start + .seconds(1), now: start)
        }
        cache.insert(9, for: key(9), byteCount: 800, expiresAt: nil, now: start + .seconds(2))
        #expect(cache.value(for: key(0), now: start + .seconds(2)) == 0)
        #expect(cache.value(for: key(9), now: start + .seconds(2)) == 9)
        #expect(cache.statistics.overflows == 0)
        #expect(cache.statistics.expirations == 8)
    }

    /// A callback that calls the cache again would hang if a lock were held.
    @Test func callbacksRunOutsideTheLock() {
        let reentrant = Mutex<ExactCache<Int>?>(nil)
        let cache = cache(entries: 1) { key, value, _ in
            let cache = reentrant.withLock { $0 }
            #expect(cache?.value(for: key, now: Timestamp(milliseconds: 0)) == nil)
            if value == 1 {
                cache?.insert(5, for: key, byteCount: 1, expiresAt: nil, now: Timestamp(milliseconds: 0))
            }
        }
        reentrant.withLock { $0 = cache }
        cache.insert(1, for: key(1), byteCount: 1, expiresAt: nil, now: start)
        cache.insert(2, for: key(2), byteCount: 1, expiresAt: nil, now: start)
        #expect(cache.value(for: key(1), now: start) == 5)
        reentrant.withLock { $0 = nil }
    }

    @Test func valuesThatLeftAreReleased() {
        final class Witness: Sendable {}
        let cache = ExactCache<Witness>(.init(maximumEntries: 1, shardCount: 1))
        weak var first: Witness?
        do {
            let witness = Witness()
            first = witness
            cache.insert(witness, for: key(1), byteCount: 1, expiresAt: nil, now: start)
        }
        #expect(first != nil)
        cache.remove(key(1))
        #expect(first == nil)
    }

    @Test func expiredEntriesAreRemovedUpToTheLimit() {
        let cache = cache(entries: 4_096, shards: 8)
        for number in 0..<2_000 {
            cache.insert(number, for: key(number), byteCount: 1, expiresAt: start + .seconds(1), now: start)
        }
        #expect(cache.removeExpired(now: start + .seconds(1), limit: 700) == 700)
        #expect(cache.removeExpired(now: start + .seconds(1)) == 1_300)
        #expect(cache.statistics.expirations == 2_000)
    }

    @Test func anyShareOfUnboundedLimitsIsUnbounded() {
        let cache = ExactCache<Int>(.init(maximumEntries: .max, maximumBytes: .max, shardCount: 16))
        for number in 0..<100 { cache.insert(number, for: key(number), byteCount: 1 << 30, expiresAt: nil, now: start) }
        #expect(cache.statistics.entries == 100)
        #expect(cache.statistics.bytes == 100 << 30)
    }

    /// Many tasks at once: a value is only ever its key's, and the books balance in the end.
    @Test(arguments: EvictionPolicy.allCases)
    func manyTasksAtOnceSeeOnlyTheirOwnValues(eviction: EvictionPolicy) async {
        let cache = cache(entries: 1_024, bytes: 8 << 20, eviction: eviction, shards: 4)
        let now = start
        let keys = (0..<2_000).map { key($0) }
        await withTaskGroup(of: Int.self) { group in
            for task in 0..<4 {
                group.addTask {
                    var generator = SeededGenerator(seed: UInt64(task))
                    var wrong = 0
                    for _ in 0..<4_000 {
                        let number = Int.random(in: 0..<keys.count, using: &generator)
                        if let value = cache.value(for: keys[number], now: now) {
                            if value % keys.count != number { wrong += 1 }
                        } else {
                            let value = number + keys.count * task
                            cache.insert(value, for: keys[number], byteCount: 100, expiresAt: nil, now: now)
                        }
                        if number % 50 == 0 { cache.remove(keys[number]) }
                    }
                    return wrong
                }
            }
            for await wrong in group { #expect(wrong == 0) }
        }
        let statistics = cache.statistics
        #expect(statistics.hits + statistics.misses == 16_000)
        #expect(statistics.insertions == statistics.entries + statistics.removals)
        #expect(statistics.entries <= 1_024)
    }
}
