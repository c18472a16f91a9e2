import Embeddings
import SemanticCaching
import SemanticCachingTesting
import StrictJSON
import Testing

/// What the engine does with requests of more than one turn when nothing is configured.
@Suite struct TurnCacheTests {
    private let opening: [ChatMessage] = [.system("Be brief."), .user("Who is Obama?"), .assistant("A president.")]

    private func ask(
        _ question: String,
        after history: [ChatMessage],
        _ edit: (inout CacheRequest) -> Void = { _ in }
    ) -> CacheRequest {
        var request = CacheRequest(messages: history + [.user(question)], scope: CacheFixture.scope)
        edit(&request)
        return request
    }

    @Test func theSameConversationHitsWordForWord() async throws {
        let fixture = try CacheFixture()
        try await fixture.cache.store(CachedReply(text: "1961"), for: ask("When was he born?", after: opening))
        let verdict = await fixture.cache.lookup(ask("When was he born?", after: opening))
        #expect(verdict.reason == .exactMatch)
        #expect(verdict.reply?.text == "1961")
    }

    @Test func anotherWordingHitsInTheIdenticalContextOnly() async throws {
        let fixture = try CacheFixture()
        try await fixture.cache.store(CachedReply(text: "63"), for: ask("How old is he now?", after: opening))
        let same = await fixture.cache.lookup(ask("how old is he now", after: opening))
        #expect(same.tier == .semantic)
        #expect(same.reply?.text == "63")
        var other = opening
        other[1] = .user("Who is Einstein?")
        #expect(await fixture.cache.lookup(ask("How old is he now?", after: other)).outcome == .miss)
        #expect(await fixture.cache.lookup(ask("how old is he now", after: other)).nearest.isEmpty)
        #expect(await fixture.cache.lookup(ask("how old is he now", after: [])).outcome == .miss)
    }

    private static let question = "How do I reset my password?"
    private static let wording = "how do i reset my password"

    @Test func aQuestionThatStandsAloneCrossesContextsWhereTheNamespaceAllowsIt() async throws {
        let fixture = try CacheFixture { $0.namespaces.conversation.matchesAcrossContexts = true }
        try await fixture.cache.store(CachedReply(text: "here"), for: ask(Self.question, after: opening))
        let other: [ChatMessage] = [.system("Be brief."), .user("Hello there"), .assistant("Hello!")]
        #expect(await fixture.cache.lookup(ask(Self.wording, after: other)).tier == .semantic)
        #expect(await fixture.cache.lookup(ask(Self.wording, after: [.system("Be brief.")])).tier == .semantic)
        // Other instructions are another context, whatever the question.
        #expect(await fixture.cache.lookup(ask(Self.wording, after: [.system("Be a pirate.")])).outcome == .miss)

        let forbidding = try CacheFixture()
        try await forbidding.cache.store(CachedReply(text: "here"), for: ask(Self.question, after: opening))
        #expect(await forbidding.cache.lookup(ask(Self.wording, after: other)).outcome == .miss)
    }

    @Test func aFollowUpNeverCrossesContexts() async throws {
        let fixture = try CacheFixture { $0.namespaces.conversation.matchesAcrossContexts = true }
        try await fixture.cache.store(CachedReply(text: "63"), for: ask("How old is he now?", after: opening))
        let others: [[ChatMessage]] = [
            [], [.system("Be brief.")], [.system("Be brief."), .user("Who is Einstein?"), .assistant("A physicist.")],
        ]
        for history in others {
            #expect(await fixture.cache.lookup(ask("how old is he now", after: history)).outcome == .miss)
            #expect(await fixture.cache.lookup(ask("How old is he now?", after: history)).outcome == .miss)
        }
        #expect(await fixture.cache.lookup(ask("how old is he now", after: opening)).tier == .semantic)
    }

