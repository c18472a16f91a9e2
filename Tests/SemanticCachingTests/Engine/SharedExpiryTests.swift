import Logging
import SemanticCachingTesting
import Testing

@testable import SemanticCaching

/// What another replica says of an answer's expiry holds in every tier of this one.
@Suite struct SharedExpiryTests {
    private struct Replica {
        let tier = StubTier()
        let clock = ManualClock()
        let cache: SemanticCache
        let request = CacheRequest("What is the price?", scope: CacheFixture.scope)

        init() throws {
            cache = try SemanticCache(
                embedder: HashingEmbedder(dimension: 64),
                sharedTier: tier,
                clock: clock,
                logger: Logger(label: "test") { _ in SwiftLogNoOpLogHandler() }
            )
        }

        /// Stores the answer, and hears from another replica when it expires: under the same wording, or with another.
        func expire(from old: Duration, to new: Duration?, wording: UInt8? = nil) async throws {
            var request = request
            request.controls.timeToLive = old
            let id = try #require(try await cache.store(CachedReply(text: "10"), for: request))
            #expect(await cache.lookup(request).tier == .exact)
            var entry = try #require(try await cache.store.entry(id))
            var question = try #require(try await cache.store.questions(of: id).first)
            entry.expiresAt = new.map { clock.now + $0 }
            if let wording {
                question = CachedQuestion(
                    id: 1_000,
                    entry: id,
                    text: "And the price is?",
                    key: Digest256(hashing: [wording]),
                    check: Digest256(hashing: [wording, 1]),
                    createdAt: clock.now
                )
            }
            let applier = SharedChangeApplier(cache: cache, link: try #require(cache.shared))
            await applier.apply([.stored(entry, questions: [question])], in: entry.namespace)
        }
    }

    @Test func aShorterLifeHoldsInMemory() async throws {
        let replica = try Replica()
        try await replica.expire(from: .seconds(3_600), to: .seconds(60))
        #expect(await replica.cache.lookup(replica.request).outcome == .hit)
        replica.clock.advance(by: .seconds(60))
        #expect(try await replica.cache.sweep() == 1)
        #expect(replica.cache.lookupInMemory(replica.request) == nil)
    }

    /// Who says so has not heard yet of what shortened it.
    @Test(arguments: [Duration.seconds(3_600), nil]) func aLongerLifeIsNotTaken(new: Duration?) async throws {
        let replica = try Replica()
        try await replica.expire(from: .seconds(60), to: new)
        #expect(await replica.cache.lookup(replica.request).outcome == .hit)
        replica.clock.advance(by: .seconds(60))
        #expect(replica.cache.lookupInMemory(replica.request) == nil)
        #expect(try await replica.cache.sweep() == 1)
    }

    @Test func aWordingOfAShorterLifeShortensTheAnswersHereToo() async throws {
        let replica = try Replica()
        try await replica.expire(from: .seconds(3_600), to: .seconds(60), wording: 7)
        replica.clock.advance(by: .seconds(60))
        #expect(replica.cache.lookupInMemory(replica.request) == nil)
        #expect(try await replica.cache.sweep() == 1)
    }
}
