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

extension StoreUsage {
    /// Adds what another part holds.
    package mutating func add(_ other: StoreUsage) {
        entries += other.entries
        questions += other.questions
        bytes += other.bytes
    }

    /// Subtracts what is gone.
    package mutating func subtract(_ other: StoreUsage) {
        entries -= other.entries
        questions -= other.questions
        bytes -= other.bytes
    }
}
