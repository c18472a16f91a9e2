import Logging
import SemanticCaching
import SemanticCachingTesting
import Testing

/// A store that takes its time to insert: who does not wait for what he goes on with does not find it.
private struct LateStore: ForwardingStore {
    let base = MemoryStore()

    func insert(_ entry: CacheEntry, question: CachedQuestion) async throws -> [RemovedQuestion] {
        for _ in 0..<1_000 { await Task.yield() }
        return try await base.insert(entry, question: question)
    }
}

/// What one replica knows of a conversation, another finds; unless it may have missed that it was removed.
@Suite struct SharedConversationTests {
    private func replica(
        _ tier: StubTier,
        _ mode: ContextMode,
        _ summarizer: StubSummarizer = StubSummarizer(),
        store: any EntryStore = MemoryStore()
    ) throws -> ConversationCache {
        var configuration = CacheConfiguration()
        configuration.namespaces.conversation.mode = mode
        configuration.namespaces.freshness = .strict
        let cache = try SemanticCache(
            embedder: nil,
            store: store,
            configuration: configuration,
            sharedTier: tier,
            clock: ManualClock(),
            logger: Logger(label: "test") { _ in SwiftLogNoOpLogHandler() }
        )
        return ConversationCache(cache, summarizer: summarizer)
    }

    private func ask(_ conversations: ConversationCache, _ messages: [ChatMessage], tags: [String] = []) async throws
        -> ConversationResponse
    {
        try await conversations.respond(to: ConversationSession.request(messages, tags: tags)) { asked in
            CachedReply(text: "It is answer number \(asked.messages.count), with many words around it.")
        }
    }

    private func converse(_ conversations: ConversationCache, turns: Int, tags: [String] = []) async throws
        -> [ChatMessage]
    {
        var messages: [ChatMessage] = [.system("Be brief.")]
        for turn in 0..<turns {
            messages.append(.user("Question \(turn), with all the details that there are, please?"))
            messages.append(.assistant(try await ask(conversations, messages, tags: tags).reply.text))
        }
        return messages
    }

    @Test func aPrefixOfAnotherReplicaIsKnown() async throws {
        let tier = StubTier()
        let (first, second) = (try replica(tier, .slim), try replica(tier, .slim))
        let next = ConversationSession.request(try await converse(first, turns: 4) + [.user("and now, please?")])
        #expect(await second.prepare(next).mode == .slim)
        tier.isCurrent = false
        #expect(await first.prepare(next).reason == .unknownPrefix)
        #expect(try await first.prefixes.match(next) == nil)
    }

    @Test func aSummaryOfAnotherReplicaIsUsedAndTakesTags() async throws {
        let tier = StubTier()
        let summarizer = StubSummarizer()
        let first = try replica(tier, .summary)
        let second = try replica(tier, .summary, summarizer, store: LateStore())
        let messages = try await converse(first, turns: 10)
        // The boundaries of the last turn: the new message takes the place of that turn's question.
        let next = Array(messages.dropLast(2)) + [.user("and now, please?")]
        let request = ConversationSession.request(next, tags: ["user:2"])
        #expect(await second.prepare(request).mode == .summary)
        #expect(summarizer.calls.isEmpty)
        try await second.cache.invalidate(InvalidationSelector(tag: "user:2"))
        let again = await second.prepare(request)
        #expect(again.mode == .summary, "\(again)")
        #expect(!summarizer.calls.isEmpty)
    }

    @Test func theTierIsToldWhatDependsOnAQuestion() async throws {
        let tier = StubTier()
        let first = try replica(tier, .slim)
        let messages = try await converse(first, turns: 4)
        let selector = InvalidationSelector(question: QuestionPattern(prefix: "Question 1,"))
        try await first.cache.invalidate(selector)
        let second = try replica(tier, .slim)
        let next = ConversationSession.request(messages + [.user("and now, please?")])
        #expect(await second.prepare(next).reason == .unknownPrefix)
        #expect(tier.selectors.count == 2)
    }
}
