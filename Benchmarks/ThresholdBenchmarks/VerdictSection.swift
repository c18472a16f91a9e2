import ArgumentParser
import BenchmarkSupport
import CacheTuning
import Embeddings
import FoundationEssentials
import Glibc
import LocalEmbeddings
import Logging
import SQLiteStorage
import SemanticCaching

/// What a verdict costs in a cache of a hundred thousand real questions, and where the time goes.
struct VerdictSection {
    let library: DataLibrary
    /// The questions that are stored, and those that are asked between them.
    let questions: [String]

    private static let count = 100_000
    private static let lookups = 4_000
    private static let scope = CacheScope(namespace: "faq", model: "gpt-4o-mini")

    /// Reads as many questions as are needed, one a line, spread over the file, which has its sources one behind the other.
    static func questions(ofFile path: String) throws -> [String] {
        let lines = String(decoding: try Data(contentsOf: URL(filePath: path)), as: UTF8.self).split(separator: "\n")
        let total = count + lookups
        guard lines.count >= total else {
            throw ValidationError("\(path) has \(lines.count) questions, and \(total) are needed")
        }
        return (0..<total).map { String(lines[$0 * lines.count / total]) }
    }

    func write(to report: inout MarkdownReport) async throws {
        let (texts, total) = (questions, questions.count)
        let vectors = try await library.vectors("questions_\(total)", texts: texts)
        let stride = total / Self.lookups
        let asked = Array(Swift.stride(from: stride / 2, to: total, by: stride).prefix(Self.lookups))
        let embedder = TableEmbedder(texts: texts, vectors: vectors, model: try library.model())
        report.add("### A verdict among \(Self.count) stored questions")
        report.add(
            """
            Real questions (Quora, CLINC150, Banking77, NQ-open) with their vectors; \(asked.count) others are asked, three times each, after the index has come to rest, and
            every one's vector is known. Processor time of the thread in µs, median / 99 %. *Search* is the index, *fetch* the store's answers and
            their freshness, *verdict* everything that decides: the question's analysis, the answers' records, guards, features, model. *Lookup* is all of it with the
            key and the tiers before. *First asked*: the verdict where nobody came near before; in the rows with a prior that is after a start, when the stored
            questions have yet to be analysed; otherwise that was done when they were stored.
            """
        )
        let folder = FileManager.default.temporaryDirectory.path + "/verdicts-\(getpid())"
        defer { try? FileManager.default.removeItem(atPath: folder) }
        let stored = Array(Set(texts.indices).subtracting(asked)).sorted()
        var rows: [[String]] = []
        for store in [MemoryStore() as any EntryStore, try await SQLiteStore.open(at: folder)] {
            let place = store is MemoryStore ? "memory" : "SQLite"
            for rate in [nil, 0.02] as [Double?] {
                let cache = try makeCache(embedder, store, learningWithin: rate)
                if rate == nil {
                    for row in stored {
                        _ = try await cache.store(CachedReply(text: "answer \(row)"), for: request(texts[row]))
                    }
                } else {
                    try await cache.open()
                }
                try await Self.settle()
                let policy = rate == nil ? "threshold and guards" : "calibrated, from the prior"
                rows.append(
                    ["\(place), \(policy)"] + (try await measure(cache, asked.map { (texts[$0], vectors, $0) }))
                )
            }
            try await store.close()
        }
        report.table(["store, policy", "search", "fetch", "verdict", "first asked", "lookup", "served"], rows)
    }

