import ArgumentParser
import BenchmarkSupport
import Embeddings
import Logging
import SQLiteStorage
import SemanticCaching

/// How long it takes from an opening to the first answer, with a good snapshot, with a stale one and with none.
struct OpenBenchmark {
    let folder: String

    /// Answers that a cache needs for the questions which are asked here.
    static let fewest: UInt64 = 1_000
    private static let writers: UInt64 = 512
    private static let scope = CacheScope(namespace: "faq", model: "m")

    /// The question of a number as it is stored, or worded otherwise.
    private static func question(_ number: UInt64, isReworded: Bool = false) -> String {
        isReworded ? "Tell me about case \(number)!" : "What became of case number \(number)?"
    }

    private func openCache(_ store: SQLiteStore) throws -> SemanticCache {
        var configuration = CacheConfiguration()
        configuration.namespaces.maximumEntries = .max
        configuration.namespaces.maximumBytes = .max
        configuration.maximumBytes = .max
        return try SemanticCache(
            embedder: NumberEmbedder(),
            store: store,
            configuration: configuration,
            policy: ThresholdPolicy(),
            logger: Logger(label: "benchmark") { _ in SwiftLogNoOpLogHandler() }
        )
    }

    /// Stores so many answers, waits until the index is built, and keeps a snapshot.
    func fill(_ count: UInt64) async throws {
        let store = try await SQLiteStore.open(at: folder)
        let first = try await store.highestQuestionID()
        var start = BenchmarkClock.wall.now
        try await withThrowingTaskGroup(of: Void.self) { group in
            // So many that a commit holds hundreds of answers, as an import's do.
            for writer in 0..<Self.writers where first < count {
                group.addTask {
                    for number in stride(from: first + writer, to: count, by: UInt64.Stride(Self.writers)) {
                        try await insert(number, store)
                    }
                }
            }
            try await group.waitForAll()
        }
        print("\(count - min(first, count)) stored in \(Self.seconds(since: start)) s")
        let cache = try openCache(store)
        start = BenchmarkClock.wall.now
        try await cache.open(snapshots: FileSnapshotStore(directory: folder))
        // The graph is built in the background of the index; its memory stops growing when it is done.
        var last = 0
        while case let bytes = await cache.statistics().indexBytes, bytes != last {
            last = bytes
            try await Task.sleep(for: .seconds(20))
        }
        print("indexed in \(Self.seconds(since: start)) s")
        start = BenchmarkClock.wall.now
        try await cache.close(at: folder)
        print("snapshot kept in \(Self.seconds(since: start)) s")
    }

    private func insert(_ number: UInt64, _ store: SQLiteStore) async throws {
        let (entry, plain) = Workload(seed: 42).item(number)
        let text = Self.question(number)
        let key = RequestKey(CacheRequest(text, scope: Self.scope), namespace: Self.scope.namespace)
        let answer = CacheEntry(
            id: entry.id,
            namespace: Self.scope.namespace,
            model: Self.scope.model,
            reply: entry.reply,
            createdAt: entry.createdAt
        )
        let question = CachedQuestion(
            id: number + 1,
            entry: entry.id,
            text: text,
            key: key.exact,
            check: key.makeCheck(),
            partition: key.partition,
            embeddingModel: NumberEmbedder.name,
            vector: plain.vector,
            createdAt: entry.createdAt
        )
        _ = try await store.insert(answer, question: question)
    }

    private static func seconds(since start: Double) -> String {
        (BenchmarkClock.wall.now - start).rounded(places: 2)
    }

    /// Opens the cache as a server does and asks it until it answers: word for word, then in other words.
    func open() async throws {
        let (start, cpu) = (BenchmarkClock.wall.now, BenchmarkClock.process.now)
        let store = try await SQLiteStore.open(at: folder)
        let cache = try openCache(store)
        try await cache.open(snapshots: FileSnapshotStore(directory: folder), inBackground: true)
        let opened = BenchmarkClock.wall.now - start
        let exact = await cache.lookup(CacheRequest(Self.question(77), scope: Self.scope))
        let answered = BenchmarkClock.wall.now - start
        guard try await store.highestQuestionID() >= Self.fewest else {
            throw ValidationError("\(folder) holds too few answers: go on with StoreBenchmarks fill \(folder)")
        }
        // Another question each time: a graph does not find each.
        var number: UInt64 = 78
        while await cache.lookup(CacheRequest(Self.question(number, isReworded: true), scope: Self.scope)).tier
            != .semantic
        {
            number += 1
            try await Task.sleep(for: .milliseconds(5))
        }
        let understood = BenchmarkClock.wall.now - start
        let spent = BenchmarkClock.process.now - cpu
        let statistics = await cache.statistics()
        func milliseconds(_ seconds: Double) -> String { (seconds * 1e3).rounded(places: 2) }
        print(
            "open \(milliseconds(opened)) ms, first answer word for word \(milliseconds(answered)) ms "
                + "(\(exact.outcome)), in meaning \(milliseconds(understood)) ms, \(spent.rounded(places: 2)) s of CPU; "
                + "\(statistics.indexedQuestions) questions, \(statistics.indexBytes >> 20) MiB of index"
        )
        try await store.close()
    }
}

/// Gives the question of a number the vector that the workload stores with it.
private struct NumberEmbedder: Embedder {
    static let name = "numbers"

    var model: EmbeddingModel { EmbeddingModel(id: Self.name, dimension: Workload.dimension) }

    func embed(_ texts: [String]) async throws -> [Embedding] {
        texts.map { text in
            let number = UInt64(text.filter(\.isNumber)) ?? 0
            return Embedding(unitVector: Workload(seed: 42).item(number).1.vector ?? [])
        }
    }
}
