extension PairGuards {
    /// Signs between the same words: `total > 100` against `total < 100`, `chmod +x` against `chmod -x`.
    ///
    /// Embedding models hardly see them. Where the words differ too, the other guards have more to say.
    static func compareSigns(_ asked: TextFeatures, _ stored: TextFeatures, _ sink: inout some GuardSink) {
        guard asked.exactKey == stored.exactKey else { return }
        if asked.signKey != stored.signKey { sink.note(.identifiers, isConflict: true, asked: nil, stored: nil) }
        // An emoji on one side only is an ornament; of two, each may be what is asked about.
        guard asked.emblemKey != stored.emblemKey else { return }
        let none = TokenHash().value
        let isConflict = asked.emblemKey != none && stored.emblemKey != none
        sink.note(.terms, isConflict: isConflict, asked: nil, stored: nil)
    }

    /// Capitals: `IT` against `it`, `CO` against `Co`, `0.1 M` against `0.1 m`, in questions that differ in little else.
    static func compareCase(_ asked: TextFeatures, _ stored: TextFeatures, _ sink: inout some GuardSink) {
        guard asked.hasCasedWords || stored.hasCasedWords, !asked.isShouted, !stored.isShouted,
            isNearlyVerbatim(asked, stored)
        else { return }
        let areMeant = asked.hasMeantCapitals && stored.hasMeantCapitals
        if asked.words.elementsEqual(stored.words, by: { $0.stem == $1.stem }) {
            for (left, right) in zip(asked.words, stored.words) where left.isOtherCase(of: right, areMeant: areMeant) {
                sink.note(.terms, isConflict: true, asked: left.source, stored: right.source)
            }
        } else {
            for word in asked.words {
                guard let other = otherCase(of: word, among: stored.words, areMeant) else { continue }
                sink.note(.terms, isConflict: true, asked: word.source, stored: other.source)
            }
            for word in stored.words {
                guard let other = otherCase(of: word, among: asked.words, areMeant) else { continue }
                sink.note(.terms, isConflict: true, asked: other.source, stored: word.source)
            }
        }
    }

    /// The word in letters that make another one of it, if it stands there in such letters only.
    private static func otherCase(of word: WordFact, among words: [WordFact], _ areMeant: Bool) -> WordFact? {
        var found: WordFact?
        for other in words where other.stem == word.stem {
            guard other.isOtherCase(of: word, areMeant: areMeant) else { return nil }
            found = found ?? other
        }
        return found
    }

    /// Diacritics: `schon` against `schön`, か against が, in questions that differ in little else.
    static func compareAccents(_ asked: TextFeatures, _ stored: TextFeatures, _ sink: inout some GuardSink) {
        guard !asked.accents.isEmpty || !stored.accents.isEmpty, isNearlyVerbatim(asked, stored) else { return }
        for fact in asked.accents {
            guard let other = bareTwin(of: fact, among: asked, against: stored) else { continue }
            sink.note(.terms, isConflict: true, asked: fact.source, stored: other)
        }
        for fact in stored.accents {
            guard let other = bareTwin(of: fact, among: stored, against: asked) else { continue }
            sink.note(.terms, isConflict: true, asked: other, stored: fact.source)
        }
    }

    /// Where the other text has the word with other marks or none, if it has it so only.
    private static func bareTwin(of fact: AccentFact, among own: TextFeatures, against other: TextFeatures)
        -> SourceRange?
    {
        guard !other.words.contains(where: { $0.stem == fact.stem }) else { return nil }
        let accented = other.accents.first { $0.bare == fact.bare }
        guard
            let twin = accented.map({ ($0.stem, $0.source) })
                ?? other.words.first(where: { $0.stem == fact.bare }).map({ ($0.stem, $0.source) })
        else { return nil }
        return own.words.contains { $0.stem == twin.0 } ? nil : twin.1
    }

    /// Whether at most two words are exchanged.
    private static func isNearlyVerbatim(_ asked: TextFeatures, _ stored: TextFeatures) -> Bool {
        let share = overlap(asked.stems, stored.stems)
        let total = Double(asked.stems.count + stored.stems.count)
        // Of a union of `u`, `share · u` are common: `u · (1 + share)` is the total, `u · (1 - share)` the difference.
        return total * (1 - share) / (1 + share) <= 4.5
    }
}

extension WordFact {
    /// Whether the same letters in other case are another word; a letter that stands alone, only if both texts mean their capitals.
    func isOtherCase(of other: WordFact, areMeant: Bool) -> Bool {
        let changed = flags.symmetricDifference(other.flags).intersection(.cased)
        if changed.contains(.capitals) || changed.isSuperset(of: [.shortTitle, .shortCapitals]) { return true }
        return areMeant && changed.contains(.capitalLetter)
    }
}
