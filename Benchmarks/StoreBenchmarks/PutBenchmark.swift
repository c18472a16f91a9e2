import ArgumentParser
import BenchmarkSupport
import Foundation
import SQLiteStorage
import SemanticCaching
import Synchronization

/// Measures puts of several writers, and then the opening, reading and matching of what they stored.
///
/// Prints what one commit costs on this machine beside what the store makes of it: compare the two, not the seconds.
struct PutBenchmark: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "put",
        abstract: "Measure durable puts of several writers."
    )

    @Argument(help: "Answers to store.")
    var entries: UInt64 = 20_000

    @Argument(help: "Numbers of writers, one measurement for each.", transform: { try [Int](counts: $0) })
    var writers = [1, 4, 64]

    @Flag(help: "Encrypt the store.")
    var encrypted = false

    @Flag(help: "Wait for the disk with every commit.")
    var full = false

    @Flag(help: "Acknowledge before the commit.")
    var early = false

    func validate() throws {
        guard entries > 0 else { throw ValidationError("the number of answers must be above 0") }
    }

    private var options: SQLiteStoreOptions {
        var options = SQLiteStoreOptions()
        if encrypted { options.encryptionKey = .random() }
        if full { options.synchronous = .full }
        if early { options.durability = .acknowledgeBeforeCommit }
        return options
    }

    func run() async throws {
        let workload = Workload(seed: 42)
        let options = options
        print("seed 42, \(entries) entries x \(Workload.dimension), synchronous \(options.synchronous.rawValue)")
        try MachineFacts.measure().printLines()
        // Made beforehand: the store is measured, not the making of texts and digests.
        let items = (0..<entries).map { workload.item($0) }
        for writers in writers { try await Self.measure(items, writers: writers, options: options) }
    }

    private typealias Item = (CacheEntry, CachedQuestion)

    private static func measure(_ items: [Item], writers: Int, options: SQLiteStoreOptions) async throws {
        let path = FileManager.default.temporaryDirectory.appending(path: "semcache-bench-\(UUID().uuidString)").path
        defer { try? FileManager.default.removeItem(atPath: path) }
        let count = Double(items.count)
        let store = try await SQLiteStore.open(at: path, options: options)
        let (start, cpu, written) = (BenchmarkClock.wall.now, BenchmarkClock.process.now, ProcessWrites.now())
        try await withThrowingTaskGroup(of: Void.self) { group in
            // Numbers are given when a put begins, as the engine does.
            let next = Counter()
            for _ in 0..<writers {
                group.addTask {
                    while case let index = next.take(), index < items.count {
                        _ = try await store.insert(items[index].0, question: items[index].1)
                    }
                }
            }
            try await group.waitForAll()
        }
        let rate = count / (BenchmarkClock.wall.now - start)
        let micros = 1e6 * (BenchmarkClock.process.now - cpu) / count
        print(
            "\(writers) writers: \(Int(rate)) puts/s, \(micros.rounded(places: 2)) us of CPU and "
                + "\((ProcessWrites.now() - written) / items.count) bytes written per put"
        )
        try await store.close()
        try await measureReading(items, at: path, options: options)
    }

    private static func measureReading(_ items: [Item], at path: String, options: SQLiteStoreOptions) async throws {
        var start = BenchmarkClock.wall.now
        let store = try await SQLiteStore.open(at: path, options: options)
        let opening = BenchmarkClock.wall.now - start
        let bytes = try await store.usage().bytes
        let payload = items.reduce(0) { $0 + Workload.payloadBytes($1.0, $1.1) }
        print(
            "  open \((opening * 1e3).rounded(places: 2)) ms, \(bytes / items.count) B/entry on disk, "
                + "\((Double(bytes) / Double(payload)).rounded(places: 2)) x (vector + text = \(payload / items.count) B)"
        )
        start = BenchmarkClock.wall.now
        var after: UInt64 = 0
        while case let page = try await store.questions(after: after, limit: 1024), let last = page.last {
            after = last.question.id
        }
        let hydration = BenchmarkClock.wall.now - start
        let sample = items.prefix(20_000)
        start = BenchmarkClock.wall.now
        for item in sample { _ = try await store.match(key: item.1.key) }
        let matching = 1e6 * (BenchmarkClock.wall.now - start) / Double(sample.count)
        print(
            "  hydration \(Int(Double(items.count) / hydration)) questions/s, "
                + "match by key \(matching.rounded(places: 2)) us"
        )
        try await store.close()
    }
}

/// Gives each number once.
private final class Counter: Sendable {
    private let value = Atomic(0)

    func take() -> Int { value.wrappingAdd(1, ordering: .relaxed).oldValue }
}
