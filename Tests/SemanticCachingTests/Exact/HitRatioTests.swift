import SemanticCaching
import SemanticCachingTesting
import Testing

/// How many lookups each policy answers, on traces of known shape: counts, not times.
@Suite struct HitRatioTests {
    private static let capacity = 512

    /// The share of the trace that a cache of 512 entries answers, when each miss stores its key.
    private func hitRatio(_ policy: EvictionPolicy, _ trace: [Int], seed: UInt64) -> Double {
        var generator = SeededGenerator(seed: seed)
        let cache = ExactCache<Int>(
            .init(maximumEntries: Self.capacity, maximumBytes: .max, eviction: policy, shardCount: 1),
            seed: HashSeed(using: &generator)
        )
        let now = Timestamp(milliseconds: 0)
        for number in trace {
            let key = Digest256(hashing: withUnsafeBytes(of: number) { Array($0) })
            if cache.value(for: key, now: now) == nil {
                cache.insert(number, for: key, byteCount: 1, expiresAt: nil, now: now)
            }
        }
        let statistics = cache.statistics
        return Double(statistics.hits) / Double(statistics.hits + statistics.misses)
    }

    @Test(arguments: [0.7, 0.9, 1.1])
    func frequencyBeatsRecencyOnZipf(skew: Double) {
        var generator = SeededGenerator.announced(seed: 41)
        let zipf = ZipfDistribution(count: 20_000, skew: skew)
        let trace = (0..<40_000).map { _ in zipf.next(using: &generator) }
        let tinyLFU = hitRatio(.tinyLFU, trace, seed: generator.seed)
        let lru = hitRatio(.leastRecentlyUsed, trace, seed: generator.seed)
        let best = zipf.probability(ofFirst: Self.capacity)
        print("zipf \(skew): W-TinyLFU \(tinyLFU), LRU \(lru), the most popular \(Self.capacity) always kept \(best)")
        #expect(tinyLFU > lru * 1.05)
        #expect(tinyLFU > best * 0.8)
    }

    /// A hot set that fits, washed over again and again by keys that never return.
    @Test func aScanDoesNotWashOutTheHotSet() {
        var generator = SeededGenerator.announced(seed: 42)
        var trace: [Int] = []
        var stranger = 1_000_000
        for _ in 0..<40 {
            for _ in 0..<1_000 { trace.append(Int.random(in: 0..<400, using: &generator)) }
            for _ in 0..<1_000 {
                trace.append(stranger)
                stranger += 1
            }
        }
        let tinyLFU = hitRatio(.tinyLFU, trace, seed: generator.seed)
        let lru = hitRatio(.leastRecentlyUsed, trace, seed: generator.seed)
        print("hot set and scan: W-TinyLFU \(tinyLFU), LRU \(lru), at best 0.49")
        #expect(tinyLFU > 0.46)
        #expect(lru < 0.35)
    }

    /// The engine evicts a hundredth at a time; newcomers must not slip in behind one that deserves it.
    @Test func evictingInBatchesKeepsTheHotSetToo() {
        var generator = SeededGenerator.announced(seed: 46)
        var queue = EvictionQueue(policy: .tinyLFU, seed: HashSeed(using: &generator))
        let (full, lower) = (EvictionLimits(maximumEntries: 2_000), EvictionLimits(maximumEntries: 1_900))
        let now = Timestamp(milliseconds: 0)
        var hits = 0
        func ask(_ number: Int) {
            let id = EntryID(high: 1, low: UInt64(number))
            if queue.contains(id) {
                hits += 1
                queue.touch(id)
                return
            }
            queue.insert(id, bytes: 100, expiresAt: nil, now: now)
            if queue.count > full.maximumEntries { _ = queue.popOverflow(lower) }
        }
        for number in 0..<60_000 {
            // A hot set that fits, and as many strangers that never return.
            ask(Int.random(in: 0..<1_600, using: &generator))
            ask(1_000_000 + number)
        }
        print("batches: hot set and scan \(Double(hits) / 120_000), at best 0.5")
        #expect(Double(hits) / 120_000 > 0.45)
    }

    /// What was popular long ago must give way: the hot set changes altogether.
    @Test func aNewHotSetTakesOver() {
        var generator = SeededGenerator.announced(seed: 43)
        let old = (0..<40_000).map { _ in Int.random(in: 0..<400, using: &generator) }
        let new = (0..<40_000).map { _ in 10_000 + Int.random(in: 0..<400, using: &generator) }
        let both = hitRatio(.tinyLFU, old + new, seed: generator.seed)
        let one = hitRatio(.tinyLFU, old, seed: generator.seed)
        print("change of the hot set: W-TinyLFU \(both), without a change \(one)")
        #expect(both > 0.9)
        #expect(one > 0.98)
    }

    /// Entries that someone made look popular for ever give way to what is really used.
    @Test func pretendedPopularityEnds() {
        var generator = SeededGenerator.announced(seed: 44)
        let pretenders = (0..<512).flatMap { number in Array(repeating: number, count: 30) }
        let honest = (0..<60_000).map { _ in 10_000 + Int.random(in: 0..<600, using: &generator) }
        let ratio = hitRatio(.tinyLFU, pretenders + honest, seed: generator.seed)
        #expect(ratio > 0.6)
    }

    /// Small answers that cost much against large ones that cost nothing: what counts is what hits save.
    @Test func valueSavesMoreThanRecency() {
        var generator = SeededGenerator.announced(seed: 45)
        let zipf = ZipfDistribution(count: 2_000, skew: 0.8)
        let trace = (0..<30_000).map { _ in zipf.next(using: &generator) }
        // A tenth of the answers is dear: two seconds instead of fifty milliseconds.
        func saving(_ number: Int) -> Float { number % 10 == 3 ? 2 : 0.05 }
        func saved(_ policy: EvictionPolicy) -> Float {
            var queue = EvictionQueue(policy: policy)
            var saved: Float = 0
            for number in trace {
                let id = EntryID(high: 1, low: UInt64(number))
                if queue.contains(id) {
                    saved += saving(number)
                    queue.touch(id)
                } else {
                    let now = Timestamp(milliseconds: 0)
                    queue.insert(id, bytes: 100, expiresAt: nil, saving: saving(number), now: now)
                    _ = queue.popOverflow(EvictionLimits(maximumEntries: 200))
                }
            }
            return saved
        }
        let (byValue, lru) = (saved(.byValue), saved(.leastRecentlyUsed))
        print("seconds saved: by value \(byValue), LRU \(lru)")
        #expect(byValue > lru * 1.3)
    }
}
