import ArgumentParser
import BenchmarkSupport
import CAllocationCounter
import Embeddings
import Logging
import SemanticCaching
import SemanticCachingTesting
import VectorSearch

/// Measures the engine's paths in one process; prints a table in Markdown.
///
///     swift run -c release EngineBenchmarks 10000
///
/// What a verdict costs among real questions is in the section "Cost" of `ThresholdBenchmarks`.
/// Times are CPU time of the process, medians of several rounds; ratios within a run are what to trust.
@main
struct EngineBenchmarks: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "EngineBenchmarks",
        abstract: "Measures the engine's paths in one process; prints a table in Markdown."
    )

    @Argument(help: "The most entries that meaning is searched in; measured are 1000, 10000 and 100000.")
    var largest = 100_000

    static let dimension = 384
    static let scope = CacheScope(namespace: "faq", model: "gpt-4o-mini")

    func validate() throws {
        guard largest > 0 else { throw ValidationError("the number of entries must be above 0") }
    }

    func run() async throws {
        print("| path | entries | CPU µs | allocations |\n|---|---|---|---|")
        try await Self.measureExactHits()
        for count in [1_000, 10_000, 100_000] where count <= largest { try await Self.measureMeaning(count) }
        try await Self.measureFanIn()
        try await Self.measureNamespaces()
    }

    /// A lookup that matches word for word, its key included.
    private static func measureExactHits() async throws {
        let cache = try makeCache(RandomEmbedder(seed: 1))
        let requests = (0..<1_000).map { CacheRequest("How do I reset password number \($0)?", scope: scope) }
        for request in requests { try await cache.store(CachedReply(text: "answer"), for: request) }
        let rounds = 20
        var times: [Double] = []
        var allocations = 0
        for _ in 0..<rounds {
            let before = cac_allocations_of_this_thread()
            let start = cpuMicroseconds()
            for request in requests { precondition(cache.lookupInMemory(request)?.outcome == .hit) }
            times.append((cpuMicroseconds() - start) / Double(requests.count))
            allocations = cac_allocations_of_this_thread() - before
        }
        row("exact hit, key included", requests.count, times, Double(allocations) / Double(requests.count))
    }

    /// A lookup whose question is not stored, with its vector remembered: search, fetch, decide.
    private static func measureMeaning(_ count: Int) async throws {
        let embedder = RandomEmbedder(seed: 2)
        let cache = try makeCache(embedder)
        let memory = cac_allocated_bytes()
        for number in 0..<count {
            let request = CacheRequest("stored question \(number)", scope: scope)
            try await cache.store(CachedReply(text: "answer \(number)"), for: request)
        }
        let bytes = Double(cac_allocated_bytes() - memory) / Double(count)
        try await waitForBackgroundWork()
        // The embedder gives "near:N" a vector close to that of stored question N.
        let requests = (0..<200).map { CacheRequest("near: question \($0 * (count / 200))", scope: scope) }
        for request in requests { _ = await cache.lookup(request) }
        var times: [Double] = []
        var hits = 0
        for _ in 0..<9 {
            let start = cpuMicroseconds()
            for request in requests {
                if await cache.lookup(request).tier == .semantic { hits += 1 }
            }
            times.append((cpuMicroseconds() - start) / Double(requests.count))
        }
        row("semantic hit, vector known (\(hits) of \(9 * requests.count) found)", count, times, nil)
        print("| memory per entry, text and vector included | \(count) | \(Int(bytes)) bytes | |")
    }

    /// Waits until the index has merged what was stored: it works in the background, and its time is not the lookups'.
    private static func waitForBackgroundWork() async throws {
        var spent = -Double.infinity
        while case let now = BenchmarkClock.process.now, now - spent > 0.005 {
            spent = now
            try await Task.sleep(for: .milliseconds(250))
        }
    }

    /// Ten thousand callers that ask the same at the same time.
    private static func measureFanIn() async throws {
        let cache = try makeCache(RandomEmbedder(seed: 3))
        let upstream = StubUpstream()
        upstream.gate.close()
        let start = cpuMicroseconds()
        let count = 10_000
        try await withThrowingTaskGroup(of: Void.self) { group in
            for _ in 0..<count {
                group.addTask {
                    _ = try await cache.respond(to: CacheRequest("the same question", scope: scope)) { _ in
                        try await upstream.answer()
                    }
                }
            }
            try await upstream.waitForCalls(count: 1)
            upstream.gate.open()
            try await group.waitForAll()
        }
        row(
            "single flight, a caller (\(upstream.callCount) model call)",
            count,
            [(cpuMicroseconds() - start) / Double(count)],
            nil
        )
    }

    /// Namespaces that were asked once and hold nothing.
    private static func measureNamespaces() async throws {
        let cache = try makeCache(RandomEmbedder(seed: 4))
        let count = 10_000
        let memory = cac_allocated_bytes()
        for number in 0..<count {
            let scope = CacheScope(tenant: "tenant \(number)", namespace: "faq", model: "m")
            _ = await cache.lookup(CacheRequest("one question", scope: scope))
        }
        print("| memory of an idle namespace | \(count) | \((cac_allocated_bytes() - memory) / count) bytes | |")
    }

    /// A cache of one process.
    private static func makeCache(_ embedder: any Embedder) throws -> SemanticCache {
        var configuration = CacheConfiguration()
        configuration.namespaces.maximumEntries = 1_000_000
        configuration.embedding.memoizedTexts = 1_000
        return try SemanticCache(
            embedder: embedder,
            configuration: configuration,
            logger: Logger(label: "benchmark") { _ in SwiftLogNoOpLogHandler() }
        )
    }

    private static func row(_ name: String, _ count: Int, _ times: [Double], _ allocations: Double?) {
        print("| \(name) | \(count) | \(times.median.rounded(places: 2)) | \(allocations.map { String($0) } ?? "") |")
    }

    private static func cpuMicroseconds() -> Double { 1e6 * BenchmarkClock.process.now }
}

/// Gives each text a random unit vector, and "near: question N" one close to that of "stored question N".
private struct RandomEmbedder: Embedder {
    let seed: UInt64
    let model = EmbeddingModel(id: "random", dimension: EngineBenchmarks.dimension)

    func embed(_ texts: [String]) async throws -> [Embedding] {
        try texts.map { text in
            let number = text.split(separator: " ").last.flatMap { UInt64($0) } ?? 0
            // Questions come in clusters of fifty, as those of people do.
            var vector = Self.vector(seed: seed &* 1_000_003 &+ number)
            for (index, center) in Self.vector(seed: seed &* 7_919 &+ number / 50).enumerated() {
                vector[index] += 1.2 * center
            }
            if text.hasPrefix("near") {
                for (index, noise) in Self.vector(seed: ~number).enumerated() { vector[index] += 0.2 * noise }
            }
            return try Embedding(normalizing: vector, expectedDimension: vector.count)
        }
    }

    private static func vector(seed: UInt64) -> [Float] {
        var generator = SeededGenerator(seed: seed)
        return (0..<EngineBenchmarks.dimension).map { _ in Float.random(in: -1...1, using: &generator) }
    }
}
