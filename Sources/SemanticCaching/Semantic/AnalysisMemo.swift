/// Remembers how stored questions were analysed, so that a popular one is analysed once.
final class AnalysisMemo: Sendable {
    private let texts = ExactCache<AnalyzedText>(
        .init(maximumEntries: 50_000, maximumBytes: .max, eviction: .leastRecentlyUsed, shardCount: 16)
    )

    /// The analysis of a stored question; numbers of questions are never used twice, so it never changes.
    func text(of question: CachedQuestion, now: Timestamp) -> AnalyzedText {
        let key = Digest256(questionID: question.id)
        if let known = texts.value(for: key, now: now) { return known }
        let analyzed = AnalyzedText(question.text)
        texts.insert(analyzed, for: key, byteCount: question.text.utf8.count, expiresAt: nil, now: now)
        return analyzed
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
