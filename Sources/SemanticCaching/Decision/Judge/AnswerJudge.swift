/// Says whether two answers say the same; always off the serving path.
public protocol AnswerJudge: Sendable {
    /// Whether the fresh answer to a question says what the stored answer says.
    ///
    /// - Returns: nil if the judge cannot tell; the pair is then not learned from.
    func isSameAnswer(fresh: String, stored: String, question: AnalyzedText) async -> Bool?
}
