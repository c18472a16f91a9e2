/// A word, number, identifier, symbol or pause of a text.
struct TextToken: Sendable {
    /// What a token is.
    enum Kind: UInt8, Sendable {
        case word
        case han
        case number
        /// A time of day with its minutes written: `7:30`.
        case clock
        /// A date written in digits, the value `month · 100 + day`.
        case date
        case identifier
        case symbol
        /// A comma, full stop or other end of a clause.
        case pause
    }

    /// What it is.
    var kind: Kind
    /// Its scalars in the folded text.
    var range: Range<Int>
    /// The hash of its scalars; of an identifier, without its separators.
    var hash: UInt64
    /// The lexicon's sense, or -1.
    var sense: Int32 = -1
    /// The value of a number, the minutes of a clock time, or the month and day of a date.
    var value = ExactDecimal(mantissa: 0)
    /// A number such as `3rd`.
    var isOrdinal = false
    /// A number that stands for a version, where `3.1` is not `3.10`.
    var isVersion = false
    /// The token belongs to a phrase whose sense the phrase's first token has.
    var isAbsorbed = false
    /// The token was written with a capital, and not only because a sentence begins there.
    var isCapital = false

    /// How its letters are written; of a word only.
    var casing = Casing.lower

    /// The number with the other sign, and any other token as it is.
    var negated: TextToken {
        guard kind == .number, !isOrdinal, !isVersion else { return self }
        var token = self
        token.value = ExactDecimal(mantissa: -value.mantissa, exponent: Int(value.exponent))
        return token
    }
}
