/// The digest of the signs of a text that say something, in one pass with its letters.
///
///     total > 100      a <= b      -40 °C      GMT+5      A+      x++      10^-5      5 %
///
/// Most signs are punctuation: the full stop, the hyphen of `e-mail`, the dash between clauses, the bullet of a list, the
/// asterisks of emphasis. Left of them are operators beside their operands. Each is hashed with the number of letters and
/// digits before it, so that `x++` is not `++x`.
struct SignDigest {
    private let scalars: [UInt32]
    private let isCapital: [Bool]
    private let tokens: [TextToken]
    private var nextToken = 0
    private var letterCount: UInt32 = 0
    private var hash = TokenHash()
    private var emblems = TokenHash()

    init(_ folded: FoldedText, _ tokens: [TextToken]) {
        scalars = folded.scalars
        isCapital = folded.isCapital
        self.tokens = tokens
    }

    /// The digest so far.
    var key: UInt64 { hash.value }

    /// The digest so far of what is neither letter nor digit nor punctuation: flags, emoji, currencies.
    var emblemKey: UInt64 { emblems.value }

    /// Passes a letter or digit.
    @inline(__always)
    mutating func noteLetter() { letterCount &+= 1 }

    /// Passes any other scalar but a blank.
    @inline(__always)
    mutating func noteMark(_ scalar: UInt32, at position: Int) {
        if scalar < 0x80 {
            // ! # % & * + - / < = > ^ | ~ as bits.
            let low: UInt64 = 0x7000_ac6a_0000_0000
            let high: UInt64 = 0x5000_0000_4000_0000
            guard (scalar < 0x40 ? low >> UInt64(scalar) : high >> UInt64(scalar - 0x40)) & 1 == 1 else { return }
        }
        noteSign(scalar, at: position)
    }

    @inline(never)
    private mutating func noteSign(_ scalar: UInt32, at position: Int) {
        guard let sign = scalar < 0x80 ? scalar : Self.plain(scalar) else {
            if Self.isEmblem(scalar) { emblems.combine(scalar) }
            return
        }
        guard !isInsideName(position), isOperator(sign, at: position) else { return }
        hash.combine(letterCount)
        hash.combine(sign)
    }

    /// What stands for something although it is no word; not the degree sign, which units know, nor the look of an emoji.
    private static func isEmblem(_ scalar: UInt32) -> Bool {
        guard scalar != 0xB0, let category = Unicode.Scalar(scalar)?.properties.generalCategory else { return false }
        switch category {
        case .otherSymbol, .mathSymbol, .currencySymbol, .modifierSymbol, .privateUse, .unassigned, .otherNumber:
            return true
        // The flags of Scotland and Wales are tags behind a black flag.
        case .format: return (0xE0020...0xE007F).contains(scalar)
        default: return false
        }
    }

    /// A dash may be a minus; the mathematical symbols are what they are.
    private static func plain(_ scalar: UInt32) -> UInt32? {
        switch scalar {
        case 0x2013: 0x2D
        case 0xD7: 0x2A
        case 0xF7: 0x2F
        case 0xB1, 0x2200...0x22FF: scalar
        default: nil
        }
    }

    /// Whether an identifier or a date took the sign in: those are compared on their own, and `5/1/2024` is `5-1-2024`.
    private mutating func isInsideName(_ position: Int) -> Bool {
        while nextToken < tokens.count, tokens[nextToken].range.upperBound <= position { nextToken += 1 }
        guard nextToken < tokens.count, tokens[nextToken].range.lowerBound < position else { return false }
        return tokens[nextToken].kind == .identifier || tokens[nextToken].kind == .date
    }

    // MARK: - What a sign stands between

    private func scalar(_ position: Int) -> UInt32 {
        scalars.indices.contains(position) ? max(scalars[position], 0x20) : 0x20
    }

    private static func isBlank(_ scalar: UInt32) -> Bool { scalar <= 0x20 }

    private static func isLetterOrDigit(_ scalar: UInt32) -> Bool {
        TextScanner.isLetter(scalar) || TextScanner.isDigit(scalar)
    }

    /// The nearest scalar in a direction that is no blank; 0 where there is none.
    private func neighbour(of position: Int, by step: Int) -> (position: Int, scalar: UInt32) {
        var next = position + step
        while scalars.indices.contains(next), Self.isBlank(scalars[next]) { next += step }
        return (next, scalars.indices.contains(next) ? scalars[next] : 0)
    }

    /// The letters that stand together at a position, up to three.
    private func runLength(at position: Int) -> Int {
        var lower = position
        var upper = position
        while upper - lower < 3, TextScanner.isLetter(scalar(lower - 1)) { lower -= 1 }
        while upper - lower < 3, TextScanner.isLetter(scalar(upper + 1)) { upper += 1 }
        return TextScanner.isLetter(scalar(position)) ? upper - lower + 1 : 0
    }

