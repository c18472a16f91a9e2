/// Two questions, and whether one answer serves both.
public struct LabelledPair: Hashable, Sendable {
    /// One question.
    public var first: String
    /// The other.
    public var second: String
    /// Whether they may share an answer.
    public var isMatch: Bool
    /// A category for reports, if the data has one.
    public var category: String?
    /// When it was asked, in seconds from any beginning, if the data says so.
    public var time: Double?

    /// Creates a pair.
    public init(_ first: String, _ second: String, isMatch: Bool, category: String? = nil) {
        self.first = first
        self.second = second
        self.isMatch = isMatch
        self.category = category
    }
}
