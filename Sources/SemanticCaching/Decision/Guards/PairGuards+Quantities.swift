extension PairGuards {
    /// Numbers: each quantity must have its equal on the other side, one for one, and in its role.
    ///
    /// A number on one side only is a doubt; when each side has one that the other has not, they are two questions.
    static func compareQuantities(_ asked: TextFeatures, _ stored: TextFeatures, _ sink: inout some GuardSink) {
        let left = asked.quantities
        let right = stored.quantities
        guard !left.isEmpty || !right.isEmpty else { return }
        guard left.count <= 64, right.count <= 64 else { return compareSequences(left, right, &sink) }
        let isConflict = hasSurplus(left, over: right) && hasSurplus(right, over: left)
        for quantity in left where isSurplus(quantity, of: left, over: right, isConflict) {
            sink.note(quantity.guardKind, isConflict: isConflict, asked: quantity.source, stored: nil)
        }
        for quantity in right where isSurplus(quantity, of: right, over: left, isConflict) {
            sink.note(quantity.guardKind, isConflict: isConflict, asked: nil, stored: quantity.source)
        }
        if !isConflict { compareRoles(left, right, &sink) }
    }

    /// Many numbers are the same in the same order, or another question.
    private static func compareSequences(_ left: [Quantity], _ right: [Quantity], _ sink: inout some GuardSink) {
        let isSame = left.count == right.count && zip(left, right).allSatisfy { $0.matches($1) }
        if !isSame { sink.note(.numbers, isConflict: true, asked: nil, stored: nil) }
    }

    private static func hasSurplus(_ quantities: [Quantity], over others: [Quantity]) -> Bool {
        quantities.contains { isSurplus($0, of: quantities, over: others, true) }
    }

    /// Whether a number is missing on the other side or, where one stands for one, stands there less often.
    ///
    /// `2 + 2 + 3` is not `2 + 3 + 3`, but who says a number twice has said no other.
    private static func isSurplus(
        _ quantity: Quantity,
        of own: [Quantity],
        over others: [Quantity],
        _ countsRepeats: Bool
    ) -> Bool {
        guard !quantity.isImplied else { return false }
        let matches = others.count { quantity.matches($0) }
        guard matches > 0, countsRepeats, own.count > 1 else { return matches == 0 }
        return own.count { !$0.isImplied && $0.matches(quantity) } > matches
    }

    /// The same numbers in another order, two of which have changed roles: `12 - 4` against `4 - 12`.
    private static func compareRoles(_ left: [Quantity], _ right: [Quantity], _ sink: inout some GuardSink) {
        guard left.count > 1, left.count == right.count else { return }
        // Of many numbers every other order is another question: a search for roles takes the fourth power of them.
        guard left.count <= 16 else { return compareSequences(left, right, &sink) }
        for (own, other) in zip(left, right) where own.base != other.base {
            if hasTakenRole(own, left, right) {
                sink.note(own.guardKind, isConflict: true, asked: own.source, stored: nil)
            }
            if hasTakenRole(other, right, left) {
                sink.note(other.guardKind, isConflict: true, asked: nil, stored: other.source)
            }
        }
    }

    /// Whether the other side has the number in the role of another number of its own side, which has given it up.
    private static func hasTakenRole(_ quantity: Quantity, _ own: [Quantity], _ others: [Quantity]) -> Bool {
        var isTaken = false
        for twin in others where twin.dimension == quantity.dimension && twin.base == quantity.base {
            if twin.role == quantity.role { return false }
            isTaken =
                isTaken
                || own.contains { other in
                    other.dimension == quantity.dimension && other.base != quantity.base && other.role == twin.role
                        && !others.contains { $0.base == other.base && $0.role == other.role }
                }
        }
        return isTaken
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
