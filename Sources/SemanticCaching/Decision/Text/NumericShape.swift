/// Numbers, dates, times and alphanumeric names, told from a stretch of text without blanks.
enum NumericShape {
    /// What was read: its tokens, and where reading stopped.
    struct Reading {
        var tokens: [TextToken]
        var end: Int
    }

    /// The range of the whole stretch if it is one name: `AB-1234`, `1.2.3`, `4G`, `707-226-9912`, a very long number.
    static func identifier(_ scalars: ArraySlice<UInt32>) -> Range<Int>? {
        var digits = 0
        var letters = 0
        var leadingLetters = 0
        var dots = 0
        var groups = 0
        var wasDigit = false
        for scalar in scalars {
            let isDigit = TextScanner.isDigit(scalar)
            if isDigit {
                digits += 1
                if !wasDigit { groups += 1 }
            } else if TextScanner.isLetter(scalar) {
                letters += 1
                if digits == 0 { leadingLetters += 1 }
            } else if scalar == 0x2E {
                dots += 1
            } else if scalar != 0x2D, scalar != 0x23 {
                return nil
            }
            wasDigit = isDigit
        }
        let whole = scalars.startIndex..<scalars.endIndex
        if letters == 0 {
            let isDashed = scalars.contains(0x2D)
            if dots >= 2, !isDashed, groups == dots + 1, !isDottedDate(scalars) { return whole }
            if isDashed, groups >= 3, dots == 0, DateShape(scalars) == nil { return whole }
            let isZeroPadded = scalars.first == 0x30 && digits > 2 && dots == 0
            return !isDashed && dots == 0 && (digits > 17 || isZeroPadded) ? whole : nil
        }
        // "v2.1" is a version number; "iphone15", "covid-19" and "10km" are a word and a number.
        if leadingLetters == letters {
            if leadingLetters == 1, scalars.first == 0x76 { return dots >= 2 ? whole : nil }
            return leadingLetters <= 2 ? whole : (groups > 1 && dots == 0 ? whole : nil)
        }
        return leadingLetters > 0 && groups > 0 && dots == 0 ? whole : nil
    }

    private static func isDottedDate(_ scalars: ArraySlice<UInt32>) -> Bool { DateShape(scalars) != nil }

    /// Reads a number, time or date at the beginning of the stretch, with its suffix; nil if there is none.
    static func read(_ scalars: ArraySlice<UInt32>, lexicon: Lexicon) -> Reading? {
        guard let first = scalars.first else { return nil }
        if first == 0x76, let next = scalars.dropFirst().first, TextScanner.isDigit(next), scalars.count < 8 {
            guard var reading = read(scalars.dropFirst(), lexicon: lexicon) else { return nil }
            reading.tokens[0].isVersion = true
            reading.tokens[0].range = scalars.startIndex..<reading.tokens[0].range.upperBound
            return reading
        }
        guard TextScanner.isDigit(first) || first == 0x2E else { return nil }
        if let date = DateShape(scalars) { return date.reading(in: scalars) }
        if let clock = readClock(scalars) { return clock }
        return readNumber(scalars, lexicon: lexicon)
    }

    /// `7:30`, `19:30:15`; a following `am` or `pm` is a token of its own.
    private static func readClock(_ scalars: ArraySlice<UInt32>) -> Reading? {
        guard let colon = scalars.firstIndex(of: 0x3A), colon - scalars.startIndex <= 2,
            let hours = integer(scalars[..<colon]), hours <= 24, scalars.endIndex >= colon + 3,
            let minutes = integer(scalars[(colon + 1)..<(colon + 3)]), minutes < 60
        else { return nil }
        var end = colon + 3
        if end + 2 < scalars.endIndex, scalars[end] == 0x3A, TextScanner.isDigit(scalars[end + 1]) { end += 3 }
        let range = scalars.startIndex..<end
        var token = TextToken(kind: .clock, range: range, hash: TokenHash.hash(scalars[range]))
        token.value = ExactDecimal(mantissa: Int64(hours * 60 + minutes))
        return attachingSuffix(to: token, in: scalars)
    }

