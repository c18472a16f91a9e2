import SemanticCaching
import SemanticCachingTesting
import Testing

@Suite struct EvictionQueueTests {
    private let start = Timestamp(milliseconds: 1_700_000_000_000)

    private func id(_ number: Int) -> EntryID {
        EntryID(high: UInt64(start.milliseconds) << 16, low: UInt64(number))
    }

    /// Every operation at random, each policy, against lists that are searched from end to end.
    @Test(arguments: EvictionPolicy.allCases, [UInt64(1), 2, 3])
    func agreesWithTheModel(policy: EvictionPolicy, seedNumber: UInt64) {
        var generator = SeededGenerator.announced(seed: seedNumber)
        let seed = HashSeed(using: &generator)
        var queue = EvictionQueue(policy: policy, seed: seed)
        var model = ModelQueue(policy: policy, seed: seed)
        let limits = EvictionLimits(maximumEntries: 60, maximumBytes: 24_000)
        var now = start
        for step in 0..<6_000 {
            // Squared, so that some entries are used much more often than others.
            let uniform = Double.random(in: 0..<1, using: &generator)
            let id = id(Int(uniform * uniform * 200))
            let bytes = Int.random(in: 0...1_000, using: &generator)
            let deadline: Timestamp? =
                Bool.random(using: &generator)
                ? nil : now + .milliseconds(Int.random(in: 0...5_000, using: &generator))
            switch Int.random(in: 0..<20, using: &generator) {
            case 0..<8:
                let saving = Float.random(in: 0.01...10, using: &generator)
                queue.insert(id, bytes: bytes, expiresAt: deadline, saving: saving, now: now)
                model.insert(id, bytes: bytes, deadline: deadline, saving: saving)
            case 8..<15:
                queue.touch(id)
                model.touch(id)
            case 15:
                let isRemoved = queue.remove(id)
                #expect(isRemoved == model.items.contains { $0.id == id })
                model.remove(id)
            case 16:
                queue.setExpiry(deadline, of: id, now: now)
                model.setExpiry(deadline, of: id)
            case 17:
                queue.setBytes(bytes, of: id)
                model.setBytes(bytes, of: id)
            case 18:
                now = now + .milliseconds(Int.random(in: 0...500, using: &generator))
                #expect(Set(queue.popExpired(now: now)) == model.popExpired(now: now), "step \(step)")
            default:
                let gone = queue.popOverflow(limits)
                #expect(gone == model.popOverflow(limits), "step \(step)")
            }
            #expect(queue.count == model.items.count)
            #expect(queue.bytes == model.bytes)
            guard queue.count == model.items.count else { return }
        }
        #expect(model.items.allSatisfy { queue.contains($0.id) })
    }

