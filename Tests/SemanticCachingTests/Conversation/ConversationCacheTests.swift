import SemanticCaching
import SemanticCachingTesting
import StrictJSON
import Testing

@Suite struct ConversationCacheTests {
    private typealias Session = ConversationSession

    @Test func nothingIsShortenedUnlessTheNamespaceSaysSo() async throws {
        let session = try Session(mode: .full)
        var messages: [ChatMessage] = [.system("Be brief.")]
        let responses = try await session.converse("a", turns: 0..<20, &messages)
        #expect(session.prompts.map(\.count) == Array(stride(from: 2, through: 40, by: 2)))
        #expect(responses.allSatisfy { $0.context == "full" && $0.sentTokens == $0.fullTokens })
        #expect(session.summarizer.calls.isEmpty)
        let again = try await session.respond(Array(messages.prefix(10)))
        #expect(again.context == "exact")
        #expect(again.sentTokens == 0)
    }

    @Test func slimSendsTheLastExchangeOfAKnownConversation() async throws {
        let session = try Session(mode: .slim)
        var messages: [ChatMessage] = [.system("Be brief.")]
        let responses = try await session.converse("a", turns: 0..<10, &messages)
        #expect(responses.map(\.context) == ["full", "full"] + Array(repeating: "slim", count: 8))
        for (turn, prompt) in session.prompts.enumerated().dropFirst(2) {
            // The instructions, the question before with its stored answer, and the new question.
            #expect(prompt == [messages[0]] + messages[(2 * turn - 1)...(2 * turn + 1)])
        }
        #expect(responses.dropFirst(3).allSatisfy { $0.sentTokens * 2 < $0.fullTokens })
    }

    @Test func slimSendsAllOfAConversationThatItDoesNotKnow() async throws {
        let session = try Session(mode: .slim)
        var messages: [ChatMessage] = [.system("Be brief.")]
        _ = try await session.converse("a", turns: 0..<5, &messages)
        messages[3] = .user("something that was never said here")
        messages.append(.user("and now?"))
        let response = try await session.respond(messages)
        #expect(response.prompt?.reason == .unknownPrefix)
        #expect(session.prompts.last == messages)
    }

    @Test func aConversationIsKnownForSevenDays() async throws {
        let session = try Session(mode: .slim)
        var messages: [ChatMessage] = [.system("Be brief.")]
        _ = try await session.converse("a", turns: 0..<4, &messages)
        let request = CacheRequest(messages: messages + [.user("and now?")], scope: CacheFixture.scope)
        #expect(await session.conversations.prepare(request).mode == .slim)
        session.fixture.clock.advance(by: .seconds(7 * 86_400 - 1))
        #expect(await session.conversations.prepare(request).mode == .slim)
        session.fixture.clock.advance(by: .seconds(2))
        #expect(await session.conversations.prepare(request).reason == .unknownPrefix)
    }

    @Test func summariesAreMadeAtBoundariesOnly() async throws {
        let session = try Session(mode: .summary) { ($0.windowLength, $0.blockLength) = (6, 8) }
        var messages: [ChatMessage] = [.system("Be brief.")]
        var callsByTurn: [Int] = []
        for turn in 0..<30 {
            _ = try await session.converse("a", turns: turn..<turn + 1, &messages)
            callsByTurn.append(session.summarizer.calls.count)
        }
        // The first block is complete, with a window behind it, at the eighth question; then one summary every four turns.
        #expect(callsByTurn == (0..<30).map { $0 < 7 ? 0 : ($0 - 7) / 4 + 1 })
        // Turn 11 needed no new summary, nor did the one before it.
        #expect(callsByTurn[10] == callsByTurn[9])
        // Each was made of the one before and one block, never of everything.
        #expect(session.summarizer.calls.allSatisfy { $0.texts.count == 8 })
        #expect(session.summarizer.calls.dropFirst().allSatisfy { $0.former != nil })
        #expect(session.summarizer.calls.first?.former == nil)
        for prompt in session.prompts.dropFirst(7) {
            #expect(prompt.count <= 1 + 6 + 7)
            #expect(prompt[0] == .system("Be brief."))
            // The summary is said by the user, in front of what he says himself.
            #expect(prompt[1].role == .user)
            #expect(prompt[1].content?.plainText?.hasPrefix("Summary of the conversation so far, quoted") == true)
            #expect(prompt[1].content?.plainText?.contains("</summary>\n\na question") == true)
            #expect(prompt.dropFirst().allSatisfy { $0.role != .system })
        }
    }

    @Test func conversationsWithTheSameOpeningShareTheirSummaries() async throws {
        let session = try Session(mode: .summary)
        var first: [ChatMessage] = [.system("Be brief.")]
        _ = try await session.converse("a", turns: 0..<12, &first)
        let calls = session.summarizer.calls.count
        #expect(calls > 0)
        // Another session says the same until turn 9 and goes on its own way, behind the first boundary.
        var second = Array(first.prefix(1 + 2 * 9))
        let prompts = session.prompts.count
        _ = try await session.converse("b", turns: 9..<10, &second)
        #expect(session.summarizer.calls.count == calls)
        #expect(session.prompts.count == prompts + 1)
        // Other instructions are another conversation.
        var third: [ChatMessage] = [.system("Be a pirate.")]
        _ = try await session.converse("a", turns: 0..<12, &third)
        #expect(session.summarizer.calls.count == 2 * calls)
    }

