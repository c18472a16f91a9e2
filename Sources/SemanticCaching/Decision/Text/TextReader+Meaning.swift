extension TextReader {
    /// Words that begin like a denial and are none: `display` does not deny `play`.
    private static let pseudoPrefixed: Set<UInt64> = Set(
        """
        display discount discover unit under until invoice income input inform invest instead distance disease dispatch dispute \
        district discuss internal interest intend insight inside intake increase impress important improve impact import \
        depart detail delay default demand deposit depend describe design desire deserve dessert uncle union universe understand \
        discipline disc disk information invention inspire intent install indeed index industry depot dentist degree deal decide \
        none nonsense department detect develop defeat defend define deliver inbound inland inlet
        """.split(whereSeparator: { $0 == " " || $0 == "\n" }).map { TokenHash.hash($0) }
    )
    private static let denyingPrefixes: [(letters: [UInt32], shortest: Int)] = [
        ("un", 6), ("dis", 7), ("non", 7), ("in", 8), ("im", 8), ("il", 7), ("ir", 8), ("de", 8), ("mis", 8),
    ].map { ($0.0.unicodeScalars.map(\.value), $0.1) }

    /// Collects the words in order, the content digests and the identifiers.
    mutating func readWords() {
        words.reserveCapacity(tokens.count)
        var previousHan: UInt32 = 0
        let hasLetters = tokens.indices.contains(where: isLoneLetter)
        for index in tokens.indices {
            let token = tokens[index]
            let isHan = token.kind == .han
            if isHan { appendHanPairs(token.range, after: &previousHan) } else { previousHan = 0 }
            guard token.kind != .pause, token.kind != .symbol else { continue }
            if token.kind == .identifier { identifiers.append(Fact(key: token.hash, source: source(index))) }
            let flags = flags(index)
            let isVariable = token.kind == .word && token.range.count == 1 && isVariable(index, among: hasLetters)
            guard !flags.contains(.determiner) || isVariable else { continue }
            var wordFlags: WordFact.Flags = []
            let isContent = isContent(index)
            if isContent || isVariable { wordFlags.insert(.content) }
            if isVariable, isOperand(token.range) { wordFlags.insert(.operand) }
            if token.isCapital, isContent { wordFlags.insert(.name) }
            if sense(index)?.connector == .coordinating { wordFlags.insert(.coordinating) }
            if isDenied[index] { wordFlags.insert(.denied) }
            if token.casing != .lower { wordFlags.formUnion(casedFlags(index)) }
            if !wordFlags.isDisjoint(with: .cased) { hasCasedWords = true }
            let stem = stem(index)
            if isContent, !isHan, !flags.contains(.negator) { stems.append(stem) }
            if folded.hasDiacritics, token.kind == .word { appendAccents(index, stem) }
            words.append(
                WordFact(stem: stem, unprefixed: unprefixedStem(index), flags: wordFlags, source: source(index))
            )
        }
        Self.sortUnique(&stems)
    }

    private mutating func appendHanPairs(_ range: Range<Int>, after previous: inout UInt32) {
        for position in range {
            let scalar = folded.scalars[position]
            if previous != 0 { stems.append(TokenHash.short(UInt64(previous) << 32 | UInt64(scalar))) }
            previous = scalar
        }
    }

    /// Whether a letter stands for something: `a` only beside another such letter.
    private func isVariable(_ index: Int, among hasLetters: Bool) -> Bool {
        folded.scalars[tokens[index].range.lowerBound] == 0x61 ? hasLetters : isLoneLetter(index)
    }

    /// A letter from b to z that is a word of its own.
    private func isLoneLetter(_ index: Int) -> Bool {
        tokens[index].kind == .word && tokens[index].range.count == 1
            && (0x62...0x7A).contains(folded.scalars[tokens[index].range.lowerBound]) && isContent(index)
    }

    private func isOperand(_ range: Range<Int>) -> Bool {
        func isSign(_ position: Int, by step: Int) -> Bool {
            var next = position
            while folded.scalars.indices.contains(next), folded.scalars[next] == 0x20 { next += step }
            guard folded.scalars.indices.contains(next) else { return false }
            return "=<>-/^%".unicodeScalars.contains { $0.value == folded.scalars[next] }
        }
        return isSign(range.lowerBound - 1, by: -1) || isSign(range.upperBound, by: 1)
    }

    /// Words that are others in capitals.
    private static let homographs = Set(["it", "us", "who", "aids"].map { TokenHash.hash($0) })

    /// Symbols of elements and units that are others in two capitals.
    private static let symbols = Set(
        ["co", "no", "cs", "hf", "sc", "kb", "mb", "gb", "tb", "pb"].map { TokenHash.hash($0) }
    )

    /// What the capitals of a word may tell it from.
    ///
    /// `ATM` is `atm`, `Id` is `ID`, and `iPhone` is `iphone`. `IT` is not `it`, though, nor `Co` `CO`, nor 5 M 5 m.
    private func casedFlags(_ index: Int) -> WordFact.Flags {
        let token = tokens[index]
        switch (token.casing, token.range.count) {
        case (.upper, 1):
            let letter = folded.scalars[token.range.lowerBound]
            if letter == 0x6D, index > 0, tokens[index - 1].kind == .number { return .capitals }
            return letter == 0x61 || letter == 0x69 ? [] : .capitalLetter
        case (.upper, let count):
            if count <= 4, Self.homographs.contains(token.hash) { return .capitals }
            return count == 2 && Self.symbols.contains(token.hash) ? .shortCapitals : []
        case (.title, 2): return Self.symbols.contains(token.hash) ? .shortTitle : []
        default: return []
        }
    }

    private mutating func appendAccents(_ index: Int, _ stem: UInt32) {
        let scalars = folded.scalars[tokens[index].range]
        let letters = scalars.map(Diacritics.base)
        guard !letters.elementsEqual(scalars) else { return }
        let bare = WordStem.digest(letters.filter { $0 != 0 }[...])
        accents.append(AccentFact(stem: stem, bare: bare, source: source(index)))
    }

    private func unprefixedStem(_ index: Int) -> UInt32 {
        let token = tokens[index]
        guard token.kind == .word, token.range.count >= 6, !Self.pseudoPrefixed.contains(token.hash) else { return 0 }
        let scalars = folded.scalars[token.range]
        for (letters, shortest) in Self.denyingPrefixes where scalars.count >= shortest && scalars.starts(with: letters)
        {
            return WordStem.digest(scalars.dropFirst(letters.count))
        }
        return 0
    }

    /// Collects the members of closed classes and the meanings with an opposite.
    mutating func readMeanings() {
        for index in tokens.indices where tokens[index].kind == .word || tokens[index].kind == .han {
            guard let sense = sense(index), !sense.flags.contains(.neutral) else { continue }
            let isUsable = !sense.flags.contains(.besideNumberOnly) || isBesideNumber(index)
            if tokens[index].isAbsorbed, !sense.members.isEmpty || !sense.concepts.isEmpty, isInsidePhrase(index) {
                continue
            }
            if isUsable {
                for member in sense.members {
                    members.append(
                        MemberFact(wordClass: member.wordClass, member: member.member, source: source(index))
                    )
                }
            }
            if sense.unit >= 0, !sense.flags.contains(.besideNumberOnly), !isTaken[index] {
                let unit = UnitDefinition.all[Int(sense.unit)]
                let wordClass = MemberFact.unitClassBase + unit.dimension.rawValue
                let isCurrency = unit.dimension.isCurrency
                members.append(
                    MemberFact(
                        wordClass: isCurrency ? MemberFact.currencyClass : wordClass,
                        member: isCurrency ? unit.dimension.rawValue : UInt8(truncatingIfNeeded: sense.unit),
                        source: source(index)
                    )
                )
            }
            for concept in sense.concepts {
                let signed = isDenied[index] ? -concept : concept
                concepts.append(
                    ConceptFact(concept: signed, lemma: TokenHash.short(sense.lemma), source: source(index))
                )
            }
        }
    }

    /// Whether a word is the particle of a phrase whose first word has the meaning.
    private func isInsidePhrase(_ index: Int) -> Bool { tokens[index].isAbsorbed }

    func isBesideNumber(_ index: Int) -> Bool {
        let before = index > 0 && tokens[index - 1].kind == .number
        let after = index + 1 < tokens.count && tokens[index + 1].kind == .number
        return before || after
    }

    /// Collects what stands behind `from` and `to`.
    mutating func readDirections() {
        let hasOrigin = tokens.indices.contains { sense($0)?.connector == .from }
        for index in tokens.indices {
            guard let connector = sense(index)?.connector, connector == .from || connector == .to else { continue }
            guard let head = contentHead(after: index) else { continue }
            if connector == .from {
                origins.append(head)
            } else {
                destinations.append(head)
                if !hasOrigin, let before = contentHead(before: index) { origins.append(before) }
            }
        }
    }

    private func contentHead(after index: Int) -> UInt32? {
        for next in (index + 1)..<max(index + 1, min(tokens.count, index + 5)) {
            guard tokens[next].kind != .pause else { return nil }
            if let connector = sense(next)?.connector, connector != .none { return nil }
            if isContent(next) { return stem(next) }
        }
        return nil
    }

    private func contentHead(before index: Int) -> UInt32? {
        for previous in stride(from: index - 1, through: max(0, index - 2), by: -1) {
            guard tokens[previous].kind != .pause else { return nil }
            if isContent(previous) { return stem(previous) }
        }
        return nil
    }
}

extension MemberFact {
    /// Classes from here on are units without a number, by dimension.
    static let unitClassBase: UInt8 = 160
    /// The class of all currencies.
    static let currencyClass: UInt8 = 159

    /// The guard that speaks for the class.
    func guardKind(in lexicon: Lexicon) -> GuardSet {
        if wordClass == Self.currencyClass { return .money }
        if wordClass >= Self.unitClassBase { return .units }
        return lexicon.classGuards[Int(wordClass)]
    }
}
