import Embeddings
import SemanticCaching

/// A bot that answers from a cache filled with questions and answers, and from nothing else.
struct FAQBot {
    /// A question with what the bot made of it.
    struct Answered {
        let question: String
        let verdict: Verdict
        let latency: Duration
    }

    private static let scope = CacheScope(namespace: "faq", model: "faq")

    let storedCount: Int
    private let cache: SemanticCache

    /// Fills a cache from a file; vectors are made in batches, which is several times faster than one by one.
    static func make(data: String, threshold: Float, embedder: any Embedder) async throws -> FAQBot {
        let lines = try DataFile.questions(at: data, requiringAnswers: true)
        let vectors = try await Progress.embed(lines.map(\.question), with: embedder)
        var configuration = CacheConfiguration()
        configuration.namespaces.threshold = threshold
        configuration.embedding.memoizedTexts = max(configuration.embedding.memoizedTexts, lines.count)
        let known = Dictionary(
            zip(lines.map(\.question), vectors),
            uniquingKeysWith: { first, _ in first }
        )
        let cache = try SemanticCache(
            embedder: PreparedEmbedder(known: known, base: embedder),
            configuration: configuration,
            policy: Policies.standard
        )
        for line in lines {
            var request = CacheRequest(line.question, scope: scope)
            request.controls.tags = line.tags
            try await cache.store(CachedReply(text: line.answer ?? ""), for: request)
        }
        return FAQBot(storedCount: lines.count, cache: cache)
    }

    /// Answers a question, or says why not.
    func answer(_ question: String) async throws -> Answered {
        let start = ContinuousClock.now
        let verdict = await cache.lookup(CacheRequest(question, scope: Self.scope))
        let latency = start.duration(to: .now)
        if verdict.reason == .embedderUnavailable {
            throw EmbedderError.unavailable("it answered the stored questions and then failed")
        }
        return Answered(question: question, verdict: verdict, latency: latency)
    }
}

/// Knows the vectors of some texts already, and asks another embedder for the rest.
private struct PreparedEmbedder: Embedder {
    let known: [String: Embedding]
    let base: any Embedder

    var model: EmbeddingModel { base.model }

    func embed(_ texts: [String]) async throws -> [Embedding] {
        let found = texts.compactMap { known[$0] }
        return found.count == texts.count ? found : try await base.embed(texts)
    }
}
