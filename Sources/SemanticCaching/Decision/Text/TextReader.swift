/// Reads a question once and collects what the guards compare.
///
///     folded scalars ─► tokens ─► phrases ─► quantities ─► words, concepts, classes
///                                                     └─► denials, directions, persons, tense, question
struct TextReader {
    let folded: FoldedText
    let lexicon: Lexicon
    var tokens: [TextToken]

    var exactKey: UInt64 = 0
    var signKey: UInt64 = 0
    var emblemKey: UInt64 = 0
    var accents: [AccentFact] = []
    /// Whether small letters were meant to be small, and whether a word is another one in other letters.
    let hasMeantCapitals: Bool
    var hasCasedWords = false
    var words: [WordFact] = []
    var stems: [UInt32] = []
    var trigrams: [UInt32] = []
    var quantities: [Quantity] = []
    var identifiers: [Fact] = []
    var members: [MemberFact] = []
    var concepts: [ConceptFact] = []
    var negations: [NegationFact] = []
    var origins: [UInt32] = []
    var destinations: [UInt32] = []
    var possessions: [PossessionFact] = []
    var question = QuestionType.none
    var questionSource = SourceRange(lower: 0, upper: 0)
    var tense = TenseMark.none
    var tenseSource = SourceRange(lower: 0, upper: 0)
    /// Whether the word that marks the tense opens the question: `is it`, `what was`.
    var isTenseFronted = false
    var subject = PersonMark.none
    var hasSecondSubject = false
    var script = Script.none
    /// The role of the last quantity, and the token behind it.
    var lastRole: UInt32 = 0
    var lastQuantityEnd = 0
    /// For each token whether a negator denies it.
    var isDenied: [Bool]
    /// For each token whether a quantity took it in, as its unit or its month.
    var isTaken: [Bool]

    init(_ text: String, lexicon: Lexicon = .shared) {
        folded = FoldedText(text)
        self.lexicon = lexicon
        let scanner = TextScanner(folded, lexicon: lexicon)
        tokens = scanner.tokens
        hasMeantCapitals = scanner.hasMeantCapitals
        isDenied = Array(repeating: false, count: tokens.count)
        isTaken = isDenied
        joinPhrases()
        readQuantities()
        readNegations()
        readWords()
        readMeanings()
        readDirections()
        readPersons()
        readQuestionAndTense()
        readSurface()
    }

    // MARK: - Tokens

    /// The sense of a token, or nil.
    func sense(_ index: Int) -> WordSense? {
        guard tokens.indices.contains(index), tokens[index].sense >= 0 else { return nil }
        return lexicon.senses[Int(tokens[index].sense)]
    }

    func flags(_ index: Int) -> WordSense.Flags { sense(index)?.flags ?? [] }

    func source(_ index: Int) -> SourceRange { folded.source(tokens[index].range) }

    /// The digest of a token's stem.
    func stem(_ index: Int) -> UInt32 {
        let token = tokens[index]
        switch token.kind {
        case .word:
            if let sense = sense(index), sense.stem != 0 { return sense.stem }
            var scalars = folded.scalars[token.range]
            if let apostrophe = scalars.firstIndex(of: 0x27) { scalars = scalars[..<apostrophe] }
            return WordStem.digest(scalars)
        case .number, .clock, .date:
            return TokenHash.short(
                UInt64(bitPattern: token.value.mantissa) &* 31 &+ UInt64(UInt16(bitPattern: token.value.exponent))
            )
        default:
            return TokenHash.short(token.hash)
        }
    }

    /// Whether the token is a word that tells questions apart.
    func isContent(_ index: Int) -> Bool {
        switch tokens[index].kind {
        case .word, .han: !flags(index).contains(.stop)
        case .number, .clock, .date, .identifier: true
        case .symbol, .pause: false
        }
    }

    /// Whether the word ends with these letters.
    func ends(_ index: Int, with suffix: StaticString) -> Bool {
        let range = tokens[index].range
        guard range.count > suffix.utf8CodeUnitCount else { return false }
        return suffix.withUTF8Buffer { letters in
            folded.scalars[range].suffix(letters.count).elementsEqual(letters.lazy.map(UInt32.init))
        }
    }

    // MARK: - Phrases

