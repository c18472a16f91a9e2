import Logging
import SemanticCachingTesting
import Testing

@testable import SemanticCaching

/// A storing that a removal overtakes leaves nothing behind in accounts, indexes and records.
@Suite struct OvertakenStoringTests {
    private static let question = "How do I reset my password?"

    private func makeFixture() throws -> (fixture: CacheFixture, store: HookedStore) {
        let store = HookedStore()
        return (try CacheFixture(store: store) { $0.namespaces.maximumErrorRate = 0.05 }, store)
    }

    /// Checks that the tiers hold so many answers as the store does.
    private func expectAgreement(_ fixture: CacheFixture, entries: Int) async throws {
        let stored = try await fixture.store.usage()
        let retained = fixture.cache.namespaces[CacheFixture.scope.namespace].retention.usage
        #expect(stored.entries == entries)
        #expect(retained.entries == entries)
        #expect(retained.bytes == stored.bytes)
        #expect(await fixture.cache.statistics().indexedQuestions == entries)
    }

    @Test func anAnswerThatIsReplacedWhileItIsStored() async throws {
        let (fixture, store) = try makeFixture()
        store.hook(.afterInsert) { try await fixture.put(Self.question, "second") }
        #expect(try await fixture.put(Self.question, "first") == nil)
        try await expectAgreement(fixture, entries: 1)
        #expect(await fixture.cache.lookup(fixture.request(Self.question)).reply?.text == "second")
    }

    @Test func anAnswerThatIsRemovedWhileItIsStored() async throws {
        let (fixture, store) = try makeFixture()
        store.hook(.afterInsert) {
            let stored = try await store.base.entries(matching: EntryFilter(), after: nil, limit: 10)
            try await fixture.cache.remove(stored.map(\.id))
        }
        #expect(try await fixture.put(Self.question, "first") == nil)
        try await expectAgreement(fixture, entries: 0)
    }

    @Test func anImportedAnswerThatIsReplacedWhileItIsStored() async throws {
        let other = try CacheFixture()
        let exported = try #require(try await other.put(Self.question, "first"))
        let record = AnswerRecord(
            entry: try #require(try await other.store.entry(exported)),
            questions: try await other.store.questions(of: exported)
        )
        let (fixture, store) = try makeFixture()
        store.hook(.afterInsert) { try await fixture.put(Self.question, "second") }
        _ = try await fixture.cache.add(record)
        try await expectAgreement(fixture, entries: 1)
    }

    @Test func aRemovalOfOthersMakesNoDifference() async throws {
        let (fixture, store) = try makeFixture()
        let other = try #require(try await fixture.put("Where is my parcel now?", "There."))
        store.hook(.afterInsert) { try await fixture.cache.remove([other]) }
        #expect(try await fixture.put(Self.question, "first") != nil)
        try await expectAgreement(fixture, entries: 1)
    }
}
