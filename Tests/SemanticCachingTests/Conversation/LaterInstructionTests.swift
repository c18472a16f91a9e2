import SemanticCaching
import SemanticCachingTesting
import Testing

/// Instructions in the midst of a conversation: what an operator says to the model while it goes on.
@Suite struct LaterInstructionTests {
    private static let order = ChatMessage(role: .developer, content: .text("From now on, never mention prices."))

    @Test func slimKeepsThemInTheirOrder() async throws {
        let session = try ConversationSession(mode: .slim)
        var messages: [ChatMessage] = [.system("Be brief.")]
        _ = try await session.converse("a", turns: 0..<3, &messages)
        messages.append(Self.order)
        _ = try await session.converse("a", turns: 3..<5, &messages)
        messages.append(.system("The user is verified."))
        let last = try await session.converse("a", turns: 5..<8, &messages).last
        #expect(last?.context == "slim")
        let prompt = try #require(session.prompts.last)
        #expect(prompt.prefix(3) == [.system("Be brief."), Self.order, .system("The user is verified.")])
        #expect(Array(prompt.dropFirst(3)) == Array(messages.dropLast().suffix(3)))
    }

    @Test func oneBetweenTheLastAnswerAndTheQuestionForgetsNothing() async throws {
        let session = try ConversationSession(mode: .slim)
        var messages: [ChatMessage] = [.system("Be brief.")]
        _ = try await session.converse("a", turns: 0..<4, &messages)
        let prompt = await session.prepare(messages + [Self.order, .user("and now, please?")])
        #expect(prompt.mode == .slim)
        #expect(
            prompt.request.messages == [messages[0], messages[7], messages[8], Self.order, .user("and now, please?")]
        )
    }

    @Test func summaryKeepsThemAndDoesNotSumThemUp() async throws {
        let session = try ConversationSession(mode: .summary)
        var messages: [ChatMessage] = [.system("Be brief.")]
        _ = try await session.converse("a", turns: 0..<2, &messages)
        messages.append(Self.order)
        let last = try await session.converse("a", turns: 2..<14, &messages).last
        #expect(last?.context == "summary")
        let prompt = try #require(session.prompts.last)
        #expect(prompt.prefix(2) == [.system("Be brief."), Self.order])
        #expect(prompt[2].role == .user)
        #expect(prompt[2].content?.plainText?.contains("<summary>") == true)
        #expect(!session.summarizer.calls.isEmpty)
        #expect(!session.summarizer.calls.contains { $0.texts.contains { $0.contains("never mention") } })
        // What was said under other instructions has another summary.
        let calls = session.summarizer.calls.count
        var other = messages
        other[5] = .system("Mention all prices.")
        _ = await session.prepare(other + [.user("and now, please?")])
        #expect(session.summarizer.calls.count > calls)
    }

    @Test func theyArePartOfTheContextOfAQuestionThatStandsAlone() async throws {
        let fixture = try CacheFixture { $0.namespaces.conversation.matchesAcrossContexts = true }
        func ask(_ question: String, _ instructions: [ChatMessage], _ said: String) -> CacheRequest {
            let history: [ChatMessage] = [.system("Be brief."), .user(said), .assistant("Hello!")] + instructions
            return CacheRequest(messages: history + [.user(question)], scope: CacheFixture.scope)
        }
        let question = "How do I reset my password?"
        try await fixture.cache.store(CachedReply(text: "here"), for: ask(question, [Self.order], "Hi"))
        let wording = "how do i reset my password"
        #expect(await fixture.cache.lookup(ask(wording, [Self.order], "Good day")).tier == .semantic)
        #expect(await fixture.cache.lookup(ask(wording, [], "Good day")).outcome == .miss)
        #expect(await fixture.cache.lookup(ask(wording, [.system("Be a pirate.")], "Good day")).outcome == .miss)
        #expect(await fixture.cache.lookup(ask(wording, [Self.order, Self.order], "Good day")).outcome == .miss)
    }

    @Test func aSummaryOfSentencesTellsWhoSpeaks() async throws {
        let said: [ChatMessage] = [
            .user("Order 4711 please."), .system("The customer is in Berlin."), .assistant("Order 4711 was sent."),
        ]
        let summary = try await ExtractiveSummarizer().summarize(said, after: nil, maximumTokens: 200)
        let lines = summary.text.split(separator: "\n")
        #expect(
            lines == [
                "User: Order 4711 please.", "System: The customer is in Berlin.", "Assistant: Order 4711 was sent.",
            ]
        )
    }
}
