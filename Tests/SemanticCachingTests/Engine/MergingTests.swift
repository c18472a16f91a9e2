import SemanticCachingTesting
import Testing

@testable import SemanticCaching

/// When two answers that the judge finds equal become one, and when they must not.
@Suite struct MergingTests {
    private struct PrefixJudge: AnswerJudge {
        func isSameAnswer(fresh: String, stored: String, question: AnalyzedText) async -> Bool? {
            fresh.prefix(8) == stored.prefix(8)
        }
    }

    /// A store that is killed before it can take another wording.
    private struct FragileStore: ForwardingStore {
        let base = MemoryStore()
        func addQuestion(_ question: CachedQuestion) async throws -> Bool {
            throw CacheError(.storeUnavailable, "it is dead")
        }
    }

    private static let first = "How do I reset my password?"
    private static let second = "How may somebody reset the password here?"

    private func fixture(
        store: any EntryStore = MemoryStore(),
        sharedTier: (any SharedTier)? = nil,
        _ configure: (inout CacheConfiguration) -> Void = { _ in }
    ) throws -> CacheFixture {
        try CacheFixture(
            store: store,
            {
                $0.namespaces.maximumErrorRate = 0.05
                configure(&$0)
            },
            judge: PrefixJudge(),
            sharedTier: sharedTier
        )
    }

    /// Misses, stores what the model said, and waits until the judge has spoken.
    private func ask(
        _ fixture: CacheFixture,
        _ edit: (inout CacheRequest) -> Void = { _ in }
    ) async throws -> EntryID {
        let request = fixture.request(Self.second, edit)
        let result = await fixture.cache.find(request)
        #expect(result.verdict.outcome == .miss)
        let reply = CachedReply(text: "Answer A, in other words")
        let fresh = try await fixture.cache.store(reply, for: request, after: result, upstreamLatency: nil, cost: nil)
        await fixture.cache.followUp(reply, storedAs: fresh, after: result)?.value
        return try #require(fresh)
    }

    private func put(
        _ fixture: CacheFixture,
        _ edit: (inout CacheRequest) -> Void = { _ in }
    ) async throws -> EntryID {
        try #require(try await fixture.put(Self.first, "Answer A, first wording", edit))
    }

    @Test func equalAnswersBecomeOneInEveryTier() async throws {
        let fixture = try fixture()
        let kept = try await put(fixture)
        let fresh = try await ask(fixture)
        #expect(try await fixture.store.entry(fresh) == nil)
        let verdict = await fixture.cache.lookup(fixture.request(Self.second))
        #expect(verdict.entry == kept)
        #expect(await fixture.cache.lookup(fixture.request(Self.second)).tier == .exact)
        let retained = fixture.cache.namespaces[CacheFixture.scope.namespace].retention.usage
        let stored = try await fixture.store.usage()
        #expect(retained.entries == 1)
        #expect(retained.bytes == stored.bytes)
        #expect(await fixture.cache.statistics().indexedQuestions == 2)
        #expect(try await fixture.cache.remove([kept]) == 1)
        #expect(await fixture.cache.lookup(fixture.request(Self.second)).outcome == .miss)
        #expect(await fixture.cache.statistics().indexedQuestions == 0)
    }

    @Test func answersOfDifferentTagsStayApart() async throws {
        let fixture = try fixture()
        _ = try await put(fixture) { $0.controls.tags = ["doc:1"] }
        let fresh = try await ask(fixture) { $0.controls.tags = ["doc:2"] }
        #expect(try await fixture.store.entry(fresh) != nil)
        #expect(try await fixture.cache.invalidate(InvalidationSelector(tag: "doc:2")) == 1)
        #expect(await fixture.cache.lookup(fixture.request(Self.second)).outcome == .miss)
    }

    @Test func theOrderOfTagsIsNoDifference() async throws {
        let fixture = try fixture()
        _ = try await put(fixture) { $0.controls.tags = ["doc:1", "doc:2"] }
        let fresh = try await ask(fixture) { $0.controls.tags = ["doc:2", "doc:1"] }
        #expect(try await fixture.store.entry(fresh) == nil)
    }

