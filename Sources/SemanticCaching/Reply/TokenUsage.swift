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

    /// No request has so many tokens; a larger count is a provider's mistake, and would run over the accounts.
    package static let maximumCount = 1 << 32

    /// The counts within what can be: from 0 to 2³².
    package var bounded: TokenUsage {
        func bounded(_ count: Int) -> Int { min(max(0, count), Self.maximumCount) }
        return TokenUsage(
            promptTokens: bounded(promptTokens),
            cachedPromptTokens: bounded(cachedPromptTokens),
            completionTokens: bounded(completionTokens)
        )
    }
}

extension Int {
    /// Dollars in billionths, for accounts that add up; 0 for what is not a number, at most a million dollars.
    init(nanodollars dollars: Double) {
        self = dollars.isNaN ? 0 : Int((Swift.min(Swift.max(dollars, -1e6), 1e6) * 1e9).rounded())
    }
}
