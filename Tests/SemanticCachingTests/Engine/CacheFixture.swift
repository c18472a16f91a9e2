import Embeddings
import Logging
import SemanticCaching
import SemanticCachingTesting

/// A cache over stubs: a clock moved by hand, hashed embeddings, and a model that counts its calls.
struct CacheFixture {
    let clock = ManualClock()
    let embedder: HashingEmbedder
    let upstream = StubUpstream()
    let store: any EntryStore
    let cache: SemanticCache

    init(
        store: any EntryStore = MemoryStore(),
        policy: any HitPolicy = ThresholdPolicy(),
        embedder: HashingEmbedder = HashingEmbedder(dimension: 256),
        _ configure: (inout CacheConfiguration) -> Void = { _ in },
        judge: (any AnswerJudge)? = nil,
        verifier: (any HitVerifier)? = nil,
        sharedTier: (any SharedTier)? = nil,
        onRemoval: (@Sendable ([EntryID], DeletionCause) -> Void)? = nil
    ) throws {
        var configuration = CacheConfiguration()
        configuration.namespaces.threshold = 0.8
        configure(&configuration)
        self.store = store
        self.embedder = embedder
        cache = try SemanticCache(
            embedder: embedder,
            store: store,
            configuration: configuration,
            policy: policy,
            judge: judge,
            verifier: verifier,
            sharedTier: sharedTier,
            clock: clock,
            logger: Logger(label: "test") { _ in SwiftLogNoOpLogHandler() },
            onRemoval: onRemoval
        )
    }

    static let scope = CacheScope(namespace: "faq", model: "m")

    func request(_ question: String, _ edit: (inout CacheRequest) -> Void = { _ in }) -> CacheRequest {
        var request = CacheRequest(question, scope: Self.scope)
        edit(&request)
        return request
    }

    func respond(_ question: String, _ edit: (inout CacheRequest) -> Void = { _ in }) async throws -> CacheResponse {
        let upstream = upstream
        return try await cache.respond(to: request(question, edit)) { request in
            try await upstream.answer(request.question ?? "")
        }
    }

    @discardableResult
    func put(_ question: String, _ answer: String, _ edit: (inout CacheRequest) -> Void = { _ in }) async throws
        -> EntryID?
    {
        try await cache.store(CachedReply(text: answer), for: request(question, edit))
    }
}
