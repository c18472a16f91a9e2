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
    public var windowLength = 4
    /// The number of tokens that those messages may have; the window gives up older ones beyond it; nil for any.
    public var windowTokens: Int?
    /// The number of messages that a summary takes in at once; it ends before a message of the user.
    public var blockLength = 6
    /// The greatest length of a summary, in tokens.
    public var summaryTokens = 256
    /// The share of what it stands for that a summary may have, but never less than 48 tokens; from 0 to 1.
    public var summaryShare = 0.05
    /// Whether the proxy tells the provider what of a prompt to keep in its own cache: see ``PromptCacheHints``.
    public var hintsPromptCache = false
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
        try require(summaryShare > 0 && summaryShare <= 1, "summaryShare must be above 0 and at most 1")
        try require(timeToLive > .zero, "timeToLive must be positive")
        try require(maximumEntries > 0, "maximumEntries must be positive")
    }

    /// The length that a summary of these messages may have, in tokens.
    ///
    /// Each turn pays for its summary: where that is in proportion, a conversation of any length saves the like share.
    func summaryLength(for messages: some Sequence<ChatMessage>, counter: any TokenCounter) -> Int {
        let spoken = messages.lazy.filter { !$0.role.isInstruction }.reduce(0) { $0 + counter.count($1) }
        return min(summaryTokens, max(Self.leastSummaryTokens, Int(summaryShare * Double(spoken))))
    }

    private static var leastSummaryTokens: Int { 48 }

    /// What of the settings changes the model's prompt, and so the answer: part of the key of requests with a history.
    var promptTag: String? {
        switch mode {
        case .full: nil
        case .slim: "slim/\(slimExchanges)"
        case .summary: "summary/\(windowLength)/\(windowTokens ?? 0)/\(blockLength)/\(summaryTokens)/\(summaryShare)"
        }
    }
}
