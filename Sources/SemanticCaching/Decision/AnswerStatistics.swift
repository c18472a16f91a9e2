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
    /// The highest cosine at which serving it was judged wrong, if it ever was.
    public var highestWrongSimilarity: Float?
    /// The lowest cosine at which serving it was judged right, if it ever was.
    public var lowestRightSimilarity: Float?

    /// Creates statistics; without arguments, of an answer that was never served.
    public init(
        hits: Int = 0,
        judgedRight: Int = 0,
        judgedWrong: Int = 0,
        questionCount: Int = 1,
        highestWrongSimilarity: Float? = nil,
        lowestRightSimilarity: Float? = nil
    ) {
        self.hits = hits
        self.judgedRight = judgedRight
        self.judgedWrong = judgedWrong
        self.questionCount = questionCount
        self.highestWrongSimilarity = highestWrongSimilarity
        self.lowestRightSimilarity = lowestRightSimilarity
    }

    /// Adds a judgement of serving the answer to a question of that similarity.
    public mutating func record(isRight: Bool, similarity: Float) {
        if isRight {
            judgedRight += 1
            lowestRightSimilarity = min(lowestRightSimilarity ?? similarity, similarity)
        } else {
            judgedWrong += 1
            highestWrongSimilarity = max(highestWrongSimilarity ?? similarity, similarity)
        }
    }
}
