extension TextReader {
    /// Finds denials and the word that each denies.
    ///
    /// The scope of a negator is the next content word of its clause; behind an inverted auxiliary (`isn't my card
    /// working`) the one after the subject; in Chinese also the verb before a denied complement (`登录不了`).
    mutating func readNegations() {
        for index in tokens.indices {
            if flags(index).contains(.neutral) { continue }
            guard isNegator(index), !isInsideNeutral(index) else { continue }
            let target = deniedToken(by: index)
            if let target { isDenied[target] = true }
            negations.append(NegationFact(target: target.map(stem) ?? 0, source: source(index)))
        }
    }

    private func isNegator(_ index: Int) -> Bool {
        let token = tokens[index]
        guard token.kind == .word || token.kind == .han else { return false }
        if flags(index).contains(.negator) { return !isAnswerNo(index) }
        if token.kind == .word, ends(index, with: "n't") { return true }
        if token.hash == Self.yet {
            return index > 0 && isWord(index + 1, Self.to) && Self.having.contains(tokens[index - 1].hash)
        }
        // "Stop sending me offers" denies "sending"; "when do they stop growing" denies nothing.
        let isCommand = index == 0 || tokens[index - 1].kind == .pause || flags(index - 1).contains(.determiner)
        return token.hash == Self.stop && isCommand && tokens.indices.contains(index + 1)
            && ends(index + 1, with: "ing")
    }

    private static let stop = TokenHash.hash("stop")
    private static let yet = TokenHash.hash("yet")
    private static let to = TokenHash.hash("to")
    private static let having = Set(["have", "has", "had"].map { TokenHash.hash($0) })
    private static let no = TokenHash.hash("no")

    /// `no` as an answer or in `no.` 5 denies nothing.
    private func isAnswerNo(_ index: Int) -> Bool {
        guard tokens[index].hash == Self.no else { return false }
        return index + 1 >= tokens.count || tokens[index + 1].kind == .pause || tokens[index + 1].kind == .number
    }

    /// Whether a phrase that denies nothing, such as `not only`, took the negator in.
    private func isInsideNeutral(_ index: Int) -> Bool {
        guard tokens[index].isAbsorbed else { return false }
        for opener in stride(from: index - 1, through: max(0, index - 4), by: -1) where flags(opener).contains(.neutral)
        {
            return true
        }
        return false
    }

    private func deniedToken(by index: Int) -> Int? {
        if tokens[index].kind == .han { return deniedHan(by: index) }
        let isInverted = ends(index, with: "n't") && index + 1 < tokens.count && isSubjectStart(index + 1)
        var skipped = !isInverted || isPronoun(index + 1)
        for next in (index + 1)..<max(index + 1, tokens.count) {
            guard tokens[next].kind != .pause else { return nil }
            if sense(next)?.connector == .coordinating { return nil }
            guard isContent(next) else { continue }
            if skipped { return next }
            skipped = true
        }
        return nil
    }

    private func isSubjectStart(_ index: Int) -> Bool {
        isPronoun(index) || (sense(index)?.person ?? .none) != .none || flags(index).contains(.determiner)
    }

    private func isPronoun(_ index: Int) -> Bool {
        guard let person = sense(index)?.person else { return false }
        return person == .firstSubject || person == .secondSubject
    }

    /// The word behind 不 and 没, or the verb before 不了, 不开 and their like.
    private func deniedHan(by index: Int) -> Int? {
        let range = tokens[index].range
        let isComplement =
            range.count == 2 && folded.scalars[range.lowerBound] == 0x4E0D
            && Self.isComplement(folded.scalars[range.lowerBound + 1])
        if isComplement, index > 0, tokens[index - 1].kind == .han { return index - 1 }
        for next in (index + 1)..<max(index + 1, min(tokens.count, index + 4)) {
            guard tokens[next].kind != .pause else { return nil }
            if isContent(next) { return next }
        }
        return nil
    }

    private static func isComplement(_ scalar: UInt32) -> Bool {
        "了开上到成出起动掉住见来去进回清完".unicodeScalars.contains { $0.value == scalar }
    }

