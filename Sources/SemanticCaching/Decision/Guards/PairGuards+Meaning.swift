extension PairGuards {
    /// Antonyms: one side says what the other side's word excludes, and neither says both.
    static func compareConcepts(_ asked: TextFeatures, _ stored: TextFeatures, _ sink: inout some GuardSink) {
        for fact in asked.concepts {
            let opposite = -fact.concept
            guard let other = stored.concepts.first(where: { $0.concept == opposite }),
                !stored.concepts.contains(where: { $0.concept == fact.concept }),
                !asked.concepts.contains(where: { $0.concept == opposite })
            else { continue }
            let kind = Lexicon.shared.conceptGuards[Int(abs(fact.concept))]
            sink.note(kind, isConflict: true, asked: fact.source, stored: other.source)
        }
    }

    /// `unlock` against `lock`: a denying prefix on one side only.
    static func comparePrefixes(_ asked: TextFeatures, _ stored: TextFeatures, _ sink: inout some GuardSink) {
        for (asked, stored) in prefixPairs(asked.words, stored.words) {
            sink.note(.opposites, isConflict: true, asked: asked, stored: stored)
        }
        for (stored, asked) in prefixPairs(stored.words, asked.words) {
            sink.note(.opposites, isConflict: true, asked: asked, stored: stored)
        }
    }

    private static func prefixPairs(_ words: [WordFact], _ others: [WordFact]) -> [(SourceRange, SourceRange)] {
        var pairs: [(SourceRange, SourceRange)] = []
        for word in words where word.unprefixed != 0 {
            guard let plain = others.first(where: { $0.stem == word.unprefixed }),
                plain.flags.contains(.denied) == word.flags.contains(.denied),
                !others.contains(where: { $0.stem == word.stem }),
                !words.contains(where: { $0.stem == word.unprefixed })
            else { continue }
            pairs.append((word.source, plain.source))
        }
        return pairs
    }

    /// Denials: a conflict when the other side says the denied word without denying it.
    ///
    /// "My order never arrived" and "my order hasn't arrived" deny the same word; "where is my refund, I have not received it"
    /// and "where is my refund" differ in a denial that contradicts nothing: that is a doubt.
    static func compareNegations(_ asked: TextFeatures, _ stored: TextFeatures, _ sink: inout some GuardSink) {
        let left = asked.negations
        let right = stored.negations
        guard !left.isEmpty || !right.isEmpty else { return }
        let leftContradicts = contradicted(left, by: right, in: stored.words)
        let rightContradicts = contradicted(right, by: left, in: asked.words)
        let isOneSided = left.isEmpty || right.isEmpty
        let isConflict =
            isOneSided
            ? leftContradicts || rightContradicts
            : left.count != right.count ? leftContradicts || rightContradicts : leftContradicts && rightContradicts
        guard isConflict || isOneSided else { return }
        for fact in left { sink.note(.negation, isConflict: isConflict, asked: fact.source, stored: nil) }
        for fact in right { sink.note(.negation, isConflict: isConflict, asked: nil, stored: fact.source) }
    }

    private static func contradicted(_ denials: [NegationFact], by others: [NegationFact], in words: [WordFact]) -> Bool
    {
        denials.contains { denial in
            guard denial.target != 0, !others.contains(where: { $0.target == denial.target }) else { return false }
            return words.contains { $0.stem == denial.target && !$0.flags.contains(.denied) }
        }
    }

    /// Names and rare words that only one side has; a conflict when both sides have one.
    static func compareNames(_ asked: TextFeatures, _ stored: TextFeatures, _ sink: inout some GuardSink) {
        let left = asked.words.contains { isOwnName($0, against: stored.words) }
        let right = stored.words.contains { isOwnName($0, against: asked.words) }
        guard left || right else { return }
        for word in asked.words where isOwnName(word, against: stored.words) {
            sink.note(.names, isConflict: left && right, asked: word.source, stored: nil)
        }
        for word in stored.words where isOwnName(word, against: asked.words) {
            sink.note(.names, isConflict: left && right, asked: nil, stored: word.source)
        }
    }

    private static func isOwnName(_ word: WordFact, against others: [WordFact]) -> Bool {
        word.flags.contains(.name) && !others.contains { $0.stem == word.stem }
    }
}