    @Test func aToolsResultIsNeverMatchedInMeaning() async throws {
        let fixture = try CacheFixture { $0.namespaces.conversation.matchesAcrossContexts = true }
        func afterTool(_ result: String) -> CacheRequest {
            var request = ask("What is new in my inbox?", after: opening)
            request.messages.append(
                ChatMessage(role: .assistant, content: nil, extra: ["tool_calls": [["id": "1", "type": "function"]]])
            )
            request.messages.append(ChatMessage(role: .tool, content: .text(result), extra: ["tool_call_id": "1"]))
            return request
        }
        try await fixture.cache.store(CachedReply(text: "Two letters."), for: afterTool("two new letters"))
        let near = await fixture.cache.lookup(afterTool("Two new letters"))
        #expect(near.outcome == .miss)
        #expect(near.reason == .notAQuestion)
        #expect(await fixture.cache.lookup(afterTool("two new letters")).reason == .exactMatch)
    }

    @Test func aTurnThatMayCallToolsIsMatchedWordForWordUnlessAllowed() async throws {
        let tools: JSONValue = [["type": "function", "function": ["name": "send"]]]
        for isAllowed in [false, true] {
            let fixture = try CacheFixture { $0.namespaces.storesToolCalls = isAllowed }
            let edit: (inout CacheRequest) -> Void = { $0.parameters["tools"] = tools }
            try await fixture.cache.store(
                CachedReply(text: "Sent."),
                for: ask("Send it to Bob now", after: opening, edit)
            )
            let verdict = await fixture.cache.lookup(ask("send it to bob now", after: opening, edit))
            #expect((verdict.tier == .semantic) == isAllowed)
            if !isAllowed { #expect(verdict.reason == .exactOnly) }
        }
    }

    @Test func shortAnswersAreMatchedWordForWord() async throws {
        let fixture = try CacheFixture { $0.namespaces.minimumQuestionLength = 10 }
        try await fixture.cache.store(CachedReply(text: "Done."), for: ask("Yes, do it", after: opening))
        try await fixture.cache.store(CachedReply(text: "Done."), for: ask("Yes do", after: opening))
        #expect(await fixture.cache.lookup(ask("yes do", after: opening)).reason == .tooShort)
        #expect(await fixture.cache.lookup(ask("yes, do it", after: opening)).tier == .semantic)
    }

    @Test func aThousandRequestsAtOneForkAskTheModelOnce() async throws {
        let fixture = try CacheFixture()
        fixture.upstream.gate.close()
        let upstream = fixture.upstream
        let request = ask("When was he born?", after: opening)
        let replies = try await withThrowingTaskGroup(of: CacheResponse.self) { group in
            for _ in 0..<1_000 {
                group.addTask {
                    try await fixture.cache.respond(to: request) { try await upstream.answer($0.question ?? "") }
                }
            }
            try await upstream.waitForCalls(count: 1)
            upstream.gate.open()
            return try await group.reduce(into: []) { $0.append($1) }
        }
        #expect(upstream.callCount == 1)
        #expect(replies.count == 1_000)
        #expect(Set(replies.map(\.reply.text)).count == 1)
    }

    @Test func howAPromptIsShortenedIsInTheKey() async throws {
        let fixture = try CacheFixture()
        let request = ask("When was he born?", after: opening)
        try await fixture.cache.store(CachedReply(text: "1961"), for: request)
        try fixture.cache.updateSettings(of: request.scope.namespace) { $0.conversation.mode = .slim }
        #expect(await fixture.cache.lookup(request).outcome == .miss)
        // A conversation without a history has nothing to shorten.
        let first = ask("Who is Obama?", after: [.system("Be brief.")])
        try await fixture.cache.store(CachedReply(text: "A president."), for: first)
        try fixture.cache.updateSettings(of: request.scope.namespace) { $0.conversation.mode = .full }
        #expect(await fixture.cache.lookup(first).reason == .exactMatch)
        #expect(await fixture.cache.lookup(request).reason == .exactMatch)
    }

    @Test func nobodyReachesTheReservedNamespaces() async throws {
        let fixture = try CacheFixture()
        var request = ask("How do I reset my password?", after: opening)
        request.scope.namespace = request.scope.namespace.conversations
        let stored = try await fixture.cache.store(CachedReply(text: "x"), for: request)
        #expect(stored == nil)
        #expect(await fixture.cache.lookup(request).outcome == .bypass)
    }
}
