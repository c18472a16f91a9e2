/// A number with what it measures.
package struct Quantity: Sendable {
    /// The number as it was written.
    let written: ExactDecimal
    /// The number in base units.
    let base: ExactDecimal
    /// What it measures.
    let dimension: Dimension
    /// Nobody wrote the number: `a week` is one week, but matches without obliging.
    let isImplied: Bool
    /// The digits as written, where `3.1` is not `3.10`; 0 otherwise.
    let versionKey: UInt32
    /// The digest of what is counted or, without a noun, of the word before; numbers joined by `and` or a comma share it.
    let role: UInt32
    /// Where it stands.
    let source: SourceRange

    /// Whether the two are one amount.
    func matches(_ other: Quantity) -> Bool {
        if versionKey != 0, other.versionKey != 0, versionKey != other.versionKey { return false }
        if dimension == other.dimension {
            guard dimension == .halfDayClock else { return base == other.base }
            return Self.isSameHalfDay(base, other.base)
        }
        switch (dimension, other.dimension) {
        case (.clock, .halfDayClock), (.halfDayClock, .clock): return Self.isSameHalfDay(base, other.base)
        case (.none, _), (_, .none), (.ordinal, _), (_, .ordinal): return written == other.written
        default: return false
        }
    }

    private static func isSameHalfDay(_ left: ExactDecimal, _ right: ExactDecimal) -> Bool {
        guard let left = left.integer, let right = right.integer else { return false }
        return (left - right) % 720 == 0
    }
}

/// Something that a text has or has not, by hash.
package struct Fact: Sendable {
    let key: UInt64
    let source: SourceRange
}

/// A member of a closed class that a text names.
package struct MemberFact: Sendable {
    let wordClass: UInt8
    let member: UInt8
    let source: SourceRange
}

/// A meaning with an opposite: the number of the pair, negative for its right side or when it is denied.
package struct ConceptFact: Sendable {
    let concept: Int16
    /// The digest of the word or phrase that has the meaning.
    let lemma: UInt32
    let source: SourceRange
}

/// A denial and the word it denies.
package struct NegationFact: Sendable {
    /// The stem of the denied word; 0 if there is none.
    let target: UInt32
    let source: SourceRange
}

/// A word of a text, in its order.
package struct WordFact: Sendable {
    /// The digest of the stem.
    let stem: UInt32
    /// The digest of the stem behind a denying prefix (`un-`, `dis-`, …); 0 without one.
    let unprefixed: UInt32
    let flags: Flags
    let source: SourceRange

    struct Flags: OptionSet, Sendable {
        let rawValue: UInt16
        /// Tells questions apart; not a stop word.
        static let content = Flags(rawValue: 1)
        /// Written with a capital inside a sentence.
        static let name = Flags(rawValue: 2)
        /// `and`, `or`: its neighbours may change places.
        static let coordinating = Flags(rawValue: 4)
        /// Denied by a negator.
        static let denied = Flags(rawValue: 8)
        /// In capitals, where small letters are another word: `IT`, `5 M`.
        static let capitals = Flags(rawValue: 16)
        /// `Co`, `Mb`: symbols of two letters where no sentence begins.
        static let shortTitle = Flags(rawValue: 32)
        /// `CO`, `MB`.
        static let shortCapitals = Flags(rawValue: 64)
        /// `X`.
        static let capitalLetter = Flags(rawValue: 128)
        /// A letter that stands alone beside `=`, `<`, `>`, `-`, `/`, `^` or `%`.
        static let operand = Flags(rawValue: 256)
        /// Any of the four that capitals make.
        static let cased: Flags = [.capitals, .shortTitle, .shortCapitals, .capitalLetter]
    }
}

/// A word with diacritics, and the word that is left without them.
package struct AccentFact: Sendable {
    /// The digest of the word's stem.
    let stem: UInt32
    /// The same without the marks.
    let bare: UInt32
    let source: SourceRange
}

/// What somebody owns: `my name`.
package struct PossessionFact: Sendable {
    let person: PersonMark
    let stem: UInt32
    let source: SourceRange
}

/// The writing system of most of a text.
package enum Script: UInt8, Sendable {
    case none
    case latin
    case han
    case kana
    case hangul
    case cyrillic
    case arabic
    case other
}