    private func measure(_ cache: SemanticCache, _ asked: [(String, EmbeddingTable, Int)]) async throws -> [String] {
        var times = (search: Times(), fetch: Times(), verdict: Times(), first: Times(), lookup: Times())
        for round in 0..<3 {
            for (text, vectors, row) in asked {
                guard let stages = LookupStages(of: request(text), in: cache, vector: vectors.row(row)) else {
                    continue
                }
                let clock = BenchmarkClock.wall.now
                let start = Self.cpuMicroseconds()
                _ = try stages.search()
                let searched = Self.cpuMicroseconds()
                // The second search of the same is warm; it is taken off by its own time, not by the first one's.
                let candidates = try await stages.candidates()
                let fetched = Self.cpuMicroseconds()
                _ = try stages.search()
                let warm = Self.cpuMicroseconds()
                _ = stages.decide(among: candidates)
                let end = Self.cpuMicroseconds()
                guard Self.isOnOneThread(end - start, since: clock) else { continue }
                times.search.add(searched - start)
                times.fetch.add(max(0, fetched - searched - (warm - fetched)))
                if round == 0 { times.first.add(end - warm) } else { times.verdict.add(end - warm) }
            }
        }
        var served = 0
        for (text, _, _) in asked { _ = await cache.lookup(request(text)) }
        for _ in 0..<3 {
            for (text, _, _) in asked {
                let request = request(text)
                let clock = BenchmarkClock.wall.now
                let start = Self.cpuMicroseconds()
                let verdict = await cache.lookup(request)
                let end = Self.cpuMicroseconds()
                if Self.isOnOneThread(end - start, since: clock) { times.lookup.add(end - start) }
                if verdict.tier == .semantic { served += 1 }
            }
        }
        return [times.search, times.fetch, times.verdict, times.first, times.lookup].map(\.summary)
            + [MarkdownReport.decimal(Double(served) / Double(3 * asked.count))]
    }

    private func request(_ question: String) -> CacheRequest { CacheRequest(question, scope: Self.scope) }

    private func makeCache(_ embedder: any Embedder, _ store: any EntryStore, learningWithin rate: Double?) throws
        -> SemanticCache
    {
        var configuration = CacheConfiguration()
        configuration.namespaces.maximumEntries = 1_000_000
        configuration.namespaces.maximumErrorRate = rate
        configuration.embedding.memoizedTexts = 2 * Self.lookups
        return try SemanticCache(
            embedder: embedder,
            store: store,
            configuration: configuration,
            logger: Logger(label: "benchmark") { _ in SwiftLogNoOpLogHandler() }
        )
    }

    /// Waits until the index is built: until then what waits is compared one by one, and the building takes the caches.
    private static func settle() async throws {
        var before = -Double.infinity
        while BenchmarkClock.process.now - before > 0.02 {
            before = BenchmarkClock.process.now
            try await Task.sleep(for: .seconds(1))
        }
    }

    /// Processor time of this thread, so that the machine may do other things meanwhile.
    private static func cpuMicroseconds() -> Double { 1e6 * BenchmarkClock.thread.now }

    /// Whether a time can be that of one thread: a lookup that went on on another one read two clocks, seconds apart.
    private static func isOnOneThread(_ microseconds: Double, since start: Double) -> Bool {
        microseconds >= 0 && microseconds - 5 <= 1e6 * (BenchmarkClock.wall.now - start)
    }

    private struct Times {
        private var values: [Double] = []

        mutating func add(_ value: Double) { values.append(value) }

        var summary: String {
            values.quantiles([0.5, 0.99]).map { MarkdownReport.decimal($0, 1) }.joined(separator: " / ")
        }
    }
}

/// Gives texts the vectors of a table.
private struct TableEmbedder: Embedder {
    let model: EmbeddingModel
    private let rows: [String: Int]
    private let vectors: EmbeddingTable

    init(texts: [String], vectors: EmbeddingTable, model: EmbeddingModel) {
        self.model = model
        self.vectors = vectors
        rows = Dictionary(texts.indices.map { (texts[$0], $0) }, uniquingKeysWith: { first, _ in first })
    }

    func embed(_ texts: [String]) async throws -> [Embedding] {
        try texts.map { text in
            guard let row = rows[text] else { throw EmbedderError.invalidInput("it is not in the table") }
            return Embedding(unitVector: vectors.row(row))
        }
    }
}

extension EmbeddingTable {
    fileprivate func row(_ index: Int) -> [Float] { Array(values[index * dimension..<(index + 1) * dimension]) }
}
