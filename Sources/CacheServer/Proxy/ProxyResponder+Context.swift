internal import NIOCore
internal import OpenAI
internal import SemanticCaching

extension ProxyResponder {
    /// The body that goes upstream: the caller's bytes, unless the namespace sends less of a conversation.
    func upstreamBody(of inquiry: Inquiry) async -> ByteBuffer {
        let request = inquiry.cacheRequest
        let settings = cache.settings(of: request.scope.namespace).conversation
        guard settings.mode != .full, request.hasHistory, inquiry.parsed.api.canBeShortened else { return inquiry.body }
        let prompt = await conversations.prepare(request)
        inquiry.prompt.value = prompt
        guard prompt.mode != .full else { return inquiry.body }
        let bytes = Array(inquiry.body.readableBytesView)
        guard let shortened = inquiry.parsed.api.shortening(bytes, to: prompt) else {
            inquiry.prompt.value = nil
            return inquiry.body
        }
        return ByteBuffer(bytes: shortened)
    }

    /// So long a request waits for a new summary; then more of its conversation is sent.
    private static let summaryDeadline = Duration.seconds(10)

    /// Makes the summaries of conversations: by the model that the configuration names, else from their own sentences.
    static func makeConversations(_ cache: SemanticCache, _ configuration: ServerConfiguration) -> ConversationCache {
        guard let model = configuration.summaryModel else { return ConversationCache(cache) }
        let client = OpenAIChatClient(
            configuration: .init(
                baseURL: configuration.upstream,
                apiKey: configuration.upstreamKey,
                model: model,
                deadline: summaryDeadline
            )
        )
        let summarizer = ModelSummarizer(id: model) { messages in
            let prompt = messages.map { message in
                PromptMessage(role: .init(name: message.role.rawValue), content: message.content?.plainText ?? "")
            }
            return CachedReply(text: try await client.complete(prompt))
        }
        return ConversationCache(cache, summarizer: summarizer)
    }
}
