/// The hash under which an identifier is compared: with its capitals, where they tell it from another one.
///
/// | identifier | is the same as | and is not |
/// |---|---|---|
/// | `AB-1234`, `MP3` | `ab1234`, `mp3` | `Ab-1234` inside a sentence |
/// | `aB3xYz` | | `Ab3xYz`, `ab3xyz` |
/// | `Ann@Example.com` | `ann@example.com` | |
/// | `https://Example.com/A` | `https://example.com/A` | `https://example.com/a` |
/// | `/home/A/b.txt`, `-D`, `foo_Bar()` | | `/home/a/b.txt`, `-d`, `foo_bar()` |
/// | `Node.js` | `node.js` | |
struct IdentifierDigest {
    /// The hash.
    let key: UInt64

    init(_ folded: FoldedText, _ range: Range<Int>, _ shape: IdentifierShape, beginsSentence: Bool) {
        let firstCased = Self.firstCased(folded, range, shape, beginsSentence)
        var hash = TokenHash()
        for position in range {
            let scalar = folded.scalars[position]
            if shape == .name, scalar == 0x2D || scalar == 0x23 { continue }
            // No scalar has this bit.
            let isMeant = folded.isCapital[position] && position >= firstCased
            hash.combine(isMeant ? scalar | 0x4000_0000 : scalar)
        }
        key = hash.value
    }

    /// The position from which on capitals count; the end of the range if they do not.
    private static func firstCased(
        _ folded: FoldedText,
        _ range: Range<Int>,
        _ shape: IdentifierShape,
        _ beginsSentence: Bool
    ) -> Int {
        let scalars = folded.scalars[range]
        guard !folded.isShouted, folded.isCapital[range].contains(true) else { return range.upperBound }
        switch shape {
        case .email: return range.upperBound
        case .url:
            let scheme = scalars.firstIndex(of: 0x3A).map { $0 + 3 } ?? range.lowerBound
            return scalars[min(scheme, range.upperBound)...].firstIndex(of: 0x2F) ?? range.upperBound
        case .code:
            let isScript = scalars.suffix(3).elementsEqual([0x2E, 0x6A, 0x73])
            let isPlain = scalars.dropLast(3).allSatisfy { TextScanner.isLetter($0) || TextScanner.isDigit($0) }
            return isScript && isPlain ? range.upperBound : range.lowerBound
        case .name:
            let letters = range.filter { TextScanner.isLetter(folded.scalars[$0]) }
            let capitals = letters.count { folded.isCapital[$0] }
            // "Mp3" where a sentence begins, "1000Rs".
            let isSuffix = letters.count > 1 && letters.count == range.upperBound - letters[0]
            let isTitle = (beginsSentence || isSuffix) && capitals == 1 && folded.isCapital[letters[0]]
            return capitals == letters.count || isTitle ? range.upperBound : range.lowerBound
        }
    }
}
