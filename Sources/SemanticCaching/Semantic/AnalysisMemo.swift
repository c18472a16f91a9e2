/// Remembers how stored questions were analysed: when they were stored, or when they first came near after a start.
///
/// An analysis takes a kilobyte and twenty microseconds. Without it five candidates that nobody came near before would double the time
/// of a lookup among 100,000 entries.
final class AnalysisMemo: Sendable {
    private let texts = ExactCache<AnalyzedText>(
        .init(maximumEntries: 125_000, maximumBytes: .max, eviction: .leastRecentlyUsed, shardCount: 16)
    )

    /// The analysis of a stored question; numbers of questions are never used twice, so it never changes.
    func text(of question: CachedQuestion, now: Timestamp) -> AnalyzedText {
        let key = Digest256(questionID: question.id)
        if let known = texts.value(for: key, now: now) { return known }
        let analyzed = AnalyzedText(question.text)
        insert(analyzed, for: key, now: now)
        return analyzed
    }

    /// Keeps the analysis of a question that is being stored and can be found by its meaning.
    ///
    /// - Parameter analysis: How it was analysed when it was asked, if it was.
    func keep(_ question: CachedQuestion, analyzed analysis: AnalyzedText?) {
        guard question.vector != nil, question.partition != nil else { return }
        let known = analysis.flatMap { $0.text == question.text ? $0 : nil }
        insert(known ?? AnalyzedText(question.text), for: Digest256(questionID: question.id), now: question.createdAt)
    }

    /// Forgets a question that is gone.
    func remove(_ question: UInt64) { texts.remove(Digest256(questionID: question)) }

    private func insert(_ text: AnalyzedText, for key: Digest256, now: Timestamp) {
        texts.insert(text, for: key, byteCount: text.text.utf8.count, expiresAt: nil, now: now)
    }
}

extension Digest256 {
    /// Spreads a number over a digest's words (the finaliser of SplitMix64), for tables that are keyed by digests.
    fileprivate init(questionID: UInt64) {
        var mixed = questionID &+ 0x9E37_79B9_7F4A_7C15
        mixed = (mixed ^ mixed >> 30) &* 0xBF58_476D_1CE4_E5B9
        mixed = (mixed ^ mixed >> 27) &* 0x94D0_49BB_1331_11EB
        self.init(words: (mixed ^ mixed >> 31, questionID, 0, 0))
    }
}
