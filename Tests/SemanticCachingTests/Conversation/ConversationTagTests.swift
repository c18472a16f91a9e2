import SemanticCaching
import SemanticCachingTesting
import Testing

/// What is known of a conversation goes with everything that it depends on.
@Suite struct ConversationTagTests {
    private func invalidate(_ session: ConversationSession, tag: String) async throws {
        try await session.fixture.cache.invalidate(InvalidationSelector(tag: tag))
    }

    @Test func aSharedSummaryGoesWithTheTagsOfAllWhoUseIt() async throws {
        let session = try ConversationSession(mode: .summary)
        var messages: [ChatMessage] = [.system("Be brief.")]
        _ = try await session.converse("a", turns: 0..<10, &messages) { _ in ["user:1"] }
        // Another session with the same opening uses the summary that is there.
        let calls = session.summarizer.calls.count
        let other = messages.dropLast(2) + [.user("Something else, please?")]
        #expect(await session.prepare(Array(other), tags: ["user:2"]).mode == .summary)
        #expect(session.summarizer.calls.count == calls)
        try await invalidate(session, tag: "user:2")
        #expect(await session.prepare(Array(other), tags: ["user:2"]).mode == .summary)
        #expect(session.summarizer.calls.count > calls)
    }

    @Test func tagsThatAreAddedAtOnceAreAllKept() async throws {
        let session = try ConversationSession(mode: .summary)
        var messages: [ChatMessage] = [.system("Be brief.")]
        _ = try await session.converse("a", turns: 0..<10, &messages)
        let asked = Array(messages.dropLast(2)) + [.user("Something else, please?")]
        await withTaskGroup { group in
            for index in 0..<60 { group.addTask { _ = await session.prepare(asked, tags: ["user:\(index)"]) } }
        }
        let widened = try await session.parts().filter { $0.tags.contains("user:0") }
        #expect(!widened.isEmpty)
        for part in widened { #expect((0..<60).allSatisfy { part.tags.contains("user:\($0)") }) }
    }

    @Test func aSummaryHasTheTagsOfEveryTurnBeforeIt() async throws {
        let session = try ConversationSession(mode: .summary)
        var messages: [ChatMessage] = [.system("Be brief.")]
        // One early turn was made from a document; later ones are not.
        _ = try await session.converse("a", turns: 0..<14, &messages) { $0 == 2 ? ["doc:42"] : [] }
        let summaries = try await session.parts().filter { !$0.reply.text.hasPrefix("answer") }
        #expect(summaries.count >= 2)
        #expect(summaries.allSatisfy { $0.tags.contains("doc:42") })
        try await invalidate(session, tag: "doc:42")
        #expect(try await session.parts().allSatisfy { !$0.tags.contains("doc:42") })
        let calls = session.summarizer.calls.count
        _ = await session.prepare(messages + [.user("and now, please?")])
        #expect(session.summarizer.calls.count > calls)
    }

    @Test func aPrefixHasTheTagsOfThoseThatItContinues() async throws {
        let session = try ConversationSession(mode: .slim)
        var messages: [ChatMessage] = [.system("Be brief.")]
        _ = try await session.converse("a", turns: 0..<6, &messages) { $0 == 1 ? ["doc:42"] : [] }
        let next = messages + [.user("and now, please?")]
        #expect(await session.prepare(next).mode == .slim)
        try await invalidate(session, tag: "doc:42")
        #expect(await session.prepare(next).reason == .unknownPrefix)
        #expect(try await session.parts().count == 1)
    }

    @Test(arguments: [ContextMode.slim, .summary]) func aPatternTakesTheWholeConversation(mode: ContextMode)
        async throws
    {
        let session = try ConversationSession(mode: mode)
        var first: [ChatMessage] = [.system("Be brief.")]
        _ = try await session.converse("orange", turns: 0..<14, &first)
        var second: [ChatMessage] = [.system("Be brief.")]
        _ = try await session.converse("green", turns: 0..<14, &second)
        let before = try await session.parts().count
        let selectors = [
            InvalidationSelector(question: QuestionPattern(prefix: "orange question 3 ")),
            InvalidationSelector(question: try QuestionPattern(regularExpression: "^orange question 3 ")),
        ]
        // Thirteen of the fourteen answers are about something else, but all parts are made of this one too.
        let preview = try await session.fixture.cache.preview(selectors[0])
        #expect(preview.entries == 1 + before / 2)
        #expect(try await session.fixture.cache.preview(selectors[1]).entries == preview.entries)
        #expect(try await session.fixture.cache.invalidate(selectors[0]) == preview.entries)
        #expect(try await session.parts().count == before / 2)
        let calls = session.summarizer.calls.count
        let gone = await session.prepare(first + [.user("and now, please?")])
        #expect(mode == .slim ? gone.reason == .unknownPrefix : session.summarizer.calls.count > calls)
        let calls2 = session.summarizer.calls.count
        #expect(await session.prepare(second + [.user("and now, please?")]).mode == mode)
        // Its window may reach one block further, but nothing of it was lost.
        #expect(session.summarizer.calls.count <= calls2 + (mode == .slim ? 0 : 1))
    }

    @Test func selectorsByNamespacePatternAndTenantReachTheParts() async throws {
        let session = try ConversationSession(mode: .slim)
        var messages: [ChatMessage] = [.system("Be brief.")]
        _ = try await session.converse("a", turns: 0..<4, &messages)
        var selector = InvalidationSelector()
        selector.namespaces = NamespacePattern("other")
        selector.tenant = ""
        #expect(try await session.fixture.cache.invalidate(selector) == 0)
        selector.namespaces = NamespacePattern("faq")
        #expect(try await session.fixture.cache.invalidate(selector) == 8)
        #expect(try await session.parts().isEmpty)
    }

    @Test func whatLeavesNoTraceLeavesNoTag() async throws {
        let session = try ConversationSession(mode: .summary)
        var messages: [ChatMessage] = [.system("Be brief.")]
        _ = try await session.converse("a", turns: 0..<10, &messages)
        var request = ConversationSession.request(messages + [.user("Else?")], tags: ["secret"])
        request.controls.noStore = true
        #expect(await session.conversations.prepare(request).mode == .summary)
        #expect(try await session.parts().allSatisfy { !$0.tags.contains("secret") })
    }
}
