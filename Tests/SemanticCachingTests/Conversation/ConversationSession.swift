import SemanticCaching
import SemanticCachingTesting
import Synchronization

/// A conversation that grows turn by turn, with a model that remembers what it was sent.
final class ConversationSession: Sendable {
    struct Down: Error {}

    let fixture: CacheFixture
    let conversations: ConversationCache
    let summarizer = StubSummarizer()
    private let sent = Mutex<[[ChatMessage]]>([])

    init(
        mode: ContextMode,
        store: any EntryStore = MemoryStore(),
        _ edit: (inout ConversationSettings) -> Void = { _ in },
        cache: (inout CacheConfiguration) -> Void = { $0.namespaces.matchesMeaning = false }
    )
        throws
    {
        var settings = ConversationSettings()
        settings.mode = mode
        edit(&settings)
        fixture = try CacheFixture(store: store) {
            $0.namespaces.conversation = settings
            cache(&$0)
        }
        conversations = ConversationCache(fixture.cache, summarizer: summarizer)
    }

    static func request(_ messages: [ChatMessage], tags: [String] = []) -> CacheRequest {
        CacheRequest(messages: messages, scope: CacheFixture.scope, controls: CacheControls(tags: tags))
    }

    func respond(_ messages: [ChatMessage], tags: [String] = [], isDown: Bool = false) async throws
        -> ConversationResponse
    {
        try await conversations.respond(to: Self.request(messages, tags: tags)) { request in
            if isDown { throw Down() }
            self.sent.withLock { $0.append(request.messages) }
            return CachedReply(text: "answer to \(request.question ?? "")")
        }
    }

    /// Runs turns of a conversation and returns what each was answered.
    func converse(
        _ name: String,
        turns: Range<Int>,
        _ messages: inout [ChatMessage],
        tags: (Int) -> [String] = { _ in [] }
    ) async throws -> [ConversationResponse] {
        var responses: [ConversationResponse] = []
        for turn in turns {
            let detail = "and please tell me every detail that you have about this subject, as I need all of them"
            messages.append(.user("\(name) question \(turn) \(detail)"))
            let response = try await respond(messages, tags: tags(turn))
            messages.append(.assistant(response.reply.text))
            responses.append(response)
        }
        return responses
    }

    /// What is sent for a request now.
    func prepare(_ messages: [ChatMessage], tags: [String] = []) async -> PreparedPrompt {
        await conversations.prepare(Self.request(messages, tags: tags))
    }

    /// What the model was sent, oldest first.
    var prompts: [[ChatMessage]] { sent.withLock { $0 } }

    /// The parts of conversations that are kept.
    func parts() async throws -> [CacheEntry] {
        let filter = EntryFilter(namespace: CacheFixture.scope.namespace.conversations)
        return try await fixture.store.entries(matching: filter, after: nil, limit: 10_000)
    }

    /// The account of the conversations' namespace.
    func account() async throws -> LedgerCounts {
        let days = try await fixture.cache.ledgerDays()
        return days.filter { $0.namespace == CacheFixture.scope.namespace }.map(\.counts).reduce(LedgerCounts(), +)
    }
}
