import ArgumentParser
import BenchmarkSupport
import Foundation
import Logging
import SQLiteStorage
import SemanticCaching

/// Whether a cache that has reached its limit stores as fast as one that is nearly empty.
struct FullCacheBenchmark: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "full",
        abstract: "Measure puts into a cache at its limit beside those into a nearly empty one."
    )

    @Argument(help: "The limit of the namespace, in answers.")
    var limit = 100_000

    @Argument(help: "The one policy to measure; all of them without it.")
    var policy: EvictionPolicy?

    /// Callers that store at the same time.
    private static let writers = 16

    func validate() throws {
        guard limit >= 100 else { throw ValidationError("the limit must be 100 or more") }
    }

    func run() async throws {
        for policy in policy.map({ [$0] }) ?? EvictionPolicy.allCases { try await run(policy) }
    }

    private func run(_ policy: EvictionPolicy) async throws {
        let path = FileManager.default.temporaryDirectory.appending(path: "semcache-full-\(UUID().uuidString)").path
        defer { try? FileManager.default.removeItem(atPath: path) }
        var configuration = CacheConfiguration()
        configuration.namespaces.maximumEntries = limit
        configuration.namespaces.maximumBytes = .max
        configuration.namespaces.eviction = policy
        let store = try await SQLiteStore.open(at: path)
        let cache = try SemanticCache(
            embedder: nil,
            store: store,
            configuration: configuration,
            logger: Logger(label: "benchmark") { _ in SwiftLogNoOpLogHandler() }
        )
        let part = limit / 5
        let empty = try await storeAll(0..<part, in: cache)
        _ = try await storeAll(part..<limit, in: cache)
        let full = try await storeAll(limit..<limit + part, in: cache)
        let kept = try await store.usage().entries
        func times(_ value: Double, _ other: Double) -> String { (value / other).rounded(places: 2) + " x" }
        print(
            "\(policy.rawValue): \(Int(empty.rate)) puts/s while nearly empty, \(Int(full.rate)) at the limit of \(limit) "
                + "(\(times(empty.rate, full.rate)) as long); "
                + "\((empty.cpu * 1e6).rounded(places: 2)) and \((full.cpu * 1e6).rounded(places: 2)) us of CPU per put "
                + "(\(times(full.cpu, empty.cpu))); \(Int(empty.written)) and \(Int(full.written)) bytes "
                + "written per put (\(times(full.written, empty.written))); \(kept) kept"
        )
        try await store.close()
    }

    private func storeAll(_ numbers: Range<Int>, in cache: SemanticCache) async throws -> Cost {
        let reply = CachedReply(text: String(repeating: "An answer of a paragraph. ", count: 16))
        let scope = CacheScope(namespace: "faq", model: "m")
        let (start, cpu, written) = (BenchmarkClock.wall.now, BenchmarkClock.process.now, ProcessWrites.now())
        try await withThrowingTaskGroup(of: Void.self) { group in
            for writer in 0..<Self.writers {
                group.addTask {
                    for number in stride(from: numbers.lowerBound + writer, to: numbers.upperBound, by: Self.writers) {
                        let request = CacheRequest("What became of case number \(number)?", scope: scope)
                        try await cache.store(reply, for: request)
                    }
                }
            }
            try await group.waitForAll()
        }
        let count = Double(numbers.count)
        return Cost(
            rate: count / (BenchmarkClock.wall.now - start),
            cpu: (BenchmarkClock.process.now - cpu) / count,
            written: Double(ProcessWrites.now() - written) / count
        )
    }

    /// What a put costs: puts per second, seconds of CPU and bytes written for each.
    private struct Cost {
        let rate: Double
        let cpu: Double
        let written: Double
    }
}