    @Test func aShorterLifeIsNotLostInALongerOne() async throws {
        let fixture = try fixture()
        _ = try await put(fixture)
        let fresh = try await ask(fixture) { $0.controls.timeToLive = .seconds(60) }
        #expect(try await fixture.store.entry(fresh) != nil)
        fixture.clock.advance(by: .seconds(60))
        #expect(await fixture.cache.lookup(fixture.request(Self.second)).outcome == .miss)
    }

    @Test func aFreshAnswerDoesNotGiveWayToAnExpiredOne() async throws {
        let fixture = try fixture {
            $0.namespaces.timeToLive = .seconds(60)
            $0.namespaces.staleIfError = .seconds(3_600)
        }
        _ = try await put(fixture)
        fixture.clock.advance(by: .seconds(61))
        let fresh = try await ask(fixture)
        #expect(await fixture.cache.lookup(fixture.request(Self.second)).entry == fresh)
    }

    @Test func aKillInTheMidstLosesNoWording() async throws {
        let fixture = try fixture(store: FragileStore())
        _ = try await put(fixture)
        _ = try await ask(fixture)
        let reopened = try CacheFixture(store: fixture.store)
        #expect(await reopened.cache.lookup(reopened.request(Self.second)).outcome == .hit)
    }

    /// The other way about, the shared tier would refuse the wording as superseded, and then lose it.
    @Test func otherReplicasHearOfTheLossBeforeTheGain() async throws {
        let tier = StubTier()
        let fixture = try fixture(sharedTier: tier)
        let kept = try await put(fixture)
        let fresh = try await ask(fixture)
        #expect(
            tier.changes == [
                .published(kept, isAlias: false), .published(fresh, isAlias: false), .removed([fresh]),
                .published(kept, isAlias: true),
            ]
        )
    }

    @Test func whatOtherReplicasStillHaveIsNotGivenToAnotherAnswer() async throws {
        let tier = StubTier()
        tier.confirms = false
        let fixture = try fixture(sharedTier: tier)
        let kept = try await put(fixture)
        let fresh = try await ask(fixture)
        #expect(tier.changes == [.published(kept, isAlias: false), .published(fresh, isAlias: false)])
        #expect(await fixture.cache.lookup(fixture.request(Self.second)).entry == kept)
    }

    /// A store that tells how far its callers have come.
    private struct WatchedStore: ForwardingStore {
        let base = MemoryStore()
        let removals = Gate(isOpen: true)
        let moves = Gate(isOpen: true)
        let moved = Gate(isOpen: true)

        func remove(_ entries: [EntryID]) async throws -> [RemovedQuestion] {
            try await removals.pass()
            return try await base.remove(entries)
        }

        func moveQuestions(of entry: EntryID, to other: EntryID) async throws -> [CachedQuestion] {
            try await moves.pass()
            let questions = try await base.moveQuestions(of: entry, to: other)
            try await moved.pass()
            return questions
        }
    }

    @Test func anInvalidationThatFoundTheWordingUnderItsOldAnswerIsNotLost() async throws {
        let store = WatchedStore()
        let fixture = try fixture(store: store)
        _ = try await put(fixture)
        store.moves.close()
        async let fresh = ask(fixture)
        try await store.moves.waitForArrivals(count: 1)
        // It has found the answer, and is about to remove it by its id.
        store.removals.close()
        let selector = InvalidationSelector(question: try QuestionPattern(glob: "*somebody*"))
        async let count = fixture.cache.invalidate(selector)
        try await store.removals.waitForArrivals(count: 1)
        store.moves.open()
        try await store.moved.waitForArrivals(count: 1)
        store.removals.open()
        _ = try await (fresh, count)
        #expect(await fixture.cache.lookup(fixture.request(Self.second)).outcome == .miss)
    }
}
