internal import OpenAI
internal import SemanticCaching
internal import Synchronization

/// The conversations of a cache, with the summarizer that the configuration names now.
final class LiveConversations: Sendable {
    private let cache: SemanticCache
    private let live: LiveConfiguration
    private let current: Mutex<(version: LiveConfiguration.Version, conversations: ConversationCache)>

    init(_ cache: SemanticCache, _ live: LiveConfiguration) {
        self.cache = cache
        self.live = live
        let version = live.current
        current = Mutex((version, Self.make(cache, version.configuration)))
    }

    /// The conversations, made anew when the configuration was replaced.
    var value: ConversationCache {
        let version = live.current
        return current.withLock { current in
            if current.version !== version {
                current = (version, Self.make(cache, version.configuration))
            }
            return current.conversations
        }
    }

    /// So long a request waits for a new summary; then more of its conversation is sent.
    private static let summaryDeadline = Duration.seconds(10)

    /// Makes the summaries of conversations: by the model that the configuration names, else from their own sentences.
    private static func make(_ cache: SemanticCache, _ configuration: ServerConfiguration) -> ConversationCache {
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
            let completion = try await client.completion(of: prompt)
            return CachedReply(
                text: completion.text,
                usage: completion.usage.flatMap { TokenUsage(usage: $0) },
                model: completion.model
            )
        }
        return ConversationCache(cache, summarizer: summarizer)
    }
}
