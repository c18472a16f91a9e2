/// What is known of an answer beyond its words; evidence for and against serving it.
public struct AnswerStatistics: Hashable, Sendable, Codable {
    /// How often the answer was served.
    public var hits: Int
    /// How often serving it was, or would have been, judged right.
    public var judgedRight: Int
    /// How often serving it was, or would have been, judged wrong.
    public var judgedWrong: Int
    /// The number of wordings that it owns.
    public var questionCount: Int

    /// Creates statistics; without arguments, of an answer that was never served.
    public init(hits: Int = 0, judgedRight: Int = 0, judgedWrong: Int = 0, questionCount: Int = 1) {
        self.hits = hits
        self.judgedRight = judgedRight
        self.judgedWrong = judgedWrong
        self.questionCount = questionCount
    }
}
