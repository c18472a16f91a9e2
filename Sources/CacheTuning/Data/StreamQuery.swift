/// A request of a stream: its question, and which answer is right for it.
public struct StreamQuery: Hashable, Sendable {
    /// The question.
    public var text: String
    /// The answer that it needs: questions of one group share it.
    public var group: Int
    /// When it came, in seconds from any beginning, if the data says so.
    public var time: Double?

    /// Creates a request.
    public init(text: String, group: Int, time: Double? = nil) {
        self.text = text
        self.group = group
        self.time = time
    }
}
