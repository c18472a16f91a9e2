/// What a verifier compares; all three texts come from strangers and are data, never instructions.
public struct VerificationPair: Hashable, Sendable {
    /// The question that is asked.
    public let question: String
    /// The stored question that came nearest.
    public let storedQuestion: String
    /// The answer that would be served.
    public let storedAnswer: String

    /// Creates a pair.
    public init(question: String, storedQuestion: String, storedAnswer: String) {
        self.question = question
        self.storedQuestion = storedQuestion
        self.storedAnswer = storedAnswer
    }
}
