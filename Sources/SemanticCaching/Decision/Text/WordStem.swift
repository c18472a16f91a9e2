/// A light suffix stripper for English words: enough to see that two wordings use the same word.
///
/// In the spirit of Porter (1980), but with the commonest endings only: a stem is compared, never shown.
enum WordStem {
    private static let endings: [(suffix: [UInt32], replacement: [UInt32])] = [
        ("ies", "y"), ("ied", "y"), ("sses", "ss"), ("ing", ""), ("edly", ""), ("ed", ""), ("es", "e"), ("s", ""),
        ("ly", ""),
    ].map { ($0.0.unicodeScalars.map(\.value), $0.1.unicodeScalars.map(\.value)) }
    private static let doubled: [UInt32] = "bdgmnprt".unicodeScalars.map(\.value)

    /// The digest of a word's stem.
    static func digest(_ word: ArraySlice<UInt32>) -> UInt32 {
        guard word.count > 3, word.allSatisfy({ $0 < 0x80 }) else { return TokenHash.short(TokenHash.hash(word)) }
        var stem = word
        var tail: [UInt32] = []
        for (suffix, replacement) in endings where word.count - suffix.count + replacement.count >= 3 {
            guard word.suffix(suffix.count).elementsEqual(suffix) else { continue }
            if suffix.count == 1, word[word.endIndex - 2] == suffix[0] { continue }
            stem = word.dropLast(suffix.count)
            tail = replacement
            break
        }
        if tail.isEmpty {
            if stem.count > 3, stem.last == 0x65 { stem = stem.dropLast() }
            if stem.count > 3, let last = stem.last, last == stem[stem.endIndex - 2], doubled.contains(last) {
                stem = stem.dropLast()
            }
        } else if tail == [0x65] {
            tail = []
        }
        var hash = TokenHash()
        for scalar in stem { hash.combine(scalar) }
        for scalar in tail { hash.combine(scalar) }
        return TokenHash.short(hash.value)
    }

    /// The digest of a word of a table.
    static func digest(_ word: some StringProtocol) -> UInt32 { digest(word.unicodeScalars.map(\.value)[...]) }
}
