import SemanticCaching
import SemanticCachingTesting
import Testing

/// What is booked is what was saved: after the model has answered, less what summaries cost, by their own model's price.
@Suite struct ConversationLedgerTests {
    private static let prices = [
        ModelPrice("m", inputPerMillion: 10, outputPerMillion: 20),
        ModelPrice("small", inputPerMillion: 1, outputPerMillion: 2),
    ]

    private static let history = (0..<20).flatMap {
        [ChatMessage.user("question \($0), with all the details?"), .assistant("It is answer number \($0), indeed.")]
    }

    private func session(_ mode: ContextMode) throws -> ConversationSession {
        try ConversationSession(mode: mode) { _ in
        } cache: {
            $0.namespaces.matchesMeaning = false
            $0.prices = PriceTable(asOf: "2026-01-01", models: Self.prices)
        }
    }

    @Test func aFailedCallSavesNothingAndItsSummariesAreSpent() async throws {
        let session = try session(.summary)
        let asked = Self.history + [.user("What now?")]
        await #expect(throws: ConversationSession.Down.self) { try await session.respond(asked, isDown: true) }
        let failed = try await session.account()
        #expect(failed[.leftOutTokens] == 0 && failed[.summaryPrompts] == 0 && failed[.leftOutNanodollars] == 0)
        let calls = session.summarizer.calls.count
        #expect(failed[.summaryCalls] == calls && failed[.summaryTokens] == 60 * calls)
        #expect(failed.savedTokens == -60 * calls)
        #expect(failed.savedDollars < 0)

        let response = try await session.respond(asked)
        let prompt = try #require(response.prompt)
        let booked = try await session.account()
        #expect(booked[.summaryPrompts] == 1)
        #expect(booked[.leftOutTokens] == prompt.fullTokens - prompt.sentTokens)
        // The summaries of the failed call served this one.
        #expect(booked[.summaryCalls] == calls)
    }

    @Test func whatOnlyWasPreparedIsNotBooked() async throws {
        let session = try session(.slim)
        var messages: [ChatMessage] = [.system("Be brief.")]
        _ = try await session.converse("a", turns: 0..<4, &messages)
        let before = try await session.account()
        let request = ConversationSession.request(messages + [.user("and now, please?")])
        let prompt = await session.conversations.prepare(request)
        #expect(prompt.mode == .slim)
        #expect(try await session.account() == before)
        await session.conversations.record(CachedReply(text: "that"), after: request, to: prompt)
        let after = try await session.account()
        #expect(after[.leftOutTokens] - before[.leftOutTokens] == prompt.fullTokens - prompt.sentTokens)
        #expect(after[.slimPrompts] == before[.slimPrompts] + 1)
    }

    @Test func summariesArePricedByTheModelThatMadeThem() async throws {
        let session = try session(.summary)
        let summarizer = ModelSummarizer(id: "small-1") { _ in
            CachedReply(text: "They talked.", usage: TokenUsage(promptTokens: 1_000, completionTokens: 100))
        }
        let conversations = ConversationCache(session.fixture.cache, summarizer: summarizer)
        let request = ConversationSession.request(Self.history + [.user("What now?")])
        let response = try await conversations.respond(to: request) { _ in
            CachedReply(text: "that", usage: TokenUsage(promptTokens: 100, completionTokens: 10))
        }
        let prompt = try #require(response.prompt)
        #expect(prompt.summaryModel == "small-1")
        let counts = try await session.account()
        #expect(counts[.summaryNanodollars] == prompt.summaryCalls * (1_000 * 1_000 + 100 * 2_000))
        #expect(counts[.spentNanodollars] == counts[.summaryNanodollars] + 100 * 10_000 + 10 * 20_000)
        let leftOut = Double(prompt.fullTokens - prompt.sentTokens) * 1e-5
        #expect(abs(counts.savedDollars - (leftOut - Double(counts[.summaryNanodollars]) * 1e-9)) < 1e-9)
        // The parts' own namespace has no account of what its owner has paid.
        let parts = try await session.fixture.cache.ledgerDays().filter(\.namespace.isConversationPart)
        #expect(parts.allSatisfy { $0.counts[.spentNanodollars] == 0 && $0.counts[.upstreamCalls] == 0 })
    }
}
