/// Judges answers without a model of their own: equal words, then the similarity of their vectors, then the guards.
///
///     let judge = SimilarityJudge { first, second in
///         let vectors = try await embedder.embed([first, second])
///         return zip(vectors[0].vector, vectors[1].vector).reduce(0) { $0 + $1.0 * $1.1 }
///     }
///     await judge.isSameAnswer(fresh: "It takes 2 weeks.", stored: "It takes 14 days.", question: question)
///
/// Between the two thresholds it cannot tell, nor that two answers say the same of which it has read the openings only. A conflict of numbers, dates, amounts, identifiers or denials makes two answers
/// different however near their vectors lie.
public struct SimilarityJudge: AnswerJudge {
    /// The cosine from which two answers say the same.
    public var sameThreshold: Float
    /// The cosine below which they do not.
    public var differentThreshold: Float
    /// The guards whose conflict makes two answers different.
    public var guards: GuardSet
    private let similarity: @Sendable (String, String) async throws -> Float

    /// Creates a judge over a measure of the similarity of two texts, usually the cosine of their embeddings.
    public init(
        sameThreshold: Float = 0.92,
        differentThreshold: Float = 0.8,
        guards: GuardSet = [.numbers, .dates, .times, .units, .money, .identifiers, .negation, .opposites, .language],
        similarity: @escaping @Sendable (String, String) async throws -> Float
    ) {
        precondition(differentThreshold <= sameThreshold, "answers cannot be the same and different at once")
        self.sameThreshold = sameThreshold
        self.differentThreshold = differentThreshold
        self.guards = guards
        self.similarity = similarity
    }

    /// Compares two answers; a failing measure gives no judgement.
    public func isSameAnswer(fresh: String, stored: String, question: AnalyzedText) async -> Bool? {
        let (fresh, stored) = (AnalyzedText(fresh), AnalyzedText(stored))
        if let said = judgement(byWordsOf: fresh, stored) { return said }
        guard let cosine = try? await similarity(fresh.text, stored.text) else { return nil }
        return judgement(by: cosine, areWhole: fresh.isWhole && stored.isWhole)
    }

    /// The same for answers whose similarity is known already.
    package func isSameAnswer(fresh: AnalyzedText, stored: AnalyzedText, similarity: Float) -> Bool? {
        judgement(byWordsOf: fresh, stored) ?? judgement(by: similarity, areWhole: fresh.isWhole && stored.isWhole)
    }

    /// What the words alone say: a conflict, the same words, or nothing.
    private func judgement(byWordsOf fresh: AnalyzedText, _ stored: AnalyzedText) -> Bool? {
        let flags = PairGuards.flags(asked: fresh, stored: stored)
        guard flags.conflicts.isDisjoint(with: guards) else { return false }
        // The bytes too: of long answers only the openings were read.
        if fresh.text == stored.text { return true }
        let isVerbatim = fresh.isWhole && stored.isWhole && fresh.hasSameWords(as: stored)
        return isVerbatim && flags.conflicts.isEmpty && flags.doubts.isDisjoint(with: guards) ? true : nil
    }

    /// Answers with different openings differ; with equal ones they may still end otherwise.
    private func judgement(by cosine: Float, areWhole: Bool) -> Bool? {
        if cosine < differentThreshold { return false }
        return cosine >= sameThreshold && areWhole ? true : nil
    }
}