    /// Gives the first word of each known phrase the phrase's sense.
    private mutating func joinPhrases() {
        for index in tokens.indices where !tokens[index].isAbsorbed && tokens[index].kind == .word {
            guard let opener = sense(index) else { continue }
            if opener.flags.contains(.opensPhrase), joinPhrase(at: index, opener) { continue }
            if opener.flags.contains(.opensSeparable) { joinSeparable(at: index, opener) }
        }
    }

    private mutating func joinPhrase(at index: Int, _ opener: WordSense) -> Bool {
        var best: (end: Int, sense: Int32)?
        for start in [tokens[index].hash, opener.lemma] where best == nil {
            var hash = start
            for next in (index + 1)..<min(index + 5, max(tokens.count, index + 1)) where tokens[next].kind == .word {
                guard tokens[next - 1].kind != .pause else { break }
                let longer = Lexicon.join(hash, tokens[next].hash)
                if let sense = lexicon.phrase(longer) {
                    best = (next, sense)
                } else if let sense = lexicon.phrase(Lexicon.join(hash, singular(next))) {
                    best = (next, sense)
                }
                hash = longer
            }
        }
        guard let best else { return false }
        tokens[index].sense = best.sense
        for next in (index + 1)...best.end {
            tokens[next].isAbsorbed = true
            tokens[next].sense = lexicon.senses[Int(best.sense)].flags.contains(.neutral) ? -1 : tokens[next].sense
        }
        return true
    }

    /// The hash of a word without a plural `s`.
    private func singular(_ index: Int) -> UInt64 {
        ends(index, with: "s") ? TokenHash.hash(folded.scalars[tokens[index].range].dropLast()) : tokens[index].hash
    }

    private mutating func joinSeparable(at index: Int, _ opener: WordSense) {
        for next in (index + 1)..<min(index + 6, max(tokens.count, index + 1)) {
            guard tokens[next].kind == .word else { return }
            guard let sense = lexicon.separable(verb: opener.lemma, particle: tokens[next].hash) else { continue }
            tokens[index].sense = sense
            tokens[next].isAbsorbed = true
            return
        }
    }

    // MARK: - Surface

    private mutating func readSurface() {
        var exact = TokenHash()
        var signs = SignDigest(folded, tokens)
        var previous: UInt32 = 0x20
        var window: (UInt32, UInt32) = (0, 0x20)
        var hanCount = 0
        var letterCount = 0
        let count = folded.scalars.count
        trigrams.reserveCapacity(count + 1)
        for position in 0...count {
            // A line end parts words as a blank does.
            let scalar = position < count ? max(folded.scalars[position], 0x20) : 0x20
            let isHan = TextScanner.isHan(scalar)
            let isWordPart = isHan || TextScanner.isDigit(scalar) || TextScanner.isLetter(scalar)
            if isHan { hanCount += 1 } else if isWordPart { letterCount += 1 }
            noteScript(scalar, isHan: isHan)
            if isWordPart { signs.noteLetter() } else if scalar != 0x20 { signs.noteMark(scalar, at: position) }
            guard isWordPart || scalar == 0x20 || !(scalar < 0x80) else { continue }
            let kept = isWordPart ? scalar : 0x20
            if kept == 0x20, previous == 0x20 { continue }
            exact.combine(kept)
            if window.0 != 0 {
                trigrams.append(window.0 &* 0x9E37_79B1 ^ window.1 &* 0x85EB_CA6B ^ kept &* 0xC2B2_AE35)
            }
            window = (window.1, kept)
            previous = kept
        }
        exactKey = exact.value
        signKey = signs.key
        emblemKey = signs.emblemKey
        Self.sortUnique(&trigrams)
        if hanCount * 3 >= letterCount, hanCount > 0, script != .kana { script = .han }
    }

    private mutating func noteScript(_ scalar: UInt32, isHan: Bool) {
        switch scalar {
        case 0x61...0x7A, 0xC0...0x24F: if script == .none { script = .latin }
        case 0x3041...0x30FA: script = .kana
        case 0xAC00...0xD7A3: script = .hangul
        case 0x400...0x4FF: script = .cyrillic
        case 0x600...0x6FF: script = .arabic
        default: break
        }
    }

    static func sortUnique(_ values: inout [UInt32]) {
        values.sort()
        var kept = 0
        for index in values.indices where index == 0 || values[index] != values[kept - 1] {
            values[kept] = values[index]
            kept += 1
        }
        values.removeSubrange(kept...)
    }
}