    /// Collects possessions and the subject of `am I`, `are you`.
    mutating func readPersons() {
        for index in tokens.indices {
            guard let person = sense(index)?.person, person != .none else { continue }
            switch person {
            case .firstSubject, .secondSubject:
                if person == .secondSubject { hasSecondSubject = true }
                if isBesideCopula(index) { subject = person }
            default:
                guard
                    let owned = ((index + 1)..<max(index + 1, min(tokens.count, index + 4))).first(where: {
                        isContent($0)
                    })
                else { continue }
                possessions.append(
                    PossessionFact(person: person, stem: stem(owned), source: source(index).union(source(owned)))
                )
            }
        }
    }

    private static let copulas = Set(["am", "are", "i'm", "you're"].map { TokenHash.hash($0) })

    private func isBesideCopula(_ index: Int) -> Bool {
        if folded.scalars[tokens[index].range].contains(0x27) {
            return ends(index, with: "'m") || ends(index, with: "'re")
        }
        return [index - 1, index + 1].contains { tokens.indices.contains($0) && Self.copulas.contains(tokens[$0].hash) }
    }

    /// Finds what is asked for and the time of the main clause.
    mutating func readQuestionAndTense() {
        for index in tokens.indices where !tokens[index].isAbsorbed {
            guard let sense = sense(index) else { continue }
            if question == .none, sense.question != .none, asks(index, sense.question) {
                question = sense.question
                questionSource = source(index)
            }
            readTense(at: index, sense)
        }
        if tense == .none { readLexicalPast() }
    }

    private static let embedders = Set(
        [
            "me", "know", "see", "wondering", "wonder", "sure", "check", "out", "explain", "understand", "idea",
            "about", "of",
        ].map {
            TokenHash.hash($0)
        }
    )
    private static let modals = Set(
        ["can", "could", "would", "should", "may", "might", "must"].map { TokenHash.hash($0) }
    )

    /// Whether a question word asks: `when` and `where` also join clauses.
    private func asks(_ index: Int, _ type: QuestionType) -> Bool {
        guard tokens[index].kind == .word, type == .time || type == .place || type == .agent else { return true }
        if isAuxiliary(index + 1) { return true }
        if index > 0, Self.embedders.contains(tokens[index - 1].hash) { return true }
        // "when's" has its auxiliary inside; "who" may be followed by any verb.
        let isFirst = index == 0 || tokens[index - 1].kind == .pause
        return isFirst && (type == .agent || folded.scalars[tokens[index].range].contains(0x27))
    }

    private func isAuxiliary(_ index: Int) -> Bool {
        guard tokens.indices.contains(index) else { return false }
        return (sense(index)?.tense ?? .none) != .none || Self.modals.contains(tokens[index].hash)
    }

    private mutating func readTense(at index: Int, _ sense: WordSense) {
        switch sense.tense {
        case .none: return
        case .goingTo: if tense == .none || tense == .present { mark(.future, index) }
        case .perfect: if tense == .none { mark(hasParticiple(after: index) ? .past : .present, index) }
        default: if tense == .none { mark(sense.tense, index) }
        }
    }

    private mutating func mark(_ mark: TenseMark, _ index: Int) {
        if tense == .none { isTenseFronted = isFronted(index) }
        tense = mark
        tenseSource = source(index)
    }

    /// Whether an auxiliary begins a clause or stands behind what is asked for.
    private func isFronted(_ index: Int) -> Bool {
        var before = index - 1
        while before >= 0, tokens[before].isAbsorbed { before -= 1 }
        return before < 0 || tokens[before].kind == .pause || (sense(before)?.question ?? .none) != .none
    }

    private static let been = TokenHash.hash("been")

    private func hasParticiple(after index: Int) -> Bool {
        ((index + 1)..<max(index + 1, min(tokens.count, index + 6))).contains { next in
            guard tokens[next].kind == .word else { return false }
            return tokens[next].hash == Self.been || ends(next, with: "ed") || (sense(next)?.isIrregularPast ?? false)
        }
    }

    /// `who led`, `what happened`: the verb behind a question word tells where no auxiliary does.
    private mutating func readLexicalPast() {
        for index in tokens.indices.dropFirst() where tokens[index].kind == .word {
            guard let previous = sense(index - 1)?.question, previous == .agent || previous == .thing else { continue }
            if sense(index)?.isIrregularPast == true || ends(index, with: "ed") { mark(.past, index) }
        }
    }
}
