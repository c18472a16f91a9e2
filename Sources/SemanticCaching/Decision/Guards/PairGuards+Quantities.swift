extension PairGuards {
    /// Numbers: each quantity must have its equal on the other side.
    ///
    /// A number on one side only is a doubt; when each side has one that the other has not, they are two questions.
    static func compareQuantities(_ asked: TextFeatures, _ stored: TextFeatures, _ sink: inout some GuardSink) {
        let left = asked.quantities
        let right = stored.quantities
        guard !left.isEmpty || !right.isEmpty, left.count <= 64, right.count <= 64 else { return }
        var matchedLeft: UInt64 = 0
        var matchedRight: UInt64 = 0
        for i in left.indices {
            for j in right.indices where left[i].matches(right[j]) {
                matchedLeft |= 1 << UInt64(i)
                matchedRight |= 1 << UInt64(j)
            }
        }
        let isConflict = hasUnmatched(left, matchedLeft) && hasUnmatched(right, matchedRight)
        for i in left.indices where matchedLeft & (1 << UInt64(i)) == 0 && !left[i].isImplied {
            sink.note(left[i].guardKind, isConflict: isConflict, asked: left[i].source, stored: nil)
        }
        for j in right.indices where matchedRight & (1 << UInt64(j)) == 0 && !right[j].isImplied {
            sink.note(right[j].guardKind, isConflict: isConflict, asked: nil, stored: right[j].source)
        }
    }

    private static func hasUnmatched(_ quantities: [Quantity], _ matched: UInt64) -> Bool {
        for index in quantities.indices where matched & (1 << UInt64(index)) == 0 && !quantities[index].isImplied {
            return true
        }
        return false
    }

    /// Names of things in letters and digits, addresses, code.
    static func compareIdentifiers(_ asked: TextFeatures, _ stored: TextFeatures, _ sink: inout some GuardSink) {
        let left = asked.identifiers
        let right = stored.identifiers
        guard !left.isEmpty || !right.isEmpty else { return }
        let isConflict = !left.isEmpty && !right.isEmpty
        for fact in left where !right.contains(where: { $0.key == fact.key }) {
            sink.note(.identifiers, isConflict: isConflict, asked: fact.source, stored: nil)
        }
        for fact in right where !left.contains(where: { $0.key == fact.key }) {
            sink.note(.identifiers, isConflict: isConflict, asked: nil, stored: fact.source)
        }
    }

    /// Closed classes: Monday is not Tuesday, JSON is not YAML.
    static func compareMembers(_ asked: TextFeatures, _ stored: TextFeatures, _ sink: inout some GuardSink) {
        noteMembers(of: asked.members, missingIn: stored.members) { fact, kind, isConflict in
            sink.note(kind, isConflict: isConflict, asked: fact.source, stored: nil)
        }
        noteMembers(of: stored.members, missingIn: asked.members) { fact, kind, isConflict in
            sink.note(kind, isConflict: isConflict, asked: nil, stored: fact.source)
        }
    }

    private static func noteMembers(
        of facts: [MemberFact],
        missingIn others: [MemberFact],
        _ note: (MemberFact, GuardSet, Bool) -> Void
    ) {
        for fact in facts {
            var hasClass = false
            var isMissing = true
            var hasOwnOther = false
            for other in others where other.wordClass == fact.wordClass {
                hasClass = true
                if other.member == fact.member { isMissing = false }
                if !facts.contains(where: { $0.wordClass == other.wordClass && $0.member == other.member }) {
                    hasOwnOther = true
                }
            }
            guard isMissing else { continue }
            let kind = fact.guardKind(in: .shared)
            // "red" and "red or blue" may share an answer; "Monday" and "Monday and Tuesday" hardly do.
            let isStrict = !kind.isDisjoint(with: [.dates, .times, .units, .money])
            note(fact, kind, hasClass && (hasOwnOther || isStrict))
        }
    }
}

extension Quantity {
    /// The guard that speaks for the quantity; a long plain number is somebody's number and not a count.
    var guardKind: GuardSet {
        dimension == .none && written.exponent >= 0 && (written.integer ?? 0) >= 10_000
            ? .identifiers : dimension.guardKind
    }
}