    @Test(arguments: EvictionPolicy.allCases)
    func popsInBatchesUntilTheLimitsHold(policy: EvictionPolicy) {
        var queue = EvictionQueue(policy: policy)
        for number in 0..<1_000 { queue.insert(id(number), bytes: 10, expiresAt: nil, now: start) }
        let limits = EvictionLimits(maximumEntries: 900, maximumBytes: 5_000)
        var gone: Set<EntryID> = []
        while true {
            let batch = queue.popOverflow(limits, limit: 64)
            for id in batch { #expect(gone.insert(id).inserted) }
            if batch.count < 64 { break }
        }
        #expect(gone.count == 500)
        #expect(queue.count == 500)
        #expect(queue.bytes == 5_000)
        #expect(gone.allSatisfy { !queue.contains($0) })
    }

    @Test func expiredAnswersComeOutInBatches() {
        var queue = EvictionQueue(policy: .oldestFirst)
        for number in 0..<100 {
            queue.insert(id(number), bytes: 1, expiresAt: start + .milliseconds(number), now: start)
        }
        #expect(queue.popExpired(now: start + .milliseconds(49), limit: 30).count == 30)
        #expect(queue.popExpired(now: start + .milliseconds(49), limit: 30).count == 20)
        #expect(queue.popExpired(now: start + .milliseconds(49), limit: 30).isEmpty)
        #expect(queue.count == 50)
    }

    @Test func anAnswerThatHadExpiredWhenItCameIsPopped() {
        var queue = EvictionQueue(policy: .tinyLFU)
        queue.insert(id(1), bytes: 1, expiresAt: start - .seconds(60), now: start)
        #expect(queue.popExpired(now: start) == [id(1)])
    }

    @Test func aTouchMovesASlidingDeadlineBackOnly() {
        var queue = EvictionQueue(policy: .leastRecentlyUsed)
        queue.insert(id(1), bytes: 1, expiresAt: start + .seconds(10), now: start)
        queue.touch(id(1), expiresAt: start + .seconds(20))
        queue.touch(id(1), expiresAt: start + .seconds(5))
        #expect(queue.expiry(of: id(1)) == start + .seconds(20))
        #expect(queue.popExpired(now: start + .seconds(19)).isEmpty)
        #expect(queue.popExpired(now: start + .seconds(20)) == [id(1)])
    }

    @Test func valueWeighsHitsSavingAndBytes() {
        var queue = EvictionQueue(policy: .byValue)
        queue.insert(id(0), bytes: 1_000, expiresAt: nil, saving: 1, hits: 9, now: start)  // 10 / 1000
        queue.insert(id(1), bytes: 100, expiresAt: nil, saving: 2, now: start)  // 2 / 100
        queue.insert(id(2), bytes: 1_000, expiresAt: nil, saving: 1, now: start)  // 1 / 1000
        queue.insert(id(3), bytes: 1_000, expiresAt: nil, saving: 40, now: start)  // 40 / 1000
        #expect(queue.popOverflow(EvictionLimits(maximumEntries: 0)) == [id(2), id(0), id(1), id(3)])
    }

    @Test func whatWasValuableLongAgoAges() {
        var queue = EvictionQueue(policy: .byValue)
        queue.insert(id(0), bytes: 100, expiresAt: nil, saving: 1, hits: 50, now: start)
        var rounds = 0
        while queue.contains(id(0)), rounds < 1_000 {
            rounds += 1
            queue.insert(id(rounds), bytes: 100, expiresAt: nil, saving: 1, now: start)
            _ = queue.popOverflow(EvictionLimits(maximumEntries: 4))
        }
        #expect((51..<400).contains(rounds))
    }

    @Test(arguments: EvictionPolicy.allCases)
    func theWeakestIsWhatPopWeakestGives(policy: EvictionPolicy) throws {
        var queue = EvictionQueue(policy: policy)
        #expect(queue.weakest(now: start) == nil)
        for number in 0..<50 { queue.insert(id(number), bytes: 100, expiresAt: nil, now: start) }
        for number in 10..<50 { queue.touch(id(number)) }
        let weakest = try #require(queue.weakest(now: start + .seconds(10)))
        #expect(weakest.bytes == 100)
        #expect(queue.popWeakest(bytes: 1) == [weakest.id])
        #expect(queue.popWeakest(bytes: 250).count == 3)
        #expect(queue.popWeakest(bytes: .max, limit: 5).count == 5)
        #expect(queue.popWeakest(bytes: 1 << 40).count == 41)
        #expect(queue.count == 0)
    }

    /// Hits for each byte and second, so that a namespace of large, old, unused answers gives first.
    @Test func scoresAreComparableAcrossQueues() throws {
        func score(bytes: Int, hits: Int, age: Duration) throws -> Double {
            var queue = EvictionQueue(policy: .leastRecentlyUsed)
            queue.insert(id(1), bytes: bytes, expiresAt: nil, hits: hits, now: start)
            return try #require(queue.weakest(now: start + age)).score
        }
        let base = try score(bytes: 1_000, hits: 0, age: .seconds(100))
        #expect(abs(base - 1e-5) < 1e-12)
        #expect(try score(bytes: 2_000, hits: 0, age: .seconds(100)) < base)
        #expect(try score(bytes: 1_000, hits: 3, age: .seconds(100)) > base)
        #expect(try score(bytes: 1_000, hits: 0, age: .seconds(200)) < base)
        #expect(try score(bytes: 0, hits: 0, age: .zero).isFinite)
    }

    /// A namespace that nobody uses has one, so it must cost next to nothing.
    @Test func anEmptyQueueIsSmall() {
        #expect(MemoryLayout<EvictionQueue>.size <= 512)
    }

    @Test(arguments: EvictionPolicy.allCases)
    func bytesAreCorrectedAndAdded(policy: EvictionPolicy) {
        var queue = EvictionQueue(policy: policy)
        queue.insert(id(1), bytes: 1, expiresAt: nil, now: start)
        queue.setBytes(300, of: id(1))
        queue.addBytes(40, to: id(1))
        let isKnown = queue.addBytes(5, to: id(2))
        #expect(!isKnown && queue.bytes == 340)
        #expect(queue.popOverflow(EvictionLimits(maximumBytes: 339)) == [id(1)])
        #expect(queue.bytes == 0)
    }

    @Test func aRemovedIdMayComeBack() {
        var queue = EvictionQueue(policy: .byValue)
        for _ in 0..<3 {
            queue.insert(id(7), bytes: 5, expiresAt: start + .seconds(1), now: start)
            let attempts = [queue.remove(id(7)), queue.remove(id(7))]
            #expect(attempts == [true, false])
        }
        #expect(queue.popExpired(now: start + .seconds(9)).isEmpty)
        queue.insert(id(7), bytes: 5, expiresAt: nil, now: start)
        queue.removeAll()
        #expect(queue.count == 0 && queue.bytes == 0 && !queue.contains(id(7)))
    }
}
