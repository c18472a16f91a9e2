import Logging
import SemanticCachingTesting
import Testing

@testable import SemanticCaching

/// A strict namespace serves nothing while it may have missed what other replicas removed, however late that shows.
@Suite struct StrictFreshnessTests {
    private struct Down: Error {}

    private let tier = StubTier()
    private let clock = ManualClock()
    private let embedder = HashingEmbedder(dimension: 256)
    private static let question = "How do I reset my password?"

    private func makeCache(_ configure: (inout NamespaceSettings) -> Void = { _ in }) throws -> SemanticCache {
        var configuration = CacheConfiguration()
        configuration.namespaces.threshold = 0.8
        configuration.namespaces.freshness = .strict
        configure(&configuration.namespaces)
        return try SemanticCache(
            embedder: embedder,
            configuration: configuration,
            policy: ThresholdPolicy(),
            sharedTier: tier,
            clock: clock,
            logger: Logger(label: "test") { _ in SwiftLogNoOpLogHandler() }
        )
    }

    private func request(_ question: String) -> CacheRequest { CacheRequest(question, scope: CacheFixture.scope) }

    @Test func whatComesOfASlowEmbedderIsNotServed() async throws {
        let cache = try makeCache()
        try await cache.store(CachedReply(text: "Click."), for: request(Self.question))
        let gate = Gate()
        embedder.behavior = .held(gate)
        let asked = request("how do i reset my password")
        async let pending = cache.lookup(asked)
        try await gate.waitForArrivals(count: 1)
        tier.isCurrent = false
        gate.open()
        let verdict = await pending
        #expect(verdict.outcome == .miss)
        #expect(verdict.reason == .sharedTierBehind)
    }

    /// The tier goes away while the model works, and then the model fails too.
    @Test(arguments: [true, false])
    func aStaleAnswerStandsInOnlyWhileTheTierIsHeard(isHeard: Bool) async throws {
        let cache = try makeCache {
            $0.timeToLive = .seconds(60)
            $0.staleIfError = .seconds(3_600)
        }
        try await cache.store(CachedReply(text: "Click."), for: request(Self.question))
        clock.advance(by: .seconds(61))
        let tier = tier
        let answer = { () async throws -> CacheResponse in
            try await cache.respond(to: request(Self.question)) { _ in
                tier.isCurrent = isHeard
                throw Down()
            }
        }
        if isHeard {
            let response = try await answer()
            #expect(response.reply.text == "Click.")
            #expect(response.verdict.outcome == .stale)
        } else {
            await #expect(throws: Down.self) { try await answer() }
        }
    }
}
