extension PairGuards {
    /// Antonyms and denials, weighed together: "not correct" and "wrong" say the same.
    static func comparePolarity(_ asked: TextFeatures, _ stored: TextFeatures, _ sink: inout some GuardSink) {
        let denial = denial(asked, stored)
        // A denial on one side and an antonym across make up for each other.
        let isCancelled = denial != .none && hasOpposites(asked, stored)
        compareConcepts(asked, stored, isConflict: !isCancelled, &sink)
        comparePrefixes(asked, stored, isConflict: !isCancelled, &sink)
        guard denial != .none else { return }
        let isConflict = denial == .conflict && !isCancelled
        for fact in asked.negations { sink.note(.negation, isConflict: isConflict, asked: fact.source, stored: nil) }
        for fact in stored.negations { sink.note(.negation, isConflict: isConflict, asked: nil, stored: fact.source) }
    }

    // MARK: - Antonyms

    private static func hasOpposites(_ asked: TextFeatures, _ stored: TextFeatures) -> Bool {
        var flags = GuardFlags()
        compareConcepts(asked, stored, isConflict: true, &flags)
        comparePrefixes(asked, stored, isConflict: true, &flags)
        return !flags.conflicts.isEmpty
    }

    /// One side says what the other side's word excludes, and neither says both.
    private static func compareConcepts(
        _ asked: TextFeatures,
        _ stored: TextFeatures,
        isConflict: Bool,
        _ sink: inout some GuardSink
    ) {
        for fact in asked.concepts {
            let opposite = -fact.concept
            // The same word denied is the denial's business.
            guard let other = stored.concepts.first(where: { $0.concept == opposite && $0.lemma != fact.lemma }),
                !stored.concepts.contains(where: { $0.concept == fact.concept }),
                !asked.concepts.contains(where: { $0.concept == opposite })
            else { continue }
            let kind = Lexicon.shared.conceptGuards[Int(abs(fact.concept))]
            sink.note(kind, isConflict: isConflict, asked: fact.source, stored: other.source)
        }
    }

    /// `unlock` against `lock`: a denying prefix on one side only.
    private static func comparePrefixes(
        _ asked: TextFeatures,
        _ stored: TextFeatures,
        isConflict: Bool,
        _ sink: inout some GuardSink
    ) {
        for word in asked.words where word.unprefixed != 0 {
            guard let plain = plainWord(of: word, among: asked.words, against: stored.words) else { continue }
            sink.note(.opposites, isConflict: isConflict, asked: word.source, stored: plain.source)
        }
        for word in stored.words where word.unprefixed != 0 {
            guard let plain = plainWord(of: word, among: stored.words, against: asked.words) else { continue }
            sink.note(.opposites, isConflict: isConflict, asked: plain.source, stored: word.source)
        }
    }

    private static func plainWord(of word: WordFact, among own: [WordFact], against others: [WordFact]) -> WordFact? {
        guard !others.contains(where: { $0.stem == word.stem }), !own.contains(where: { $0.stem == word.unprefixed })
        else {
            return nil
        }
        return others.first { $0.stem == word.unprefixed }
    }

    // MARK: - Denials

    private enum Denial {
        case none
        case doubt
        case conflict
    }

    /// Compares denials: a conflict when the other side says the denied word without denying it.
    ///
    /// "My order never arrived" and "my order hasn't arrived" deny the same word. "I can't find my PIN" and "how do I find my
    /// PIN?" are a complaint and a question about one thing: unless both ask for the same, a denial is a doubt.
    private static func denial(_ asked: TextFeatures, _ stored: TextFeatures) -> Denial {
        let left = asked.negations
        let right = stored.negations
        if left.isEmpty, right.isEmpty { return .none }
        let leftContradicts = contradicted(left, by: right, in: stored.words)
        let rightContradicts = contradicted(right, by: left, in: asked.words)
        if left.isEmpty || right.isEmpty {
            let floor = asked.script == .han || stored.script == .han ? 0.15 : 0.4
            let isSameQuestion = asked.question == stored.question && overlap(asked.stems, stored.stems) >= floor
            return isSameQuestion && (leftContradicts || rightContradicts) ? .conflict : .doubt
        }
        return leftContradicts && rightContradicts && left.count == right.count ? .conflict : .none
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
