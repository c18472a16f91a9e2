/// Cuts a folded text into tokens, in one pass.
struct TextScanner {
    let folded: FoldedText
    let lexicon: Lexicon
    private(set) var tokens: [TextToken] = []
    /// Whether capitals stand where no sentence begins, so that small letters were meant to be small.
    private(set) var hasMeantCapitals = false
    private var beginsSentence = true

    init(_ folded: FoldedText, lexicon: Lexicon = .shared) {
        self.folded = folded
        self.lexicon = lexicon
        tokens.reserveCapacity(folded.scalars.count / 4 + 4)
        scan()
    }

    // MARK: - Characters

    static func isHan(_ scalar: UInt32) -> Bool {
        (scalar >= 0x3400 && scalar <= 0x9FFF) || (scalar >= 0x20000 && scalar <= 0x323AF) || scalar == 0x3007
            || (scalar >= 0xF900 && scalar <= 0xFAFF)
    }

    static func isDigit(_ scalar: UInt32) -> Bool { scalar >= 0x30 && scalar <= 0x39 }

    static func isLetter(_ scalar: UInt32) -> Bool {
        if scalar < 0x80 { return scalar >= 0x61 && scalar <= 0x7A }
        if isHan(scalar) { return false }
        return Unicode.Scalar(scalar)?.properties.isAlphabetic ?? false || Diacritics.isMark(scalar)
    }

    static func isCurrencySign(_ scalar: UInt32) -> Bool {
        scalar == 0x24 || scalar == 0xA3 || scalar == 0xA5 || (scalar >= 0x20A0 && scalar <= 0x20C0)
    }

    /// Whether a minus behind it is the sign of a number, not a dash between two: a blank, a bracket, another operator.
    static func opensNumber(_ scalar: UInt32) -> Bool {
        switch scalar {
        case 0...0x20, 0x28, 0x5B, 0x7B, 0x2A, 0x2B, 0x2C, 0x2D, 0x2F, 0x3A, 0x3C...0x3E, 0x5E, 0x7C: true
        default: false
        }
    }

    private static func isSpace(_ scalar: UInt32) -> Bool { scalar <= 0x20 || scalar == 0x2028 || scalar == 0x2029 }

    /// `. , ; : ! ?` and their Chinese forms, dashes between words.
    private static func isPause(_ scalar: UInt32) -> Bool {
        switch scalar {
        case 0x2E, 0x2C, 0x3B, 0x3A, 0x21, 0x3F, 0x3001, 0x3002, 0x2013, 0x2014, 0x2026: true
        default: false
        }
    }

    private static func isWrapping(_ scalar: UInt32) -> Bool {
        switch scalar {
        case 0x28, 0x29, 0x5B, 0x5D, 0x7B, 0x7D, 0x22, 0x27, 0x3C, 0x3E, 0x2A, 0x7E, 0x3008...0x3011, 0x201C, 0x201D:
            true
        default: false
        }
    }

    // MARK: - Scanning

    private mutating func scan() {
        let scalars = folded.scalars
        var position = 0
        while position < scalars.count {
            let scalar = scalars[position]
            if Self.isSpace(scalar) || Self.isWrapping(scalar) {
                position += 1
            } else if Self.isHan(scalar) {
                position = scanHan(from: position)
            } else if Self.isPause(scalar),
                !(scalar == 0x2E && position + 1 < scalars.count && Self.isDigit(scalars[position + 1]))
            {
                append(.pause, position..<position + 1)
                if scalar != 0x2C, scalar != 0x3A, scalar != 0x3001 { beginsSentence = true }
                position += 1
            } else {
                var end = position
                while end < scalars.count, !Self.isSpace(scalars[end]), !Self.isHan(scalars[end]),
                    !isWidePause(scalars[end])
                {
                    end += 1
                }
                scanChunk(position..<end)
                position = end
            }
        }
    }

    private func isWidePause(_ scalar: UInt32) -> Bool { scalar >= 0x2010 && Self.isPause(scalar) }

