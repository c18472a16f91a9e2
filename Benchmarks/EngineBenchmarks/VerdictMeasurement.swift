import Embeddings
import Glibc
import Logging
import SemanticCaching
import SemanticCachingTesting

/// What one verdict costs from the request to the decision, with the question's vector at hand and no verifier: key, exact tier,
/// search, the candidates' texts and records, guards and policy.
///
/// The stored questions lie in clusters of fifty, as those of people do; half of those asked have a stored neighbour that the
/// policy may serve, the others have only look-alikes with another number.
struct VerdictMeasurement {
    let count: Int
    let makeCache: (any Embedder, Double?) throws -> SemanticCache

    private static let lookups = 4_000

    /// Measures threshold and guards, and then a learned policy with its guards.
    func run() async throws {
        for isLearned in [false, true] {
            let cache = try makeCache(ClusteredEmbedder(), isLearned ? 0.05 : nil)
            for number in 0..<count {
                try await cache.store(CachedReply(text: "answer \(number)"), for: request(Self.stored(number)))
            }
            if isLearned { try await teach(cache) }
            try await Self.settle()
            let stride = max(1, count / Self.lookups)
            let asked = (0..<Self.lookups).map { request(Self.asked($0 * stride, isLookAlike: $0 % 2 == 1)) }
            for request in asked { _ = await cache.lookup(request) }
            var times: [Double] = []
            var hits = 0
            for request in asked {
                let start = Self.cpuMicroseconds()
                let verdict = await cache.lookup(request)
                times.append(Self.cpuMicroseconds() - start)
                if verdict.tier == .semantic { hits += 1 }
            }
            times.sort()
            let name = isLearned ? "calibrated policy and guards" : "threshold and guards"
            let p50 = Self.rounded(times[times.count / 2])
            let p99 = Self.rounded(times[times.count * 99 / 100])
            print("| verdict, \(name) (\(hits) of \(times.count) hits): median, 99 % | \(count) | \(p50), \(p99) | |")
        }
    }

    /// Lets people say of enough answers whether they were right, so that a fit decides.
    private func teach(_ cache: SemanticCache) async throws {
        for number in 0..<300 {
            let isLookAlike = number % 3 == 0
            let asked = Self.asked(number * 7, isLookAlike: isLookAlike)
            let nearest = await cache.explain(request(asked)).nearest.first
            guard let entry = nearest?.entry else { continue }
            try await cache.learn(fromPerson: !isLookAlike, about: entry, servedTo: asked)
        }
        let learned = cache.learnedPolicy(of: EngineBenchmarks.scope.namespace)
        precondition(learned?.origin == .own, "the namespace has no fit of its own: \(learned?.labelCount ?? 0) labels")
    }

    private func request(_ question: String) -> CacheRequest { CacheRequest(question, scope: EngineBenchmarks.scope) }

    private static func stored(_ number: Int) -> String {
        "How do I change the delivery address of order \(number) before Friday?"
    }

    private static func asked(_ number: Int, isLookAlike: Bool) -> String {
        "Before Friday, can I change the delivery address of my order \(isLookAlike ? number + 1_000_000 : number)?"
    }

    private static func rounded(_ value: Double) -> Double { (value * 10).rounded() / 10 }

    /// Waits until the index is built: until then every row is compared, and the building costs time of its own.
    private static func settle() async throws {
        var before = -Double.infinity
        while cpuMicroseconds() - before > 20_000 {
            before = cpuMicroseconds()
            try await Task.sleep(for: .milliseconds(500))
        }
    }

    /// Processor time of the whole process: nothing else runs in it.
    private static func cpuMicroseconds() -> Double {
        var time = timespec()
        clock_gettime(CLOCK_PROCESS_CPUTIME_ID, &time)
        return Double(time.tv_sec) * 1e6 + Double(time.tv_nsec) / 1e3
    }
}

/// Puts questions about an order into a cluster of fifty orders, each wording of one order near the others.
private struct ClusteredEmbedder: Embedder {
    let model = EmbeddingModel(id: "clustered", dimension: EngineBenchmarks.dimension)

    func embed(_ texts: [String]) async throws -> [Embedding] {
        try texts.map { text in
            let digits = text.split { !$0.isNumber }.first.flatMap { UInt64($0) } ?? 0
            let number = digits % 1_000_000
            var vector = Self.vector(seed: 17 &+ number)
            for (index, center) in Self.vector(seed: 7_919 &+ number / 50).enumerated() {
                vector[index] += 1.2 * center
            }
            if text.hasPrefix("Before") {
                for (index, noise) in Self.vector(seed: ~digits).enumerated() { vector[index] += 0.2 * noise }
            }
            return try Embedding(normalizing: vector, expectedDimension: vector.count)
        }
    }

    private static func vector(seed: UInt64) -> [Float] {
        var generator = SeededGenerator(seed: seed)
        return (0..<EngineBenchmarks.dimension).map { _ in Float.random(in: -1...1, using: &generator) }
    }
}
