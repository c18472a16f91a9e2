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
