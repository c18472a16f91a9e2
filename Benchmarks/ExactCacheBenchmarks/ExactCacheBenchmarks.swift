internal import ArgumentParser
internal import BenchmarkSupport
internal import Dispatch
internal import SemanticCaching
internal import SemanticCachingTesting
internal import Synchronization

/// Measures the exact tier and the eviction queue.
///
///     swift run -c release ExactCacheBenchmarks
@main
struct ExactCacheBenchmarks: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "ExactCacheBenchmarks",
        abstract: "Measures the exact tier and the eviction queue."
    )

    @Flag(help: "Fail when a hit allocates.")
    var check = false

    /// What is cached: one object, as the engine's records are.
    final class Payload: Sendable {
        let number: Int
        init(_ number: Int) { self.number = number }
    }

    static let entries = 100_000
    static let seed: UInt64 = 2_026
    static let now = Timestamp(milliseconds: 1_700_000_000_000)
    static let keys = (0..<2 * entries).map { number in
        Digest256(hashing: withUnsafeBytes(of: number) { Array($0) })
    }

    func run() throws {
        print("exact tier: N = \(Self.entries), 16 shards, seed \(Self.seed), values: one object; CPU ns, best of 5")
        var failures: [String] = []
        for policy in EvictionPolicy.allCases {
            if Self.measureCache(policy).allocations > 0.001 { failures.append("\(policy.rawValue): a hit allocates") }
            Self.measureQueue(policy)
        }
        Self.measureThreads()
        for failure in failures { print("FAILED: \(failure)") }
        if check, !failures.isEmpty { throw ExitCode.failure }
    }

    // MARK: - The cache

    /// Returns what a hit cost.
    private static func measureCache(_ policy: EvictionPolicy) -> Measurement {
        let payloads = (0..<entries).map { Payload($0) }
        let before = Measurement.allocatedBytes
        var cache = makeCache(policy)
        fill(cache, 0..<entries, payloads)
        let bytesPerEntry = Double(Measurement.allocatedBytes - before) / Double(entries)
        let resident = residentNumbers(cache)
        var found = 0
        let hit = Measurement.best(operations: resident.count) {
            for number in resident where cache.value(for: keys[number], now: now) != nil { found += 1 }
        }
        precondition(found == 5 * resident.count, "a resident key must be found")
        let small = Array(resident.prefix(1_000))
        let smallHit = Measurement.best(operations: 100 * small.count) {
            for _ in 0..<100 {
                for number in small where cache.value(for: keys[number], now: now) != nil { found += 1 }
            }
        }
        let miss = Measurement.best(operations: entries) {
            for number in entries..<2 * entries where cache.value(for: keys[number], now: now) != nil { found += 1 }
        }
        // Side by side: each run fills an empty cache and then pushes as many new keys into the full one.
        var (empty, full) = ([Double](), [Double]())
        for _ in 0..<5 {
            cache = makeCache(policy)
            empty.append(Measurement.once(operations: entries) { fill(cache, 0..<entries, payloads) }.nanoseconds)
            full.append(
                Measurement.once(operations: entries) { fill(cache, entries..<2 * entries, payloads) }.nanoseconds
            )
        }
        let ratio = best(full) / best(empty)
        print(
            """
            \(policy.rawValue): hit \(format(hit.nanoseconds)) ns (1,000 hot keys: \(format(smallHit.nanoseconds))), \
            \(hit.allocations) allocations; miss \(format(miss.nanoseconds)) ns; \
            insert into empty \(format(best(empty))) ns, into full \(format(best(full))) ns, ratio \
            \(format(ratio * 100)) %; \(format(bytesPerEntry)) bytes per entry besides its value
            """
        )
        return hit
    }

    private static func makeCache(_ policy: EvictionPolicy) -> ExactCache<Payload> {
        var generator = SeededGenerator(seed: seed)
        return ExactCache(
            .init(maximumEntries: entries, maximumBytes: .max, eviction: policy, shardCount: 16),
            seed: HashSeed(using: &generator)
        )
    }

    private static func fill(_ cache: ExactCache<Payload>, _ numbers: Range<Int>, _ payloads: [Payload]) {
        let expiry = now + .seconds(86_400)
        for number in numbers {
            let payload = payloads[number % entries]
            cache.insert(payload, for: keys[number], byteCount: 500, expiresAt: expiry, now: now)
        }
    }

    /// What is still there after filling (shards overflow a little unevenly), in random order.
    private static func residentNumbers(_ cache: ExactCache<Payload>) -> [Int] {
        var generator = SeededGenerator(seed: seed)
        return (0..<entries).filter { cache.value(for: keys[$0], now: now) != nil }.shuffled(using: &generator)
    }

    // MARK: - The queue

    private static func measureQueue(_ policy: EvictionPolicy) {
        var generator = SeededGenerator(seed: seed)
        let ids = (0..<2 * entries).map { _ in EntryID(at: now, using: &generator) }
        let limits = EvictionLimits(maximumEntries: entries)
        let expiry = now + .seconds(86_400)
        var (empty, full, touches) = ([Double](), [Double](), [Double]())
        var bytesPerEntry = 0.0
        for _ in 0..<5 {
            let before = Measurement.allocatedBytes
            var queue = EvictionQueue(policy: policy, seed: HashSeed(using: &generator))
            func push(_ range: Range<Int>) {
                // One call of popOverflow for 64 insertions, as an engine that commits in groups makes them.
                for start in stride(from: range.lowerBound, to: range.upperBound, by: 64) {
                    for number in start..<min(start + 64, range.upperBound) {
                        queue.insert(ids[number], bytes: 500, expiresAt: expiry, now: now)
                    }
                    _ = queue.popOverflow(limits)
                }
            }
            empty.append(Measurement.once(operations: entries) { push(0..<entries) }.nanoseconds)
            bytesPerEntry = Double(Measurement.allocatedBytes - before) / Double(entries)
            touches.append(
                Measurement.once(operations: entries) { for id in ids[..<entries] { queue.touch(id) } }.nanoseconds
            )
            full.append(Measurement.once(operations: entries) { push(entries..<2 * entries) }.nanoseconds)
            precondition(queue.count == entries, "the queue must be full")
        }
        let ratio = best(full) / best(empty)
        print(
            """
            \(policy.rawValue) queue: insert into empty \(format(best(empty))) ns, into full \
            \(format(best(full))) ns with its eviction, ratio \(format(ratio * 100)) %; touch \
            \(format(best(touches))) ns; \(format(bytesPerEntry)) bytes per entry
            """
        )
    }

    // MARK: - Threads

    private static func measureThreads() {
        let payloads = (0..<entries).map { Payload($0) }
        let cache = makeCache(.tinyLFU)
        fill(cache, 0..<entries, payloads)
        let resident = residentNumbers(cache)
        for threads in [1, 2] {
            let costs = Mutex<[Double]>([])
            let wall = BenchmarkClock.wall.seconds {
                DispatchQueue.concurrentPerform(iterations: threads) { thread in
                    var found = 0
                    let measurement = Measurement.once(operations: 5 * resident.count) {
                        for _ in 0..<5 {
                            for index in resident.indices {
                                let number = resident[(index + thread * resident.count / 2) % resident.count]
                                if cache.value(for: keys[number], now: now) != nil { found += 1 }
                            }
                        }
                    }
                    precondition(found == 5 * resident.count, "a resident key must be found")
                    costs.withLock { $0.append(measurement.nanoseconds) }
                }
            }
            let operations = Double(threads * 5 * resident.count)
            let wallNanoseconds = 1e9 * wall / operations
            let cost = costs.withLock(\.median)
            print(
                """
                w-tinylfu, \(threads) thread(s): \(format(cost)) CPU ns a hit, \(format(wallNanoseconds)) wall ns a \
                hit in all (the machine is shared)
                """
            )
        }
    }

    private static func best(_ values: [Double]) -> Double { values.min() ?? .nan }

    private static func format(_ value: Double) -> String { String(Int(value.rounded())) }
}