    /// Cuts Chinese at the longest known words; characters of no known word stand alone.
    private mutating func scanHan(from start: Int) -> Int {
        let scalars = folded.scalars
        var hash = TokenHash()
        var best = (end: start + 1, sense: Int32(-1), hash: UInt64(0))
        var end = start
        while end < scalars.count, end - start < Lexicon.longestHanWord, Self.isHan(scalars[end]) {
            hash.combine(scalars[end])
            end += 1
            let sense = lexicon.lookup(hash: hash.value)
            if sense >= 0 || end == start + 1 { best = (end, sense, hash.value) }
        }
        tokens.append(TextToken(kind: .han, range: start..<best.end, hash: best.hash, sense: best.sense))
        beginsSentence = false
        return best.end
    }

    /// Takes a stretch without blanks apart: an address, a piece of code, numbers, words.
    private mutating func scanChunk(_ whole: Range<Int>) {
        let scalars = folded.scalars
        var chunk = whole
        while let last = chunk.last, Self.isPause(scalars[last]) || Self.isWrapping(scalars[last]) {
            chunk = chunk.lowerBound..<last
        }
        if let shape = isFlag(chunk) ? .code : IdentifierShape(scalars[chunk]) {
            appendIdentifier(chunk, as: shape)
        } else if scalars[chunk].contains(where: Self.isDigit) {
            scanNumbers(in: chunk)
        } else {
            scanWords(in: chunk)
        }
        for position in chunk.upperBound..<whole.upperBound where Self.isPause(scalars[position]) {
            append(.pause, position..<position + 1)
            if scalars[position] != 0x2C, scalars[position] != 0x3A { beginsSentence = true }
        }
    }

    /// `-d`, `-rf`, `+x`: a sign and one to three letters that are no word.
    private func isFlag(_ chunk: Range<Int>) -> Bool {
        guard (2...4).contains(chunk.count), let sign = chunk.first.map({ folded.scalars[$0] }),
            sign == 0x2D || sign == 0x2B
        else { return false }
        let letters = folded.scalars[chunk].dropFirst()
        return letters.allSatisfy { $0 >= 0x61 && $0 <= 0x7A } && (letters.count == 1 || lexicon.lookup(letters) < 0)
    }

    private mutating func scanWords(in chunk: Range<Int>) {
        let scalars = folded.scalars
        if let abbreviation = ["a.m": "am", "p.m": "pm", "c++": "c++", "c#": "c#"].first(where: {
            scalars[chunk].elementsEqual($0.key.unicodeScalars.map(\.value))
        }) {
            return appendWord(chunk, hash: TokenHash.hash(abbreviation.value))
        }
        var position = chunk.lowerBound
        while position < chunk.upperBound {
            if Self.isLetter(scalars[position]) {
                var end = position + 1
                while end < chunk.upperBound, Self.isLetter(scalars[end]) || isInnerApostrophe(end, in: chunk) {
                    end += 1
                }
                appendWord(position..<end)
                position = end
            } else {
                if isDegreeScale(position, in: chunk) {
                    appendWord(position..<position + 2)
                    position += 1
                } else if Self.isCurrencySign(scalars[position]) || scalars[position] == 0x26
                    || scalars[position] == 0xB0
                {
                    appendWord(position..<position + 1)
                } else if Self.isPause(scalars[position]) {
                    append(.pause, position..<position + 1)
                }
                position += 1
            }
        }
    }

    /// `°C`, `°F`.
    private func isDegreeScale(_ position: Int, in chunk: Range<Int>) -> Bool {
        guard folded.scalars[position] == 0xB0, position + 1 < chunk.upperBound else { return false }
        let letter = folded.scalars[position + 1]
        let isLast = position + 2 >= chunk.upperBound || !Self.isLetter(folded.scalars[position + 2])
        return (letter == 0x63 || letter == 0x66) && isLast
    }

