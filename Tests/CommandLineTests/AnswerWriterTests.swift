import Embeddings
import SQLiteStorage
import SemanticCaching
import SemanticCachingTesting
import Testing

@testable import semcache

/// What is written beside the engine is found by the engine.
@Suite struct AnswerWriterTests {
    /// Refuses long texts, as a server does.
    private struct PickyEmbedder: Embedder {
        let base = HashingEmbedder(dimension: 256)
        var model: EmbeddingModel { base.model }

        func embed(_ texts: [String]) async throws -> [Embedding] {
            guard texts.allSatisfy({ $0.count < 100 }) else { throw EmbedderError.invalidInput("it is too long") }
            return try await base.embed(texts)
        }
    }

    private static let question = "How do I reset my password?"
    private static let near = "how do i reset my password"

    /// Writes an answer to questions, and opens the cache over it.
    private func withCache(
        _ configuration: CacheConfiguration = CacheConfiguration(),
        scope: CacheScope,
        alternatives: [String] = [],
        _ body: (SemanticCache) async throws -> Void
    ) async throws {
        let folder = try Folder()
        // It is gone with its last use.
        defer { withExtendedLifetime(folder) {} }
        let store = try await SQLiteStore.open(at: folder.cache)
        let writer = try await AnswerWriter.make(
            store: store,
            embedder: PickyEmbedder(),
            scope: scope,
            timeToLive: nil,
            configuration: configuration,
            conflict: .keep
        )
        let pair = QuestionAnswerPair(question: Self.question, alternatives: alternatives, answer: "Click.")
        #expect(try await writer.write(pair) != nil)
        let cache = try SemanticCache(
            embedder: PickyEmbedder(),
            store: store,
            configuration: configuration,
            policy: ThresholdPolicy()
        )
        try await cache.open()
        try await body(cache)
        try await store.close()
    }

    @Test func aQuestionThatTheEmbedderRefusesIsFoundWordForWord() async throws {
        let long = String(repeating: "How do I reset it? ", count: 20)
        let scope = CacheScope(namespace: "faq", model: "m")
        try await withCache(scope: scope, alternatives: [long]) { cache in
            #expect(await cache.lookup(CacheRequest(long, scope: scope)).tier == .store)
            #expect(await cache.lookup(CacheRequest(Self.near, scope: scope)).tier == .semantic)
        }
    }

    @Test func answersForANamespaceThatTenantsShareAreSharedOnes() async throws {
        var configuration = CacheConfiguration()
        configuration.rules = [NamespaceRule("shared") { $0.isShared = true }]
        let scope = CacheScope(tenant: "a", namespace: "shared", model: "m")
        try await withCache(configuration, scope: scope) { cache in
            for tenant in ["a", "b"] {
                let scope = CacheScope(tenant: tenant, namespace: "shared", model: "m")
                #expect(await cache.lookup(CacheRequest(Self.near, scope: scope)).tier == .semantic)
                #expect(await cache.lookup(CacheRequest(Self.question, scope: scope)).reply?.text == "Click.")
            }
        }
    }

    @Test func answersForANamespaceThatMatchesAcrossContextsAreFoundFromThem() async throws {
        var configuration = CacheConfiguration()
        configuration.namespaces.conversation.matchesAcrossContexts = true
        let scope = CacheScope(namespace: "faq", model: "m")
        try await withCache(configuration, scope: scope) { cache in
            let messages: [ChatMessage] = [.user("Hello there"), .assistant("Hello!"), .user(Self.near)]
            let verdict = await cache.lookup(CacheRequest(messages: messages, scope: scope))
            #expect(verdict.tier == .semantic)
            #expect(verdict.reply?.text == "Click.")
        }
    }

    @Test func aNamespaceThatDoesNotMatchInMeaningCostsNoVectors() async throws {
        var configuration = CacheConfiguration()
        configuration.namespaces.matchesMeaning = false
        let scope = CacheScope(namespace: "faq", model: "m")
        try await withCache(configuration, scope: scope) { cache in
            #expect(await cache.statistics().indexedQuestions == 0)
            #expect(await cache.lookup(CacheRequest(Self.question, scope: scope)).reply?.text == "Click.")
        }
    }
}
