import Embeddings
import Logging
import SemanticCaching
import SemanticCachingTesting
import Testing

/// Vectors of an export are taken as they are only where the very same model compares them.
@Suite struct ImportedVectorTests {
    private static let question = "How do I reset my password?"
    private static let wording = "how do i reset my password"

    /// What a cache exports, with its vectors.
    private func exported(dimension: Int = 256, id: String = "hashing") async throws -> AnswerRecord {
        let other = try CacheFixture(embedder: HashingEmbedder(dimension: dimension, id: id))
        let entry = try #require(try await other.put(Self.question, "Click."))
        let record = AnswerRecord(
            entry: try #require(try await other.store.entry(entry)),
            questions: try await other.store.questions(of: entry)
        )
        #expect(record.questions.first?.vector?.count == dimension)
        return record
    }

    @Test func aCacheWithoutAnEmbedderTakesThemWordForWord() async throws {
        let store = MemoryStore()
        let cache = try SemanticCache(
            embedder: nil,
            store: store,
            clock: ManualClock(),
            logger: Logger(label: "test") { _ in SwiftLogNoOpLogHandler() }
        )
        let record = try await exported()
        #expect(try await cache.add(record))
        let request = CacheRequest(Self.question, scope: CacheFixture.scope)
        #expect(await cache.lookup(request).reply?.text == "Click.")
        #expect(await cache.statistics().indexedQuestions == 0)
        // A later opening with an embedder gives it a vector.
        let reopened = try CacheFixture(store: store)
        try await reopened.cache.open()
        while await reopened.cache.statistics().indexedQuestions < 1 { try await Task.sleep(for: .milliseconds(1)) }
        #expect(await reopened.cache.lookup(reopened.request(Self.wording)).reply?.text == "Click.")
    }

    @Test(arguments: [256, 64])
    func anotherModelsVectorIsNeverCompared(dimension: Int) async throws {
        let record = try await exported(dimension: dimension, id: "another")
        let fixture = try CacheFixture()
        fixture.embedder.behavior = .failing(.unavailable("down"))
        #expect(try await fixture.cache.add(record))
        #expect(await fixture.cache.statistics().indexedQuestions == 0)
        #expect(try await fixture.store.questions(of: record.entry.id).map(\.vector) == [nil])
        #expect(await fixture.cache.lookup(fixture.request(Self.question)).reply?.text == "Click.")
        fixture.embedder.behavior = .working
        try await fixture.cache.sweep()
        #expect(await fixture.cache.lookup(fixture.request(Self.wording)).reply?.text == "Click.")
    }

    @Test func aTextTooShortToBeComparedHasNoVector() async throws {
        let record = try await exported(id: "another")
        let fixture = try CacheFixture { $0.namespaces.minimumQuestionLength = 100 }
        #expect(try await fixture.cache.add(record))
        #expect(await fixture.cache.statistics().indexedQuestions == 0)
    }

    @Test func aVectorThatIsNoUnitVectorIsMadeAnew() async throws {
        var record = try await exported()
        for index in record.questions.indices { record.questions[index].vector = Array(repeating: 7, count: 256) }
        let fixture = try CacheFixture()
        #expect(try await fixture.cache.add(record))
        #expect(await fixture.cache.lookup(fixture.request(Self.wording)).reply?.text == "Click.")
    }

    @Test func theSameModelsVectorIsTakenAsItIs() async throws {
        let record = try await exported()
        let fixture = try CacheFixture()
        #expect(try await fixture.cache.add(record))
        #expect(fixture.embedder.callCount == 0)
        #expect(await fixture.cache.statistics().indexedQuestions == 1)
    }
}
