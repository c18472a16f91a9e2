import BenchmarkSupport
import Dispatch
import Glibc
import Synchronization
import VectorSearch

/// Lookups of one thread while another inserts and the background task builds the graph.
struct Traffic {
    private let data: DataSet
    private let index: AutoIndex
    private let preloaded: Int

    init(data: DataSet, preloaded: Int) throws {
        self.data = data
        self.preloaded = min(preloaded, data.rowCount)
        index = AutoIndex(dimension: data.dimension)
        for row in 0..<self.preloaded { try index.insert(data.row(row), id: UInt64(row)) }
        index.merge()
    }

    func run() throws {
        print("\nAutoIndex, \(preloaded) entries, then \(data.rowCount - preloaded) insertions beside lookups")
        print("                       count   waited    p50 µs    p99 µs  p99.9 µs    max µs")
        report("lookup, quiet", try lookups { $0 < 4000 })
        let isInserting = Atomic(true)
        let inserts = Mutex(Latencies())
        let group = DispatchGroup()
        DispatchQueue.global(qos: .userInitiated).async(group: group) {
            var latencies = Latencies()
            for row in preloaded..<data.rowCount {
                let vector = data.row(row)
                latencies.measure { try? index.insert(vector, id: UInt64(row)) }
            }
            let measured = latencies
            inserts.withLock { $0 = measured }
            isInserting.store(false, ordering: .releasing)
        }
        let busy = try lookups { _ in isInserting.load(ordering: .acquiring) }
        group.wait()
        report("lookup, inserting", busy)
        report("insert", inserts.withLock { $0 })
        let settled = AutoIndexConfiguration().mergeThreshold
        let (waiting, start) = (index.flatCount, BenchmarkClock.wall.now)
        report("lookup, building", try lookups { _ in index.flatCount >= settled })
        let seconds = BenchmarkClock.wall.now - start
        print("merged \(Int(Double(waiting - index.flatCount) / seconds)) entries a second beside the lookups")
        report("lookup, merged", try lookups { $0 < 4000 })
        print("entries \(index.count), \(index.memoryUse.total / index.count) bytes each")
    }

    private func lookups(while goesOn: (Int) -> Bool) throws -> Latencies {
        var latencies = Latencies()
        while goesOn(latencies.micros.count) {
            let query = data.queries[latencies.micros.count % data.queries.count]
            try latencies.measure { _ = try index.search(query, count: 1) }
        }
        return latencies
    }

    private func report(_ name: String, _ latencies: Latencies) {
        let count = latencies.micros.count
        guard count > 0 else { return }
        let share = Double(latencies.waits) / Double(count)
        let cells =
            ["\(count)", "\((share * 100).rounded(places: 3)) %"]
            + latencies.micros.quantiles([0.5, 0.99, 0.999, 1]).map { $0.rounded(places: 1) }
        print(
            name + String(repeating: " ", count: max(1, 18 - name.count))
                + cells.map { String(repeating: " ", count: max(1, 10 - $0.count)) + $0 }.joined()
        )
    }
}

/// Wall-clock times, and how many of the measured calls had to wait.
///
/// On a shared machine the tail of the times is the scheduler's; voluntary context switches are ours: a thread that
/// finds a lock taken gives up the processor.
private struct Latencies {
    private(set) var micros: [Double] = []
    private(set) var waits = 0

    mutating func measure<Failure: Error>(_ body: () throws(Failure) -> Void) throws(Failure) {
        let switches = Self.voluntarySwitches()
        micros.append(1e6 * (try BenchmarkClock.wall.seconds(body)))
        waits += Self.voluntarySwitches() > switches ? 1 : 0
    }

    private static func voluntarySwitches() -> Int {
        var usage = rusage()
        // RUSAGE_THREAD, which glibc shows to GNU sources only.
        getrusage(1, &usage)
        return usage.ru_nvcsw
    }
}
