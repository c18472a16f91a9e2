import Logging
import SemanticCachingTesting
import Testing

@testable import SemanticCaching

/// A record whose questions go to an answer that is there brings no second answer with it.
@Suite struct ImportIntoOwnerTests {
    private let question = "How do I reset my password?"
    private let wording = "How can I reset my password?"

    @Test func theOwnerIsAccountedForAndPublished() async throws {
        // The export: the same answer under another id, with another wording.
        let other = try CacheFixture { $0.namespaces.threshold = 0.9999 }
        other.upstream.enqueue(CachedReply(text: "Choose “Forgot password”."))
        other.upstream.enqueue(CachedReply(text: "Choose “Forgot password”."))
        let exported = try #require(try await other.respond(question).entry)
        #expect(try await other.respond(wording).entry == exported)
        let record = AnswerRecord(
            entry: try #require(try await other.store.entry(exported)),
            questions: try await other.store.questions(of: exported)
        )
        #expect(record.questions.count == 2)

        let tier = StubTier()
        let cache = try SemanticCache(
            embedder: HashingEmbedder(dimension: 256),
            sharedTier: tier,
            clock: ManualClock(),
            logger: Logger(label: "test") { _ in SwiftLogNoOpLogHandler() }
        )
        let request = CacheRequest(question, scope: CacheFixture.scope)
        let owner = try #require(try await cache.store(CachedReply(text: "Choose “Forgot password”."), for: request))
        #expect(try await cache.add(record))
        #expect(try await !cache.add(record), "a second time nothing is new")

        let retained = cache.namespaces[CacheFixture.scope.namespace].retention.usage
        let stored = try await cache.store.usage()
        #expect(retained.entries == 1, "no ghost")
        #expect(retained.bytes == stored.bytes)
        let key = try #require(record.questions.first { $0.text == wording }?.key)
        let published = try #require(try await tier.match(key: key, in: CacheFixture.scope.namespace))
        #expect(published.entry.id == owner)
        #expect(published.question.entry == owner)
        #expect(await cache.lookup(CacheRequest(wording, scope: CacheFixture.scope)).entry == owner)
    }
}
