/// A question as the guards see it: analysed once, when it is stored or asked.
public struct AnalyzedText: Sendable {
    /// The text as it was written.
    public let text: String

    /// Analyses a text.
    ///
    /// - Complexity: O(*n*) for *n* characters.
    public init(_ text: String) { self.text = text }
}
