/// Compares two analysed questions guard by guard.
///
///     let flags = PairGuards.flags(asked: AnalyzedText("Cancel order 123"), stored: AnalyzedText("Cancel order 124"))
///     flags.conflicts  // [.numbers]
///
/// - Complexity: a microsecond or two for two questions: merges of short lists, no allocation.
package enum PairGuards {
    /// The guards that find something.
    package static func flags(asked: AnalyzedText, stored: AnalyzedText) -> GuardFlags {
        var flags = GuardFlags()
        compare(asked.features, stored.features, into: &flags)
        return flags
    }

    /// What the enabled guards find, in words; vetoes first.
    package static func findings(
        asked: AnalyzedText,
        stored: AnalyzedText,
        settings: GuardSettings = GuardSettings()
    ) -> [GuardFinding] {
        var sink = FindingSink(asked: asked, stored: stored, settings: settings)
        compare(asked.features, stored.features, into: &sink)
        return sink.findings.filter(\.isVeto) + sink.findings.filter { !$0.isVeto }
    }

    static func compare(_ asked: TextFeatures, _ stored: TextFeatures, into sink: inout some GuardSink) {
        // Word for word the same: nothing else can differ, whatever an analysis reads into the words.
        if asked === stored { return }
        compareCase(asked, stored, &sink)
        if isVerbatim(asked, stored) { return }
        compareSigns(asked, stored, &sink)
        compareAccents(asked, stored, &sink)
        compareQuantities(asked, stored, &sink)
        compareIdentifiers(asked, stored, &sink)
        compareMembers(asked, stored, &sink)
        comparePolarity(asked, stored, &sink)
        compareDirections(asked, stored, &sink)
        compareGrammar(asked, stored, &sink)
        compareNames(asked, stored, &sink)
    }

    private static func isVerbatim(_ asked: TextFeatures, _ stored: TextFeatures) -> Bool {
        asked.hasSameWords(as: stored) && asked.quantities.count == stored.quantities.count
            && asked.identifiers.count == stored.identifiers.count && !hasOtherNumbers(asked, stored)
    }

    /// Whether numbers differ although the words without signs do not: `1.5` and `15`, `$5` and `€5`.
    private static func hasOtherNumbers(_ asked: TextFeatures, _ stored: TextFeatures) -> Bool {
        zip(asked.quantities, stored.quantities).contains { !$0.matches($1) || $0.dimension != $1.dimension }
            || zip(asked.identifiers, stored.identifiers).contains { $0.key != $1.key }
    }

    /// The share of digests that two sorted lists have in common; 1 for two empty lists.
    static func overlap(_ left: [UInt32], _ right: [UInt32]) -> Double {
        var common = 0
        var i = 0
        var j = 0
        while i < left.count, j < right.count {
            if left[i] == right[j] {
                common += 1
                i += 1
                j += 1
            } else if left[i] < right[j] {
                i += 1
            } else {
                j += 1
            }
        }
        let union = left.count + right.count - common
        return union == 0 ? 1 : Double(common) / Double(union)
    }
}
