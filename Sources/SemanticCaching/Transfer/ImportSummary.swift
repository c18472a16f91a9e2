/// What an import came to.
public struct ImportSummary: Hashable, Sendable {
    /// Answers that were stored.
    public var added = 0
    /// Answers that were there already, under the same id or with the same question.
    public var present = 0
    /// Records that could not be used or stored.
    public var rejected = 0

    /// Creates a summary of nothing.
    public init() {}
}
