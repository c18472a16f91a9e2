import Embeddings
import Logging
import RedisTier
import SemanticCaching
import SemanticCachingTesting
import TestSupport

/// One replica of a fleet: an engine with a tier, over stubs.
final class Replica: Sendable {
    let tier: RedisSharedTier
    let cache: SemanticCache
    let upstream: StubUpstream
    private let service: Task<Void, any Error>

    init(
        _ server: RedisServer,
        store: any EntryStore = MemoryStore(),
        upstream: StubUpstream = StubUpstream(),
        url: String? = nil,
        _ configure: (inout CacheConfiguration) -> Void = { _ in },
        tier configureTier: (inout RedisTierConfiguration) -> Void = { _ in }
    ) throws {
        var settings = RedisTierConfiguration(url: try RedisURL(url ?? server.url))
        // Debug builds on busy machines are slow; what is late is told from what is lost by the tests' own deadlines.
        settings.lookupDeadline = .seconds(30)
        settings.commandDeadline = .seconds(30)
        settings.connectDeadline = .seconds(30)
        settings.pulse = .milliseconds(50)
        configureTier(&settings)
        let logger = Logger(label: "test") { _ in SwiftLogNoOpLogHandler() }
        let tier = RedisSharedTier(settings, logger: logger)
        var configuration = CacheConfiguration()
        // A busy machine is slow; what is late is not what these tests are about.
        configuration.embedding.deadline = .seconds(600)
        configuration.namespaces.threshold = 0.8
        configure(&configuration)
        let cache = try SemanticCache(
            embedder: HashingEmbedder(dimension: 64),
            store: store,
            configuration: configuration,
            policy: ThresholdPolicy(),
            sharedTier: tier,
            logger: logger
        )
        self.tier = tier
        self.cache = cache
        self.upstream = upstream
        service = Task { try await cache.runSharedTier() }
    }

    deinit {
        service.cancel()
        tier.close()
    }

    /// Ends the replica as a clean shutdown does.
    func stop() async {
        service.cancel()
        _ = try? await service.value
        tier.close()
    }

    static let scope = CacheScope(tenant: "acme", namespace: "faq", model: "m")
    static let namespace = scope.namespace

    func request(_ question: String) -> CacheRequest { CacheRequest(question, scope: Self.scope) }

    @discardableResult
    func put(_ question: String, _ answer: String, tags: [String] = []) async throws -> EntryID? {
        var request = request(question)
        request.controls.tags = tags
        return try await cache.store(CachedReply(text: answer), for: request)
    }

    func lookup(_ question: String) async -> Verdict {
        // Lookups do not wait for the first connection; tests do.
        await tier.start()
        return await cache.lookup(request(question))
    }

    func respond(_ question: String) async throws -> CacheResponse {
        let upstream = upstream
        return try await cache.respond(to: request(question)) { request in
            try await upstream.answer(request.question ?? "")
        }
    }

    /// Begins to follow the namespace, and waits until that works.
    func follow() async -> Bool {
        tier.noteUse(of: Self.namespace)
        return await eventually {
            self.state?.phase == .following && self.tier.isCurrent(Self.namespace, within: .seconds(30))
        }
    }

    var state: SharedTierStatistics.Namespace? { tier.statistics.namespaces[Self.namespace] }
}
