import Foundation
import Logging
import SQLiteStorage
import SemanticCaching

/// Whether a cache that has reached its limit stores as fast as one that is nearly empty.
///
///     StoreBenchmarks full 100000            all policies
///     StoreBenchmarks full 100000 lru        one of them
struct FullCacheBenchmark {
    /// The limit of the namespace, in answers.
    let limit: Int
    /// Callers that store at the same time.
    var writers = 16

    /// The policies to measure.
    var policies = EvictionPolicy.allCases

    func run() async throws {
        for policy in policies { try await run(policy) }
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
        print(
            "\(policy.rawValue): \(Int(empty.rate)) puts/s while nearly empty, \(Int(full.rate)) at the limit of \(limit) "
                + "(\(StoreBenchmarks.format(empty.rate / full.rate)) x as long); "
                + "\(StoreBenchmarks.format(empty.cpu * 1e6)) and \(StoreBenchmarks.format(full.cpu * 1e6)) us of CPU per put "
                + "(\(StoreBenchmarks.format(full.cpu / empty.cpu)) x); \(Int(empty.written)) and \(Int(full.written)) bytes "
                + "written per put (\(StoreBenchmarks.format(full.written / empty.written)) x); \(kept) kept"
        )
        try await store.close()
    }

    private func storeAll(_ numbers: Range<Int>, in cache: SemanticCache) async throws -> Cost {
        let reply = CachedReply(text: String(repeating: "An answer of a paragraph. ", count: 16))
        let scope = CacheScope(namespace: "faq", model: "m")
        let (cpu, written) = (ProcessTime.now(), ProcessWrites.now())
        let elapsed = try await ContinuousClock().measure {
            try await withThrowingTaskGroup(of: Void.self) { group in
                for writer in 0..<writers {
                    group.addTask {
                        for number in stride(from: numbers.lowerBound + writer, to: numbers.upperBound, by: writers) {
                            let request = CacheRequest("What became of case number \(number)?", scope: scope)
                            try await cache.store(reply, for: request)
                        }
                    }
                }
                try await group.waitForAll()
            }
        }
        let count = Double(numbers.count)
        return Cost(
            rate: count / elapsed.seconds,
            cpu: (ProcessTime.now() - cpu) / count,
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
