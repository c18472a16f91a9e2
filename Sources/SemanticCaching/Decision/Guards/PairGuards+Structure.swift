extension PairGuards {
    /// Roles exchanged: `from A to B` against `from B to A`, `the dog bit the man` against `the man bit the dog`.
    static func compareDirections(_ asked: TextFeatures, _ stored: TextFeatures, _ sink: inout some GuardSink) {
        if hasReversedRoles(asked, stored) {
            noteRoles(asked, stored, &sink)
        } else if let swap = exchangedBlocks(asked.words, stored.words) {
            sink.note(.direction, isConflict: true, asked: swap.asked, stored: swap.stored)
        }
    }

    private static func hasReversedRoles(_ asked: TextFeatures, _ stored: TextFeatures) -> Bool {
        for origin in asked.origins where stored.destinations.contains(origin) {
            for destination in asked.destinations where destination != origin && stored.origins.contains(destination) {
                if !(stored.origins.contains(origin) && stored.destinations.contains(destination)) { return true }
            }
        }
        return false
    }

    private static func noteRoles(_ asked: TextFeatures, _ stored: TextFeatures, _ sink: inout some GuardSink) {
        for word in asked.words where asked.origins.contains(word.stem) && stored.destinations.contains(word.stem) {
            sink.note(.direction, isConflict: true, asked: word.source, stored: nil)
        }
        for word in stored.words where stored.origins.contains(word.stem) && asked.destinations.contains(word.stem) {
            sink.note(.direction, isConflict: true, asked: nil, stored: word.source)
        }
    }

    /// The exchanged blocks if one text is `P X m Y S` and the other `P Y m X S`, and `m` does more than coordinate.
    private static func exchangedBlocks(_ left: [WordFact], _ right: [WordFact]) -> (
        asked: SourceRange, stored: SourceRange
    )? {
        guard left.count == right.count, left.count >= 2, left.count <= 64 else { return nil }
        var lower = 0
        while lower < left.count, left[lower].stem == right[lower].stem { lower += 1 }
        var upper = left.count
        while upper > lower, left[upper - 1].stem == right[upper - 1].stem { upper -= 1 }
        let span = upper - lower
        if span == 2, let swap = exchangedOperands(left, right, lower) { return swap }
        guard span >= 3 else { return nil }
        // Inside the span: X of length x, then m, then Y of length y, against Y, m, X.
        for x in 1...min(3, span - 2) {
            guard equal(left, lower, right, upper - x, x), hasContent(left, lower, x) else { continue }
            for y in 1...min(3, span - 1 - x) {
                guard equal(left, upper - y, right, lower, y), hasContent(left, upper - y, y) else { continue }
                let middle = span - x - y
                guard equal(left, lower + x, right, lower + y, middle), directs(left, lower + x, middle) else {
                    continue
                }
                let asked = left[lower].source.union(left[upper - 1].source)
                return (asked, right[lower].source.union(right[upper - 1].source))
            }
        }
        return nil
    }

    /// `a = b` against `b = a`: nothing but a sign stands between the two.
    private static func exchangedOperands(_ left: [WordFact], _ right: [WordFact], _ lower: Int) -> (
        asked: SourceRange, stored: SourceRange
    )? {
        guard left[lower].stem == right[lower + 1].stem, left[lower + 1].stem == right[lower].stem,
            left[lower].flags.contains(.operand), left[lower + 1].flags.contains(.operand)
        else { return nil }
        return (
            left[lower].source.union(left[lower + 1].source), right[lower].source.union(right[lower + 1].source)
        )
    }

    private static func equal(_ left: [WordFact], _ i: Int, _ right: [WordFact], _ j: Int, _ count: Int) -> Bool {
        for offset in 0..<count where left[i + offset].stem != right[j + offset].stem { return false }
        return true
    }

    private static func hasContent(_ words: [WordFact], _ start: Int, _ count: Int) -> Bool {
        words[start..<start + count].contains { $0.flags.contains(.content) }
    }

    private static func directs(_ words: [WordFact], _ start: Int, _ count: Int) -> Bool {
        words[start..<start + count].contains { !$0.flags.contains(.coordinating) }
            && !words[start..<start + count].contains { $0.flags.contains(.coordinating) }
    }

    /// What is asked for, whose it is, when it is, and in which language.
    static func compareGrammar(_ asked: TextFeatures, _ stored: TextFeatures, _ sink: inout some GuardSink) {
        if asked.script != stored.script, asked.script != .none, stored.script != .none {
            sink.note(.language, isConflict: true, asked: nil, stored: nil)
        }
        let shared = overlap(asked.stems, stored.stems)
        if asked.question.excludes(stored.question) {
            sink.note(
                .questionType,
                isConflict: shared >= 0.4,
                asked: asked.questionSource,
                stored: stored.questionSource
            )
        } else if asked.question != stored.question, asked.question != .none, stored.question != .none {
            sink.note(.questionType, isConflict: false, asked: asked.questionSource, stored: stored.questionSource)
        }
        comparePossessions(asked, stored, shared, &sink)
        let hasOtherTense = asked.tense != stored.tense && asked.tense != .none && stored.tense != .none
        let hasOtherSubject = asked.subject != stored.subject && asked.subject != .none && stored.subject != .none
        guard hasOtherTense || hasOtherSubject else { return }
        // Time and person alone tell two questions apart only where nothing else does.
        if hasOtherTense {
            let isConflict = shared >= 0.6 && excludesTime(asked, stored)
            sink.note(.tense, isConflict: isConflict, asked: asked.tenseSource, stored: stored.tenseSource)
        }
        if hasOtherSubject { sink.note(.person, isConflict: shared >= 0.6, asked: nil, stored: nil) }
    }

    /// Past against present or future, in questions that open with it: a price today is another than a price then.
    ///
    /// Reasons and ways to do things hold for both, and reports of a mishap change their tense freely.
    private static func excludesTime(_ asked: TextFeatures, _ stored: TextFeatures) -> Bool {
        guard (asked.tense == .past) != (stored.tense == .past), asked.isTenseFronted, stored.isTenseFronted else {
            return false
        }
        let timeless: (QuestionType) -> Bool = { $0 == .reason || $0 == .manner }
        return !timeless(asked.question) && !timeless(stored.question)
    }

    /// `my name` against `your name`; not the `your` of "how do you reset your password".
    private static func comparePossessions(
        _ asked: TextFeatures,
        _ stored: TextFeatures,
        _ shared: Double,
        _ sink: inout some GuardSink
    ) {
        func isOwn(_ fact: PossessionFact, against others: [PossessionFact]) -> Bool {
            !others.contains { $0.stem == fact.stem && $0.person == fact.person }
        }
        for left in asked.possessions where isOwn(left, against: stored.possessions) {
            guard
                let right = stored.possessions.first(where: {
                    $0.stem == left.stem && isOwn($0, against: asked.possessions)
                })
            else { continue }
            let isThird = left.person == .third || right.person == .third
            let isGeneric =
                (left.person == .second && asked.hasSecondSubject)
                || (right.person == .second && stored.hasSecondSubject)
            sink.note(
                .person,
                isConflict: !isThird && !isGeneric && shared >= 0.6,
                asked: left.source,
                stored: right.source
            )
        }
    }
}
