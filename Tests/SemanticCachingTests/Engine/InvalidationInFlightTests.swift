import SemanticCachingTesting
import Testing

@testable import SemanticCaching

/// What is invalidated while the model works must stay gone.
@Suite struct InvalidationInFlightTests {
    private static let question = "What does the blue lamp cost?"

    /// Asks the model, does something while it works, and returns whether its answer was kept.
    private func isKept(
        tags: [String] = ["product:1"],
        _ meanwhile: (SemanticCache) async throws -> Void
    ) async throws -> Bool {
        let fixture = try CacheFixture()
        fixture.upstream.gate.close()
        async let response = fixture.respond(Self.question) { $0.controls.tags = tags }
        try await fixture.upstream.waitForCalls(count: 1)
        try await meanwhile(fixture.cache)
        fixture.upstream.gate.open()
        let answer = try await response
        #expect(answer.reply.text == "answer to \(Self.question)", "its caller has the answer all the same")
        let isThere = await fixture.cache.lookup(fixture.request(Self.question)).isServable
        #expect(isThere == (answer.entry != nil))
        return isThere
    }

    @Test func anAnswerFromBeforeItsInvalidationIsNotKept() async throws {
        let prefix = try QuestionPattern(glob: "*blue*")
        for selector in [
            InvalidationSelector(tag: "product:1"), InvalidationSelector(namespace: CacheFixture.scope.namespace),
            InvalidationSelector(model: "m"), InvalidationSelector(question: prefix),
        ] {
            #expect(try await !isKept { try await $0.invalidate(selector) }, "\(selector)")
        }
        #expect(try await !isKept { try await $0.invalidateNamespace(CacheFixture.scope.namespace) })
    }

    @Test func otherInvalidationsDoNotConcernIt() async throws {
        let other = NamespaceID(tenant: CacheFixture.scope.namespace.tenant, name: "shop")
        for selector in [
            InvalidationSelector(tag: "product:2"), InvalidationSelector(namespace: other),
            InvalidationSelector(ids: [EntryID(high: 1, low: 1)]), InvalidationSelector(),
        ] {
            #expect(try await isKept { try await $0.invalidate(selector) }, "\(selector)")
        }
        #expect(try await isKept { try await $0.invalidateNamespace(other) })
    }

    @Test func whoAsksAfterItDoesNotJoinTheCallFromBefore() async throws {
        let fixture = try CacheFixture()
        fixture.upstream.enqueue(CachedReply(text: "ten"))
        fixture.upstream.enqueue(CachedReply(text: "twelve"))
        fixture.upstream.gate.close()
        async let before = fixture.respond(Self.question) { $0.controls.tags = ["product:1"] }
        try await fixture.upstream.waitForCalls(count: 1)
        try await fixture.cache.invalidate(InvalidationSelector(tag: "product:1"))
        async let after = fixture.respond(Self.question) { $0.controls.tags = ["product:1"] }
        try await fixture.upstream.waitForCalls(count: 2)
        fixture.upstream.gate.open()
        #expect(try await before.reply.text == "ten")
        #expect(try await after.reply.text == "twelve")
        #expect(await fixture.cache.lookup(fixture.request(Self.question)).reply?.text == "twelve")
    }

    @Test func aStoreThatRacesWithAnInvalidationLeavesNothingBehind() async throws {
        for _ in 0..<200 {
            let fixture = try CacheFixture()
            let request = fixture.request(Self.question) { $0.controls.tags = ["product:1"] }
            let result = await fixture.cache.find(request)
            async let stored = fixture.cache.store(
                CachedReply(text: "ten"),
                for: request,
                after: result,
                upstreamLatency: nil,
                cost: nil
            )
            try await fixture.cache.invalidate(InvalidationSelector(tag: "product:1"))
            _ = try await stored
            #expect(await !fixture.cache.lookup(request).isServable)
            #expect(try await fixture.store.usage().entries == 0)
        }
    }

    @Test func theLogForgetsTheOldestAndThenAssumesTheWorst() {
        let log = InvalidationLog(capacity: 4)
        let entry = CacheEntry(
            id: EntryID(high: 1, low: 1),
            namespace: CacheFixture.scope.namespace,
            model: "m",
            reply: CachedReply(text: "ten"),
            tags: ["a"],
            createdAt: Timestamp(milliseconds: 0)
        )
        let question = CachedQuestion(
            id: 1,
            entry: entry.id,
            text: Self.question,
            key: Digest256(hashing: [1]),
            check: Digest256(hashing: [2]),
            createdAt: entry.createdAt
        )
        let start = log.mark
        #expect(!log.concerns(entry, question, since: start))
        for number in 0..<4 { log.note(InvalidationSelector(tag: "other:\(number)")) }
        #expect(!log.concerns(entry, question, since: start), "four are known one by one")
        let middle = log.mark
        log.note(InvalidationSelector(tag: "a"))
        #expect(log.concerns(entry, question, since: middle))
        #expect(log.concerns(entry, question, since: start), "the first is forgotten")
        #expect(!log.concerns(entry, question, since: log.mark))
    }
}