    @Test func aLongConversationFromElsewhereClimbsTheWholeLadderOnce() async throws {
        let session = try Session(mode: .summary)
        let history = (0..<60).flatMap {
            [ChatMessage.user("question \($0)?"), .assistant("It is answer number \($0).")]
        }
        let request = history + [.user("What now?")]
        let response = try await session.respond(request)
        #expect(response.context == "summary")
        #expect(response.prompt?.summaryCalls == session.summarizer.calls.count)
        #expect(response.prompt?.summaryUsage.promptTokens == 50 * session.summarizer.calls.count)
        let calls = session.summarizer.calls.count
        _ = try await session.respond(history + [.user("And what else?")])
        #expect(session.summarizer.calls.count == calls)
    }

    @Test func summariesSurviveARestart() async throws {
        let store = MemoryStore()
        let before = try Session(mode: .summary, store: store)
        var messages: [ChatMessage] = [.system("Be brief.")]
        _ = try await before.converse("a", turns: 0..<12, &messages)
        let after = try Session(mode: .summary, store: store)
        try await after.fixture.cache.open()
        _ = try await after.converse("a", turns: 12..<13, &messages)
        #expect(after.summarizer.calls.isEmpty)
        #expect(after.prompts.last?.count ?? 99 < 15)
    }

    @Test func anEmptySummaryReplacesNothing() async throws {
        let session = try Session(mode: .summary)
        session.summarizer.isSilent = true
        var messages: [ChatMessage] = [.system("Be brief.")]
        let responses = try await session.converse("a", turns: 0..<10, &messages)
        #expect(responses.last?.prompt?.reason == .noSummary)
        #expect(session.prompts.last?.count == 20)
    }

    @Test func aDeadSummarizerCostsTokensAndNothingElse() async throws {
        let session = try Session(mode: .summary)
        session.summarizer.isDown = true
        var messages: [ChatMessage] = [.system("Be brief.")]
        let responses = try await session.converse("a", turns: 0..<10, &messages)
        #expect(responses.last?.prompt?.reason == .noSummary)
        #expect(session.prompts.last?.count == 20)
        session.summarizer.isDown = false
        _ = try await session.converse("a", turns: 10..<14, &messages)
        session.summarizer.isDown = true
        let later = try await session.converse("a", turns: 14..<20, &messages)
        // What was summed up before still serves, with more of the conversation behind it.
        #expect(later.last?.context == "summary")
    }

    @Test func aThousandForksOfOneConversationMakeOneSummaryAndOneCallEach() async throws {
        let session = try Session(mode: .summary)
        let history = (0..<10).flatMap {
            [
                ChatMessage.user("question \($0), with all the details, please?"),
                .assistant("It is answer number \($0), indeed."),
            ]
        }
        session.summarizer.gate.close()
        try await withThrowingTaskGroup(of: Void.self) { group in
            for index in 0..<1_000 {
                group.addTask { _ = try await session.respond(history + [.user("Fork \(index % 2)?")]) }
            }
            try await session.summarizer.gate.waitForArrivals(count: 1)
            session.summarizer.gate.open()
            try await group.waitForAll()
        }
        #expect(session.prompts.count == 2)
        #expect(
            session.summarizer.calls.count
                == SlidingWindow(ConversationSettings()).cut(history + [.user("")]).boundaries.count
        )
    }

    @Test(arguments: [false, true]) func whatIsKnownGoesWithItsNamespace(selects: Bool) async throws {
        let session = try Session(mode: .slim)
        var messages: [ChatMessage] = [.system("Be brief.")]
        _ = try await session.converse("a", turns: 0..<4, &messages)
        let request = CacheRequest(messages: messages + [.user("and now?")], scope: CacheFixture.scope)
        #expect(await session.conversations.prepare(request).mode == .slim)
        let namespace = CacheFixture.scope.namespace
        if selects {
            // Four answers, and the four prefixes that they made.
            #expect(try await session.fixture.cache.invalidate(InvalidationSelector(namespace: namespace)) == 8)
        } else {
            try await session.fixture.cache.invalidateNamespace(namespace)
        }
        #expect(await session.conversations.prepare(request).reason == .unknownPrefix)
    }

    @Test func anAgentInMidActionIsSentEverything() async throws {
        let session = try Session(mode: .summary)
        var messages: [ChatMessage] = [.system("Be brief.")]
        _ = try await session.converse("a", turns: 0..<12, &messages)
        messages += [
            .user("Send it."), ChatMessage(role: .assistant, content: nil, extra: ["tool_calls": [["id": "1"]]]),
            ChatMessage(role: .tool, content: .text("sent"), extra: ["tool_call_id": "1"]),
        ]
        let response = try await session.respond(messages)
        #expect(response.prompt?.reason == .notAQuestion)
        #expect(session.prompts.last == messages)
    }

    @Test func lookupsOfPartsAreNobodysRequests() async throws {
        let session = try Session(mode: .summary)
        var messages: [ChatMessage] = [.system("Be brief.")]
        _ = try await session.converse("a", turns: 0..<20, &messages)
        let lookups = await session.fixture.cache.statistics().lookups
        #expect(lookups.misses == 20)
        #expect(lookups.hits == 0)
    }
}
