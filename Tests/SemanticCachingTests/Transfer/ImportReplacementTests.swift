import SemanticCachingTesting
import Testing

@testable import SemanticCaching

/// What an import takes the place of leaves every tier.
@Suite struct ImportReplacementTests {
    private static let question = "How do I reset my password?"

    /// Somebody stores an answer after the import has seen that there is none.
    @Test func anAnswerThatCameMeanwhileIsForgotten() async throws {
        let other = try CacheFixture()
        let exported = try #require(try await other.put(Self.question, "Imported."))
        let record = AnswerRecord(
            entry: try #require(try await other.store.entry(exported)),
            questions: try await other.store.questions(of: exported)
        )
        let store = HookedStore()
        let told = Watched<[EntryID]>([])
        let fixture = try CacheFixture(store: store, onRemoval: { ids, _ in told.update { $0 += ids } })
        let raced = Watched<EntryID?>(nil)
        store.hook(.beforeInsert) {
            let entry = try await fixture.put(Self.question, "Raced.")
            raced.update { $0 = entry }
        }
        #expect(try await fixture.cache.add(record))
        let gone = try #require(raced.value)
        #expect(try await store.entry(gone) == nil)
        #expect(await fixture.cache.lookup(fixture.request(Self.question)).reply?.text == "Imported.")
        #expect(told.value == [gone])
        let retained = fixture.cache.namespaces[CacheFixture.scope.namespace].retention.usage
        #expect(retained.entries == 1)
        #expect(retained.bytes == (try await store.usage().bytes))
        #expect(await fixture.cache.statistics().indexedQuestions == 1)
        #expect(await fixture.cache.statistics().lookups.removals[.replacement] == 1)
    }
}
