/// Shortens the older part of a conversation.
///
/// A summary takes the place of the messages it is made of, so that a model can go on as if it had read them. It is asked
/// for once for each block of messages, however many requests need it, and kept.
public protocol Summarizer: Sendable {
    /// What a summary depends on besides its input (model, prompt, version): another identity makes new summaries.
    var id: String { get }

    /// Sums up what a former summary and the messages behind it say.
    ///
    /// - Parameters:
    ///   - messages: What was said since the former summary, oldest first.
    ///   - former: The summary of all that was said before; nil at the beginning.
    ///   - maximumTokens: The length that the summary should not exceed.
    /// - Throws: Whatever keeps it from an answer; the conversation then goes on with more of its history.
    func summarize(_ messages: [ChatMessage], after former: String?, maximumTokens: Int) async throws -> Summary
}

/// What a summarizer made, and what it cost.
public struct Summary: Hashable, Sendable {
    /// The text.
    public var text: String
    /// The tokens that a model was sent and gave for it; zero for a summarizer that asks none.
    public var usage: TokenUsage
    /// The model that was asked, by whose price they are accounted; nil for the one that the conversation is with.
    public var model: String?

    /// Creates a summary.
    public init(text: String, usage: TokenUsage = TokenUsage(), model: String? = nil) {
        self.text = text
        self.usage = usage
        self.model = model
    }
}
