/// How a namespace deals with conversations of more than one turn.
///
///     var settings = NamespaceSettings()
///     settings.conversation.mode = .summary
///     settings.conversation.windowLength = 6
///
/// The defaults never change what a model is sent and never look beyond the identical context.
public struct ConversationSettings: Hashable, Sendable {
    /// What is sent to the model.
    public var mode: ContextMode = .full
    /// Whether a question that stands alone may be answered from another conversation under the same instructions.
    ///
    /// ``StandAloneDetector`` says which do. Leave it off where answers depend on who asks or on what was agreed.
    public var matchesAcrossContexts = false
    /// The number of exchanges that `slim` keeps besides the new message.
    public var slimExchanges = 1
    /// The least number of messages that `summary` sends word for word, the new one included.
    public var windowLength = 6
    /// The number of tokens that those messages may have; the window gives up older ones beyond it; nil for any.
    public var windowTokens: Int?
    /// The number of messages that a summary takes in at once; it ends before a message of the user.
    public var blockLength = 8
    /// The greatest length of a summary, in tokens.
    public var summaryTokens = 160
    /// How long known prefixes and summaries are kept.
    public var timeToLive: Duration = .seconds(7 * 86_400)
    /// The greatest number of known prefixes and summaries; the least recently used go first.
    public var maximumEntries = 100_000

    /// Creates the default settings.
    public init() {}

    /// Checks each setting against its range.
    func validate() throws(CacheError) {
        func require(_ condition: Bool, _ message: String) throws(CacheError) {
            guard condition else { throw CacheError(.invalidConfiguration, "conversation.\(message)") }
        }
        try require(slimExchanges >= 0, "slimExchanges must not be negative")
        try require(windowLength >= 1, "windowLength must be at least 1, for the new message")
        try require(windowTokens.map { $0 > 0 } ?? true, "windowTokens must be positive, or absent")
        try require(blockLength >= 2, "blockLength must be at least 2, a question and its answer")
        try require(summaryTokens >= 16, "summaryTokens must be at least 16")
        try require(timeToLive > .zero, "timeToLive must be positive")
        try require(maximumEntries > 0, "maximumEntries must be positive")
    }

    /// What of the settings changes the model's prompt, and so the answer: part of the key of requests with a history.
    var promptTag: String? {
        switch mode {
        case .full: nil
        case .slim: "slim/\(slimExchanges)"
        case .summary: "summary/\(windowLength)/\(windowTokens ?? 0)/\(blockLength)/\(summaryTokens)"
        }
    }
}
