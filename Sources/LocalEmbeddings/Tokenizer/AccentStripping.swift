/// What is left of a character when its accents go: its canonical decomposition without nonspacing marks.
///
///     AccentStripping.forEachBase(of: "é") { print($0) }   // e
///
/// This is the BERT normaliser's "NFD, then drop category Mn". NFD also reorders marks, which is of no consequence
/// here: nearly every mark that has an order is nonspacing and is dropped.
enum AccentStripping {
    /// Calls `body` with each base of `scalar`, in order; not at all when the scalar is itself a nonspacing mark.
    ///
    /// - Complexity: O(log *n*) in the *n* ≈ 2,000 characters that have accents.
    static func forEachBase(of scalar: Unicode.Scalar, _ body: (Unicode.Scalar) -> Void) {
        let code = scalar.value
        if hangulSyllables.contains(code) {
            decomposeHangul(code, body)
        } else if let index = row(of: code, in: singles, width: 2) {
            visit(singles[index + 1], body)
        } else if let index = row(of: code, in: sequences, width: 4) {
            for base in sequences[index + 1..<index + 4] where base != 0 { visit(base, body) }
        } else if scalar.properties.generalCategory != .nonspacingMark {
            body(scalar)
        }
    }

    private static let hangulSyllables: ClosedRange<UInt32> = 0xAC00...0xD7A3

    /// The Unicode Standard, section 3.12: a syllable is a leading consonant, a vowel and maybe a trailing consonant.
    private static func decomposeHangul(_ code: UInt32, _ body: (Unicode.Scalar) -> Void) {
        let (vowels, trails): (UInt32, UInt32) = (21, 28)
        let index = code - hangulSyllables.lowerBound
        visit(0x1100 + index / (vowels * trails), body)
        visit(0x1161 + index % (vowels * trails) / trails, body)
        if index % trails != 0 { visit(0x11A7 + index % trails, body) }
    }

    private static func visit(_ code: UInt32, _ body: (Unicode.Scalar) -> Void) {
        if let scalar = Unicode.Scalar(code) { body(scalar) }
    }

    /// The index of the row that starts with `code`, in a table of rows of `width` numbers.
    private static func row(of code: UInt32, in table: [UInt32], width: Int) -> Int? {
        var low = 0
        var high = table.count / width
        while low < high {
            let middle = (low + high) / 2
            if table[middle * width] < code { low = middle + 1 } else { high = middle }
        }
        return low * width < table.count && table[low * width] == code ? low * width : nil
    }
}