    private func isInnerApostrophe(_ position: Int, in chunk: Range<Int>) -> Bool {
        folded.scalars[position] == 0x27 && position + 1 < chunk.upperBound
            && Self.isLetter(folded.scalars[position + 1])
    }

    private mutating func scanNumbers(in chunk: Range<Int>) {
        var position = chunk.lowerBound
        let scalars = folded.scalars
        if let identifier = NumericShape.identifier(scalars[chunk]) {
            return appendIdentifier(identifier, as: .name)
        }
        while position < chunk.upperBound {
            let isNegative = isSign(position, in: chunk)
            let start = isNegative ? position + 1 : position
            if let number = NumericShape.read(scalars[start..<chunk.upperBound], lexicon: lexicon) {
                for token in number.tokens {
                    if token.kind == .identifier {
                        appendIdentifier(token.range, as: .name)
                    } else {
                        tokens.append(isNegative ? token.negated : token)
                    }
                }
                position = number.end
                beginsSentence = false
            } else if Self.isLetter(scalars[position]) {
                var end = position
                while end < chunk.upperBound, Self.isLetter(scalars[end]) { end += 1 }
                appendWord(position..<end)
                position = end
            } else {
                if isDegreeScale(position, in: chunk) {
                    appendWord(position..<position + 2)
                    position += 1
                } else if Self.isCurrencySign(scalars[position]) || scalars[position] == 0x25
                    || scalars[position] == 0xB0
                {
                    appendWord(position..<position + 1)
                }
                position += 1
            }
        }
    }

    /// The minus of `-40`, not the one of `3-1`.
    private func isSign(_ position: Int, in chunk: Range<Int>) -> Bool {
        guard folded.scalars[position] == 0x2D, position + 1 < chunk.upperBound else { return false }
        return position == chunk.lowerBound || Self.opensNumber(folded.scalars[position - 1])
    }

    // MARK: - Tokens

    private mutating func append(_ kind: TextToken.Kind, _ range: Range<Int>) {
        tokens.append(TextToken(kind: kind, range: range, hash: TokenHash.hash(folded.scalars[range])))
    }

    private mutating func appendWord(_ range: Range<Int>, hash: UInt64? = nil) {
        var hash = hash ?? TokenHash.hash(folded.scalars[range])
        var sense = lexicon.lookup(hash: hash)
        if sense < 0 { sense = lexicon.lookup(folded.scalars[range]) }
        // "order's" is "order" and "we'll" is "we" where the lexicon does not list them.
        if sense < 0, let apostrophe = folded.scalars[range].firstIndex(of: 0x27) {
            let stem = folded.scalars[range.lowerBound..<apostrophe]
            hash = TokenHash.hash(stem)
            sense = lexicon.lookup(stem)
        }
        let casing = Casing(folded.isCapital[range])
        if casing == .scrambled { return appendIdentifier(range, as: .code) }
        let isCapital = folded.isCapital[range.lowerBound] && !beginsSentence
        var token = TextToken(kind: .word, range: range, hash: hash, sense: sense, isCapital: isCapital)
        // A title begins sentences and says nothing there; "I" is a capital wherever it stands.
        token.casing = casing == .title && beginsSentence ? .lower : casing
        let isPronoun = range.count == 1 && folded.scalars[range.lowerBound] == 0x69
        if token.casing != .lower, !isPronoun, !beginsSentence || range.count > 1 { hasMeantCapitals = true }
        tokens.append(token)
        beginsSentence = false
    }

    /// Adds an identifier under the hash of its letters and digits: `AB-12` is `ab12`, but `aB3xY` is not `Ab3xY`.
    private mutating func appendIdentifier(_ range: Range<Int>, as shape: IdentifierShape) {
        let hash = IdentifierDigest(folded, range, shape, beginsSentence: beginsSentence).key
        tokens.append(TextToken(kind: .identifier, range: range, hash: hash))
        beginsSentence = false
    }
}
