import LocalEmbeddings
import SemanticCaching

/// Answers questions from a cache that holds an FAQ, in whatever words they are asked: no network, no key, no model call.
struct Bot {
    private static let scope = CacheScope(namespace: "faq", model: "faq")
    private let cache: SemanticCache

    /// Loads the local embedding model and stores every question with its answer.
    init(answering items: [FAQ.Item]) async throws {
        var configuration = CacheConfiguration()
        configuration.rules = [NamespaceRule("faq") { $0.threshold = 0.80 }]
        let embedder = try BERTEmbedder.load(folder: BERTEmbedder.defaultFolder())
        cache = try SemanticCache(embedder: embedder, configuration: configuration)
        for item in items {
            let controls = CacheControls(tags: item.tags)
            let request = CacheRequest(item.question, scope: Self.scope, controls: controls)
            try await cache.store(CachedReply(text: item.answer), for: request)
        }
    }

    /// What the cache finds for a question, and how long it took.
    func answer(_ question: String) async -> (verdict: Verdict, latency: Duration) {
        let start = ContinuousClock.now
        let verdict = await cache.lookup(CacheRequest(question, scope: Self.scope))
        return (verdict, start.duration(to: .now))
    }
}
