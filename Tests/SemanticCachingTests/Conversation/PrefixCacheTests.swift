import SemanticCaching
import SemanticCachingTesting
import Testing

@Suite struct PrefixCacheTests {
    private func request(_ messages: [ChatMessage]) -> CacheRequest {
        CacheRequest(messages: messages, scope: CacheFixture.scope)
    }

    private func conversation(turns: Int) -> [ChatMessage] {
        (0..<turns).flatMap { [ChatMessage.user("question \($0)"), .assistant("answer \($0)")] }
    }

    @Test func findsTheLongestKnownPrefixOfFiveHundredTurns() async throws {
        for isRestarted in [false, true] {
            let fixture = try CacheFixture()
            let prefixes = PrefixCache(fixture.cache)
            let history = conversation(turns: 500)
            for known in [3, 120, 412] {
                let asked = request(Array(history.prefix(2 * known - 1)))
                #expect(try await prefixes.record(CachedReply(text: "answer \(known - 1)"), after: asked))
            }
            let cache = isRestarted ? try CacheFixture(store: fixture.store).cache : fixture.cache
            let match = try await PrefixCache(cache).match(request(history + [.user("and now?")]))
            #expect(match?.messageCount == 824)
            #expect(match?.reply.text == "answer 411")
            #expect(match?.isComplete == false)
            let complete = try await PrefixCache(cache).match(request(Array(history.prefix(824)) + [.user("x")]))
            #expect(complete?.isComplete == true)
        }
    }

    @Test func anyDifferenceInThePrefixIsAMiss() async throws {
        let fixture = try CacheFixture()
        let prefixes = PrefixCache(fixture.cache)
        let history = conversation(turns: 4)
        try await prefixes.record(CachedReply(text: "answer 3"), after: request(Array(history.dropLast())))
        for place in history.indices {
            var edited = history
            edited[place].content = .text("another thing")
            #expect(try await prefixes.match(request(edited + [.user("x")])) == nil)
        }
        var other = request(history + [.user("x")])
        other.scope.model = "other"
        #expect(try await prefixes.match(other) == nil)
        other = request(history + [.user("x")])
        other.scope.namespace = NamespaceID(tenant: "t", name: "faq")
        #expect(try await prefixes.match(other) == nil)
        #expect(try await prefixes.match(request(history + [.user("x")]))?.isComplete == true)
    }

    /// A shorter beginning waits in memory while a longer one is looked for in the store: time enough to invalidate it.
    @Test func whatIsInvalidatedWhileALongerOneIsLookedForIsNotKnown() async throws {
        let store = HookedStore()
        let cache = try CacheFixture(store: store).cache
        let prefixes = PrefixCache(cache)
        let history = conversation(turns: 4)
        var known = request(Array(history.prefix(3)))
        known.controls.tags = ["doc:1"]
        try await prefixes.record(CachedReply(text: "answer 1"), after: known)
        #expect(try await prefixes.match(request(history + [.user("x")]))?.messageCount == 4)
        store.hook(.beforeMatch) { try await cache.invalidate(InvalidationSelector(tag: "doc:1")) }
        #expect(try await prefixes.match(request(history + [.user("x")])) == nil)
    }

    @Test func theLastMessageMustBeTheUsers() async throws {
        let prefixes = PrefixCache(try CacheFixture().cache)
        for messages in [[], conversation(turns: 2), [ChatMessage(.tool, "result")]] {
            let error = await #expect(throws: CacheError.self) { try await prefixes.match(request(messages)) }
            #expect(error?.code == .invalidRequest)
        }
    }

    @Test func aReplyThatIsNotCompleteIsNotKept() async throws {
        let fixture = try CacheFixture()
        let prefixes = PrefixCache(fixture.cache)
        for reason in ["length", "content_filter", "tool_calls"] as [CachedReply.FinishReason] {
            let reply = CachedReply(text: "answer 0", finishReason: reason)
            #expect(try await !prefixes.record(reply, after: request([.user("question 0")])))
        }
        #expect(try await prefixes.match(request(conversation(turns: 1) + [.user("x")])) == nil)
    }

    @Test func theLeastRecentlyUsedGoFirst() async throws {
        let fixture = try CacheFixture { $0.namespaces.conversation.maximumEntries = 10 }
        let prefixes = PrefixCache(fixture.cache)
        func ask(_ index: Int) -> CacheRequest { request([.user("question \(index)")]) }
        func goOn(_ index: Int) -> CacheRequest {
            request([.user("question \(index)"), .assistant("a"), .user("and now?")])
        }
        for index in 0..<10 {
            try await prefixes.record(CachedReply(text: "a"), after: ask(index))
            fixture.clock.advance(by: .seconds(1))
        }
        #expect(try await prefixes.match(goOn(0)) != nil)
        try await prefixes.record(CachedReply(text: "a"), after: ask(10))
        #expect(try await prefixes.match(goOn(0)) != nil)
        #expect(try await prefixes.match(goOn(1)) == nil)
        #expect(try await prefixes.match(goOn(10)) != nil)
    }
}
