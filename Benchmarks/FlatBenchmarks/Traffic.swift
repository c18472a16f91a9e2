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
        print("wall-clock µs            p50      p99    p99.9      max")
        let quiet = try lookups { $0 < 4000 }
        report("lookup, quiet", quiet)
        let isInserting = Atomic(true)
        let lock = Mutex<[Double]>([])
        let group = DispatchGroup()
        DispatchQueue.global(qos: .userInitiated).async(group: group) {
            var puts: [Double] = []
            for row in preloaded..<data.rowCount {
                let vector = data.row(row)
                let start = Self.wallMicros()
                try? index.insert(vector, id: UInt64(row))
                puts.append(Self.wallMicros() - start)
            }
            lock.withLock { $0 = puts }
            isInserting.store(false, ordering: .releasing)
        }
        let busy = try lookups { _ in isInserting.load(ordering: .acquiring) }
        group.wait()
        report("lookup, inserting", busy)
        report("insert", lock.withLock { $0 })
        let start = Self.wallMicros()
        index.merge()
        print("entries \(index.count), the rest merged in \(Int((Self.wallMicros() - start) / 1e6)) s")
        report("lookup, merged", try lookups { $0 < 4000 })
    }

    private func lookups(while goesOn: (Int) -> Bool) throws -> [Double] {
        var micros: [Double] = []
        while goesOn(micros.count) {
            let query = data.queries[micros.count % data.queries.count]
            let start = Self.wallMicros()
            _ = try index.search(query, count: 1)
            micros.append(Self.wallMicros() - start)
        }
        return micros
    }

    private func report(_ name: String, _ micros: [Double]) {
        let sorted = micros.sorted()
        guard let last = sorted.last else { return }
        let columns = [0.5, 0.99, 0.999].map { sorted[Int(Double(sorted.count - 1) * $0)] } + [last]
        let cells = columns.map { value in
            let text = String((value * 10).rounded() / 10)
            return String(repeating: " ", count: max(1, 9 - text.count)) + text
        }
        print(name + String(repeating: " ", count: max(1, 20 - name.count)) + cells.joined())
    }

    private static func wallMicros() -> Double {
        var time = timespec()
        clock_gettime(CLOCK_MONOTONIC, &time)
        return Double(time.tv_sec) * 1e6 + Double(time.tv_nsec) / 1e3
    }
}
