private import Foundation

/// A text in compatibility form and lower case, scalar by scalar, with the way back to the bytes it came from.
///
/// NFKC (Unicode Standard Annex 15) makes full-width digits, ligatures and composed letters equal; lower case and plain
/// apostrophes follow. Characters that are their own compatibility form, nearly all of them, take no detour.
struct FoldedText {
    /// The folded scalars.
    private(set) var scalars: [UInt32] = []
    /// For each scalar the first byte of the character it came from, and the text's byte count at the end.
    private(set) var offsets: [Int32] = []
    /// Whether the scalar was written as a capital.
    private(set) var isCapital: [Bool] = []
    /// How many letters were written as capitals, and how many ASCII letters were not.
    private var capitalCount = 0
    private var lowerCount = 0
    /// Whether a letter carries a mark that models without accents do not see.
    private(set) var hasDiacritics = false

    init(_ text: String) {
        let count = text.utf8.count
        scalars.reserveCapacity(count + 1)
        offsets.reserveCapacity(count + 2)
        isCapital.reserveCapacity(count + 1)
        if !appendASCII(text) {
            scalars.removeAll(keepingCapacity: true)
            offsets.removeAll(keepingCapacity: true)
            isCapital.removeAll(keepingCapacity: true)
            (hasDiacritics, capitalCount, lowerCount) = (false, 0, 0)
            appendCharacters(of: text)
        }
        offsets.append(Int32(clamping: count))
    }

    /// Folds byte by byte; false as soon as a byte is not ASCII.
    private mutating func appendASCII(_ text: String) -> Bool {
        var offset: Int32 = 0
        for byte in text.utf8 {
            guard byte < 0x80 else { return false }
            append(UInt32(byte), at: offset)
            offset += 1
        }
        return true
    }

    private mutating func appendCharacters(of text: String) {
        var offset: Int32 = 0
        var wasRaised = false
        for character in text {
            let scalars = character.unicodeScalars
            if let scalar = scalars.first, scalars.index(after: scalars.startIndex) == scalars.endIndex,
                let folded = Self.foldedAlone(scalar.value)
            {
                append(folded, at: offset)
                wasRaised = false
            } else if let scalar = scalars.first {
                let isRaised = Self.isRaised(scalar)
                if isRaised, !wasRaised { separate(0x5E, at: offset) }
                if Self.isFraction(scalar) { separate(0x20, at: offset) }
                for scalar in (Self.roman(scalar) ?? String(character)).precomposedStringWithCompatibilityMapping
                    .unicodeScalars
                {
                    append(scalar.value, at: offset)
                }
                wasRaised = isRaised
            }
            offset += Int32(character.utf8.count)
        }
    }

    /// Keeps `10²` from `102`, and `1½` from `11/2`.
    private mutating func separate(_ scalar: UInt32, at offset: Int32) {
        if let last = scalars.last, TextScanner.isDigit(last) { append(scalar, at: offset) }
    }

    private static func isRaised(_ scalar: Unicode.Scalar) -> Bool {
        switch scalar.value {
        case 0xB2, 0xB3, 0xB9, 0x2070...0x207B: true
        default: false
        }
    }

    /// A Roman numeral of one character in digits: as letters, `Ⅳ` and `Ⅵ` are words that no guard knows.
    private static func roman(_ scalar: Unicode.Scalar) -> String? {
        guard (0x2160...0x2188).contains(scalar.value) else { return nil }
        return scalar.properties.numericValue.map { String(Int($0)) }
    }

    private static func isFraction(_ scalar: Unicode.Scalar) -> Bool {
        (0xBC...0xBE).contains(scalar.value) || (0x2150...0x215F).contains(scalar.value)
    }

    private mutating func append(_ scalar: UInt32, at offset: Int32) {
        if scalar < 0x80 {
            let isUpper = scalar >= 0x41 && scalar <= 0x5A
            push(isUpper ? scalar | 0x20 : scalar, at: offset, isUpper)
        } else if (0x3041...0x9FFF).contains(scalar) || (0xAC00...0xD7A3).contains(scalar) {
            // Neither case nor digits; most of what is not ASCII.
            if scalar < 0x3100 { noteDiacritic(scalar) }
            push(scalar, at: offset, false)
        } else if let properties = Unicode.Scalar(scalar)?.properties, properties.isUppercase {
            for lower in properties.lowercaseMapping.unicodeScalars {
                noteDiacritic(lower.value)
                push(lower.value, at: offset, true)
            }
        } else if let digit = Self.digit(scalar) {
            push(0x30 + digit, at: offset, false)
        } else {
            noteDiacritic(scalar)
            push(Self.plain(scalar), at: offset, false)
        }
    }

    private mutating func noteDiacritic(_ scalar: UInt32) {
        if !hasDiacritics, Diacritics.base(of: scalar) != scalar { hasDiacritics = true }
    }

    /// The value of a decimal digit of any script: `٣` is 3.
    private static func digit(_ scalar: UInt32) -> UInt32? {
        guard let properties = Unicode.Scalar(scalar)?.properties, properties.numericType == .decimal else {
            return nil
        }
        return properties.numericValue.map { UInt32($0) }
    }

    private mutating func push(_ scalar: UInt32, at offset: Int32, _ wasCapital: Bool) {
        scalars.append(scalar)
        offsets.append(offset)
        isCapital.append(wasCapital)
        if wasCapital {
            capitalCount += 1
        } else if scalar >= 0x61, scalar <= 0x7A {
            lowerCount += 1
        }
    }

    /// Whether all of a text is written in capitals, which then say nothing.
    var isShouted: Bool { lowerCount == 0 && capitalCount >= 4 }

    /// Apostrophes, the minus sign and the fraction slash have one spelling.
    private static func plain(_ scalar: UInt32) -> UInt32 {
        switch scalar {
        case 0x2019, 0x2018, 0x02BC: 0x27
        case 0x2212: 0x2D
        case 0x2044: 0x2F
        default: scalar
        }
    }

    /// The compatibility form of a character of one scalar where it is known without tables; nil where it is not.
    private static func foldedAlone(_ scalar: UInt32) -> UInt32? {
        switch scalar {
        case 0..<0x80, 0x3400...0x9FFF, 0x3041...0x3096, 0x30A1...0x30FA, 0x3001...0x3017: scalar
        case 0x00C0...0x0131, 0x0141...0x0148, 0x014A...0x017E, 0x0391...0x03CE, 0x0400...0x04FF: scalar
        case 0x2018...0x201D, 0x2013, 0x2014, 0x20AC, 0x00A3, 0x00A5, 0x20B9, 0x20BD, 0x20A9, 0x00B0: scalar
        case 0xFF01...0xFF5E: scalar - 0xFEE0
        case 0x00B4: 0x27
        case 0x3000, 0x00A0: 0x20
        default: nil
        }
    }

    /// The bytes that a run of scalars came from.
    func source(_ range: Range<Int>) -> SourceRange {
        let last = range.upperBound - 1
        var end = range.upperBound
        // All scalars of one character share its first byte: its end is where the next character begins.
        while end < scalars.count, last >= range.lowerBound, offsets[end] == offsets[last] { end += 1 }
        return SourceRange(lower: offsets[range.lowerBound], upper: offsets[end])
    }
}
