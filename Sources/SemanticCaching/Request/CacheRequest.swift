/// A request to a language model, as the cache sees it.
///
///     let request = CacheRequest("How do I reset my password?", scope: CacheScope(namespace: "faq", model: "gpt-4o-mini"))
///
/// `messages` and `parameters` hold all that is sent to the model; `scope` is the boundary the answer stays in;
/// `controls` are this request's wishes and no part of its key.
public struct CacheRequest: Sendable {
    /// The conversation, oldest message first.
    public var messages: [ChatMessage]
    /// Everything else that can change the answer.
    public var parameters: GenerationParameters
    /// The boundary that the answer stays in.
    public var scope: CacheScope
    /// What this request asks of the cache.
    public var controls: CacheControls
    /// Whether the engine made the request for its own use: nobody else reaches the namespaces that it reserves.
    var isInternal = false
    /// The text under which a part of a conversation is found by who selects by questions; see ``ConversationPart``.
    var partText: String?

    /// Creates a request from a conversation.
    public init(
        messages: [ChatMessage],
        parameters: GenerationParameters = GenerationParameters(),
        scope: CacheScope,
        controls: CacheControls = CacheControls()
    ) {
        self.messages = messages
        self.parameters = parameters
        self.scope = scope
        self.controls = controls
    }

    /// Creates a request that asks one question.
    public init(_ question: String, scope: CacheScope, controls: CacheControls = CacheControls()) {
        self.init(messages: [.user(question)], scope: scope, controls: controls)
    }

    /// The text of the last message, if a user says it in plain text: what is matched in meaning.
    public var question: String? {
        guard let last = messages.last, last.role == .user else { return nil }
        return last.content?.plainText
    }

    /// The number of messages at the front that instruct the model and are no part of what was said.
    ///
    /// There may be more of them later in the conversation.
    public var instructionCount: Int { messages.prefix { $0.role.isInstruction }.count }

    /// Whether something was said before the last message.
    public var hasHistory: Bool { messages.count > instructionCount + 1 }
}
