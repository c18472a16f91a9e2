import BenchmarkSupport
import Dispatch
import Glibc
import SemanticCachingTesting
import Synchronization
import VectorSearch

/// One index and the passes over it.
final class BenchmarkSession {
    private let index: HNSWIndex
    private let rows: MatrixFile
    private let queries: [[Float]]
    private var owner: [UInt64]
    private var nextID: UInt64

    init(rows: MatrixFile, queries: MatrixFile, configuration: HNSWConfiguration, threads: Int) throws {
        self.rows = rows
        self.queries = (0..<queries.rowCount).map { queries[$0] }
        index = HNSWIndex(dimension: rows.columnCount, configuration: configuration)
        owner = (0..<UInt64(rows.rowCount)).map { $0 }
        nextID = UInt64(rows.rowCount)
        let (cpu, wall) = (BenchmarkClock.process.now, BenchmarkClock.wall.now)
        try index.insert(
            rows: rows.values,
            ids: owner,
            attributes: owner.indices.map(Self.attributes),
            threads: threads
        )
        let use = index.memoryUse
        IndexBenchmarks.emit(
            "build_cpu=\(BenchmarkClock.process.now - cpu) build_wall=\(BenchmarkClock.wall.now - wall) mem=\(Double(use.total) / 1_048_576)"
                + " vectors=\(use.vectors) codes=\(use.codes) links=\(use.links) bookkeeping=\(use.bookkeeping)"
        )
    }

    /// Entries with each label: row modulo 100 below 50 is label 1, below 60 label 2, 60 itself label 3.
    private static func attributes(_ row: Int) -> VectorAttributes {
        switch row % 100 {
        case 0..<50: VectorAttributes(label: 1)
        case 50..<60: VectorAttributes(label: 2)
        case 60: VectorAttributes(label: 3)
        default: VectorAttributes()
        }
    }

    /// Runs a pass: `search COUNT EFFORT THREADS MINIMUM FILE [LABEL]`.
    func search(_ words: [String]) throws -> String {
        guard words.count >= 6, let count = Int(words[1]), let effort = Int(words[2]), let threads = Int(words[3]),
            let minimum = Float(words[4])
        else { return "error=arguments" }
        var options = SearchOptions(minimumSimilarity: minimum)
        options.effort = effort
        if words.count > 6, let label = UInt32(words[6]) { options.filter = VectorFilter(label: label) }
        for query in queries.prefix(50) { _ = try index.search(query, count: count, options: options) }
        if words[5] != "-" { try writeIDs(to: words[5], count: count, options: options) }
        if words[0] == "latency" { return try latency(count: count, options: options) }
        let (cpu, wall) = (BenchmarkClock.process.now, BenchmarkClock.wall.now)
        if threads == 1 {
            for query in queries { _ = try index.search(query, count: count, options: options) }
        } else {
            searchInParallel(threads: threads, count: count, options: options)
        }
        let (cpuSpent, wallSpent) = (BenchmarkClock.process.now - cpu, BenchmarkClock.wall.now - wall)
        return "cpu=\(cpuSpent) wall=\(wallSpent) nq=\(queries.count)"
    }

    private func latency(count: Int, options: SearchOptions) throws -> String {
        var micros: [Double] = []
        for query in queries {
            let seconds = try BenchmarkClock.wall.seconds {
                _ = try index.search(query, count: count, options: options)
            }
            micros.append(seconds * 1e6)
        }
        let quantiles = micros.quantiles([0.5, 0.99])
        return "p50=\(quantiles[0]) p99=\(quantiles[1])"
    }

    /// Replaces entries: `churn FRACTION`.
    ///
    /// A removed vector comes back under a new id, so that the true neighbours stay.
    func churn(_ words: [String]) throws -> String {
        guard words.count == 2, let fraction = Double(words[1]) else { return "error=arguments" }
        let rounds = Int(Double(owner.count) * fraction)
        var random = SeededGenerator(seed: nextID)
        let step = 1_000
        var (removeCPU, insertCPU) = (0.0, 0.0)
        var done = 0
        while done < rounds {
            var chosen = Set<Int>()
            while chosen.count < min(step, rounds - done) { chosen.insert(Int(random.next() % UInt64(owner.count))) }
            let batch = chosen.sorted()
            var start = BenchmarkClock.process.now
            for row in batch { index.remove(id: owner[row]) }
            removeCPU += BenchmarkClock.process.now - start
            start = BenchmarkClock.process.now
            for row in batch.shuffled(using: &random) {
                try index.insert(rows[row], id: nextID, attributes: Self.attributes(row))
                owner[row] = nextID
                nextID += 1
            }
            insertCPU += BenchmarkClock.process.now - start
            done += batch.count
        }
        let per = 1e6 / Double(max(rounds, 1))
        return
            "remove_us=\(removeCPU * per) insert_us=\(insertCPU * per) mem=\(Double(index.memoryUse.total) / 1_048_576)"
    }

    private func writeIDs(to path: String, count: Int, options: SearchOptions) throws {
        var rowOfID: [UInt64: UInt64] = [:]
        for (row, id) in owner.enumerated() { rowOfID[id] = UInt64(row) }
        var found: [UInt64] = []
        for query in queries {
            let neighbors = try index.search(query, count: count, options: options)
            found += neighbors.map { rowOfID[$0.id] ?? .max }
            found += Array(repeating: .max, count: count - neighbors.count)
        }
        guard let file = fopen(path, "wb") else { throw MatrixFile.Unreadable(path: path) }
        fwrite(found, 8, found.count, file)
        fclose(file)
    }

    private func searchInParallel(threads: Int, count: Int, options: SearchOptions) {
        let next = Atomic<Int>(0)
        let (index, queries) = (index, queries)
        DispatchQueue.concurrentPerform(iterations: threads) { _ in
            while true {
                let query = next.wrappingAdd(1, ordering: .relaxed).oldValue
                guard query < queries.count else { return }
                _ = try? index.search(queries[query], count: count, options: options)
            }
        }
    }

}
