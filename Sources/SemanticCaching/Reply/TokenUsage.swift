/// The tokens that an answer cost, as the provider counted them.
public struct TokenUsage: Hashable, Sendable, Codable {
    /// Tokens sent.
    public var promptTokens: Int
    /// Of those, tokens that the provider served from its own prompt cache.
    public var cachedPromptTokens: Int
    /// Tokens generated.
    public var completionTokens: Int

    /// Creates a count of tokens.
    public init(promptTokens: Int = 0, cachedPromptTokens: Int = 0, completionTokens: Int = 0) {
        self.promptTokens = promptTokens
        self.cachedPromptTokens = cachedPromptTokens
        self.completionTokens = completionTokens
    }
}
