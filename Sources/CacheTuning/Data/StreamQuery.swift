/// A request of a stream: its question, and which answer is right for it.
public struct StreamQuery: Hashable, Sendable {
    /// The question.
    public var text: String
    /// The answer that it needs: questions of one group share it.
    public var group: Int
    /// When it came, in seconds from any beginning, if the data says so.
    public var time: Double?
    /// The tokens that the model charged for it, if the data says so.
    public var tokens: Int?
    /// What the model answered, if the data says so.
    public var reply: String?
    /// The namespace that it was asked in, if the data says so.
    public var namespace: String?

    /// What was said before it, if the data says so: questions of different contexts never share an answer.
    public var context: String?

    /// Creates a request.
    public init(
        text: String,
        group: Int,
        time: Double? = nil,
        tokens: Int? = nil,
        reply: String? = nil,
        namespace: String? = nil,
        context: String? = nil
    ) {
        self.text = text
        self.group = group
        self.time = time
        self.tokens = tokens
        self.reply = reply
        self.namespace = namespace
        self.context = context
    }
}