    private static func readNumber(_ scalars: ArraySlice<UInt32>, lexicon: Lexicon) -> Reading? {
        var mantissa: Int64 = 0
        var exponent = 0
        var position = scalars.startIndex
        var seenDot = false
        while position < scalars.endIndex {
            let scalar = scalars[position]
            if TextScanner.isDigit(scalar) {
                guard mantissa < 900_000_000_000_000_000 else { break }
                mantissa = mantissa * 10 + Int64(scalar - 0x30)
                if seenDot { exponent -= 1 }
            } else if scalar == 0x2E, !seenDot, position + 1 < scalars.endIndex,
                TextScanner.isDigit(scalars[position + 1])
            {
                seenDot = true
            } else if !(scalar == 0x2C && !seenDot && isThousandsGroup(scalars, after: position)) {
                break
            }
            position += 1
        }
        guard position > scalars.startIndex else { return nil }
        let range = scalars.startIndex..<position
        var token = TextToken(kind: .number, range: range, hash: TokenHash.hash(scalars[range]))
        token.value = ExactDecimal(mantissa: mantissa, exponent: exponent)
        return suffixed(token, in: scalars, lexicon: lexicon)
    }

    /// Reads what is glued to a number: `5k`, `3rd`, `10km`, `7pm`, `2-week`; an unknown suffix makes it a name.
    private static func suffixed(_ number: TextToken, in scalars: ArraySlice<UInt32>, lexicon: Lexicon) -> Reading {
        var token = number
        let start = number.range.upperBound
        let letters = scalars[start...].prefix { TextScanner.isLetter($0) }
        guard !letters.isEmpty else { return Reading(tokens: [token], end: start) }
        let suffix = String(String.UnicodeScalarView(letters.compactMap(Unicode.Scalar.init)))
        switch suffix {
        case "k":
            token.value = token.value.multiplied(by: ExactDecimal(mantissa: 1000)) ?? token.value
        case "bn":
            token.value = token.value.multiplied(by: ExactDecimal(mantissa: 1, exponent: 9)) ?? token.value
        case "st", "nd", "rd", "th":
            token.isOrdinal = true
        case "s":
            break
        default:
            let sense = lexicon.lookup(letters)
            let isUnit = sense >= 0 && lexicon.senses[Int(sense)].unit >= 0
            if isUnit || suffix == "am" || suffix == "pm" || suffix == "hrs" {
                return attachingSuffix(to: token, in: scalars)
            }
            let end = scalars[start...].firstIndex { !TextScanner.isLetter($0) && !TextScanner.isDigit($0) }
            let range = number.range.lowerBound..<(end ?? scalars.endIndex)
            let name = TextToken(kind: .identifier, range: range, hash: TokenHash.hash(scalars[range]))
            return Reading(tokens: [name], end: range.upperBound)
        }
        token.range = number.range.lowerBound..<(start + letters.count)
        return Reading(tokens: [token], end: start + letters.count)
    }

    private static func attachingSuffix(to token: TextToken, in scalars: ArraySlice<UInt32>) -> Reading {
        Reading(tokens: [token], end: token.range.upperBound)
    }

    private static func isThousandsGroup(_ scalars: ArraySlice<UInt32>, after comma: Int) -> Bool {
        guard comma + 3 < scalars.endIndex, scalars[(comma + 1)...(comma + 3)].allSatisfy(TextScanner.isDigit) else {
            return false
        }
        return comma + 4 == scalars.endIndex || !TextScanner.isDigit(scalars[comma + 4])
    }

    /// The value of a run of at most nine digits.
    static func integer(_ scalars: ArraySlice<UInt32>) -> Int? {
        guard !scalars.isEmpty, scalars.count <= 9, scalars.allSatisfy(TextScanner.isDigit) else { return nil }
        return scalars.reduce(0) { $0 * 10 + Int($1 - 0x30) }
    }
}
