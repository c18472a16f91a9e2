/// A stored question that may mean the same as the one that is asked.
public struct HitCandidate: Sendable {
    /// The number of the stored question.
    public let questionID: UInt64
    /// The answer that it leads to; candidates may share one.
    public let entry: EntryID
    /// The stored wording, analysed once.
    public let text: AnalyzedText
    /// The cosine of the two questions' vectors.
    public let similarity: Float
    /// The cosine of the two conversations' vectors, if they are compared.
    public let contextSimilarity: Float?
    /// The cosine of the asked question and the centroid of the answer's wordings, if it is known.
    public let centroidSimilarity: Float?
    /// The answer's record.
    public let statistics: AnswerStatistics

    /// Creates a candidate.
    public init(
        questionID: UInt64,
        entry: EntryID,
        text: AnalyzedText,
        similarity: Float,
        contextSimilarity: Float? = nil,
        centroidSimilarity: Float? = nil,
        statistics: AnswerStatistics = AnswerStatistics()
    ) {
        self.questionID = questionID
        self.entry = entry
        self.text = text
        self.similarity = similarity
        self.contextSimilarity = contextSimilarity
        self.centroidSimilarity = centroidSimilarity
        self.statistics = statistics
    }
}
