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

    /// Analyses a text; of a very long one, its first 4,096 bytes.
    ///
    /// - Complexity: O(*n*) for *n* characters, some ten microseconds for a question.
    public init(_ text: String) {
        self.text = text
        let limit = 4096
        let isLong = text.utf8.count > limit
        features = TextFeatures(TextReader(isLong ? Self.prefix(of: text, bytes: limit) : text))
    }

    /// Whether the two have the same content words and numbers, in any order.
    package func hasSameContent(as other: AnalyzedText) -> Bool { features.stems == other.features.stems }

    /// Whether the two are word for word the same but for case, blanks and punctuation.
    package func hasSameWords(as other: AnalyzedText) -> Bool { features.exactKey == other.features.exactKey }

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
