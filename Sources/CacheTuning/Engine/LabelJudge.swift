internal import SemanticCaching

/// Judges answers by the labels of the trace: the judge that is always right.
struct LabelJudge: AnswerJudge {
    /// The group of each answer, by its words.
    let groups: [String: Int]

    func isSameAnswer(fresh: String, stored: String, question: AnalyzedText) async -> Bool? {
        if fresh == stored { return true }
        guard let first = groups[fresh], let second = groups[stored] else { return nil }
        return first == second
    }
}
