/// What a store holds.
public struct StoreUsage: Hashable, Sendable, Codable {
    /// The number of answers.
    public var entries: Int
    /// The number of questions.
    public var questions: Int
    /// The bytes that they occupy: in memory, or in the store's files.
    public var bytes: Int

    /// Creates a count.
    public init(entries: Int = 0, questions: Int = 0, bytes: Int = 0) {
        self.entries = entries
        self.questions = questions
        self.bytes = bytes
    }
}
