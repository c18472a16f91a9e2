import SemanticCaching

/// A conversation that goes through a cache, and what it would have cost without one.
struct Chat {
    private let conversations: ConversationCache
    private let model: Model
    private let scope: CacheScope
    private var messages: [ChatMessage] = [.system("You are a helpful assistant. Answer in one or two sentences.")]
    /// The tokens that were sent.
    private(set) var sentTokens = 0
    /// The tokens that would have been sent without a cache.
    private(set) var fullTokens = 0

    init(mode: ContextMode, model: Model) throws {
        var configuration = CacheConfiguration()
        configuration.namespaces.conversation.mode = mode
        let cache = try SemanticCache(embedder: nil, configuration: configuration)
        // A summary by the model itself is better and costs a call; the sentences themselves cost nothing.
        conversations =
            switch model {
            case .stub: ConversationCache(cache)
            case .server(_, let name):
                ConversationCache(cache, summarizer: ModelSummarizer(id: name) { try await model.answer($0) })
            }
        self.model = model
        scope = CacheScope(namespace: "chat", model: model.name)
    }

    /// Says something, and returns the answer with what it took.
    mutating func say(_ text: String) async throws -> ConversationResponse {
        messages.append(.user(text))
        let model = model
        let response = try await conversations.respond(to: CacheRequest(messages: messages, scope: scope)) { request in
            try await model.answer(request.messages)
        }
        messages.append(.assistant(response.reply.text))
        sentTokens += response.sentTokens
        fullTokens += response.fullTokens
        return response
    }

    /// Starts the conversation anew; what it said before is known to the cache.
    mutating func restart() { messages = Array(messages.prefix(1)) }
}
