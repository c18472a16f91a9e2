/// An answer within a conversation, with what was sent for it.
public struct ConversationResponse: Sendable {
    /// The answer, and what the cache found before it was given.
    public let response: CacheResponse
    /// What was sent to the model; nil when the answer came from the cache or from another caller's request.
    public let prompt: PreparedPrompt?
    /// The tokens that the whole conversation has.
    public let fullTokens: Int

    /// The answer.
    public var reply: CachedReply { response.reply }
    /// The tokens that were sent to a model, those of new summaries included.
    public var sentTokens: Int {
        guard let prompt else { return 0 }
        return prompt.sentTokens + prompt.summaryUsage.promptTokens
    }

    /// Where the answer's context came from, in one word: `exact`, `semantic`, `slim`, `summary` or `full`.
    public var context: String { prompt?.mode.rawValue ?? (response.verdict.tier == .semantic ? "semantic" : "exact") }
}