    /// A digit, a bracket, or a letter that stands alone.
    private func isOperand(_ position: Int, bracket: UInt32) -> Bool {
        let scalar = scalar(position)
        return TextScanner.isDigit(scalar) || scalar == bracket || runLength(at: position) == 1
    }

    private func hasOperands(_ position: Int) -> Bool {
        isOperand(neighbour(of: position, by: -1).position, bracket: 0x29)
            && isOperand(neighbour(of: position, by: 1).position, bracket: 0x28)
    }

    private func stepOver(_ sign: UInt32, from position: Int, by step: Int) -> Int {
        scalar(position + step) == sign ? position + 2 * step : position + step
    }

    /// `- item`, `> quoted`.
    private func opensLine(_ position: Int) -> Bool {
        var before = position - 1
        while before >= 0, scalars[before] == 0x20 || scalars[before] == 0x09 { before -= 1 }
        return before < 0 || scalars[before] < 0x20
    }

    // MARK: - The signs

    private func isOperator(_ sign: UInt32, at position: Int) -> Bool {
        let (before, after) = (scalar(position - 1), scalar(position + 1))
        // Three in a row are a line or a fence.
        if before == sign, scalar(position - 2) == sign || after == sign { return false }
        if after == sign, scalar(position + 2) == sign { return false }
        let isBullet = Self.isBlank(after) && opensLine(position)
        switch sign {
        case 0x2D: return isMinus(at: position, before, after) && !isBullet
        case 0x2A: return isTimes(at: position) && !isBullet
        case 0x2F: return isSlash(at: position, before, after) && !isBullet
        case 0x21: return isExclamationOperator(at: position, before, after)
        case 0x23: return (1...2).contains(runLength(at: position - 1)) && !Self.isLetterOrDigit(after)
        case 0x26: return before == sign || after == sign
        case 0x7E: return Self.isLetterOrDigit(after) && (Self.isBlank(before) || before == 0x28)
        case 0x3E: return !opensLine(position)
        default: return !isBullet
        }
    }

    /// A sign of a number, a difference, a flag, or the minus of `O-` and `x--`.
    private func isMinus(at position: Int, _ before: UInt32, _ after: UInt32) -> Bool {
        let isNumber =
            TextScanner.isDigit(after) || TextScanner.isCurrencySign(after)
            || (after == 0x2E && TextScanner.isDigit(scalar(position + 2)))
        if isNumber, TextScanner.opensNumber(before) { return true }
        if TextScanner.isDigit(before) || before == 0x29, TextScanner.isDigit(after) || after == 0x28 { return true }
        if Self.isBlank(before), Self.isBlank(after) { return hasOperands(position) }
        if Self.isBlank(before) || before == 0x28 {
            // `-x` was read as a name, which begins here.
            return nextToken < tokens.count && tokens[nextToken].kind == .identifier
                && tokens[nextToken].range.lowerBound == position
        }
        guard !Self.isLetterOrDigit(after) else { return false }
        let run = runLength(at: before == 0x2D ? position - 2 : position - 1)
        return run == 1 || (run == 2 && isCapital[position - 1])
    }

    /// Between operands; around a word it is emphasis.
    private func isTimes(at position: Int) -> Bool {
        let after = stepOver(0x2A, from: position, by: 1)
        let before = stepOver(0x2A, from: position, by: -1)
        if Self.isBlank(scalar(before)), Self.isBlank(scalar(after)) { return true }
        return isOperand(before, bracket: 0x29) && isOperand(after, bracket: 0x28)
    }

    /// Between numbers or alone between operands; between words it is no more than "or".
    private func isSlash(at position: Int, _ before: UInt32, _ after: UInt32) -> Bool {
        if Self.isBlank(before), Self.isBlank(after) { return hasOperands(position) }
        return (TextScanner.isDigit(before) || TextScanner.isDigit(after)) && hasOperands(position)
    }

    /// `!=`, `!x` behind another operator, `5! +`; never the mark behind a sentence.
    private func isExclamationOperator(at position: Int, _ before: UInt32, _ after: UInt32) -> Bool {
        if after == 0x3D { return true }
        let next = neighbour(of: position, by: 1).scalar
        if TextScanner.isDigit(before) { return "+-*/^=<>)".unicodeScalars.contains { $0.value == next } }
        guard Self.isLetterOrDigit(after) || after == 0x28 else { return false }
        let previous = neighbour(of: position, by: -1).scalar
        return previous == 0 || "(&|=!".unicodeScalars.contains { $0.value == previous }
    }
}
