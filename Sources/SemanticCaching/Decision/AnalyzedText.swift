/// A question as the guards see it: analysed once, when it is stored or asked.
///
///     let text = AnalyzedText("Cancel order 123")
///
/// The analysis is shared by reference: copies are free.
public struct AnalyzedText: Sendable {
    /// The text as it was written.
    public let text: String
    /// What the guards read from it.
    package let features: TextFeatures
    /// Whether the guards read all of it.
    package let isWhole: Bool

    /// The most bytes of a text that are analysed.
    package static let maximumBytes = 4_096

    /// Analyses a text; of a very long one, its first 4,096 bytes.
    ///
    /// What the engine compares is never so long: see ``VerdictReason/tooLong``.
    ///
    /// - Complexity: O(*n*) for *n* characters, some ten microseconds for a question.
    public init(_ text: String) {
        self.text = text
        isWhole = text.utf8.count <= Self.maximumBytes
        features = TextFeatures(TextReader(isWhole ? text : Self.prefix(of: text, bytes: Self.maximumBytes)))
    }

    /// Whether the two have the same content words and numbers, in any order.
    package func hasSameContent(as other: AnalyzedText) -> Bool { features.stems == other.features.stems }

    /// Whether the two are word for word and sign for sign the same but for case, blanks and punctuation.
    package func hasSameWords(as other: AnalyzedText) -> Bool { features.hasSameWords(as: other.features) }

    /// The stretch of the text that a finding quotes.
    package func quote(_ range: SourceRange) -> String {
        let utf8 = text.utf8
        let lower = utf8.index(utf8.startIndex, offsetBy: Int(range.lower), limitedBy: utf8.endIndex) ?? utf8.endIndex
        let upper = utf8.index(utf8.startIndex, offsetBy: Int(range.upper), limitedBy: utf8.endIndex) ?? utf8.endIndex
        return String(text[lower..<upper])
    }

    private static func prefix(of text: String, bytes: Int) -> String {
        let end = text.utf8.index(text.utf8.startIndex, offsetBy: bytes)
        return String(text[..<text.index(after: text.index(before: end))])
    }
}
