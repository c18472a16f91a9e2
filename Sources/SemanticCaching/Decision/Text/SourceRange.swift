/// A stretch of a text, in UTF-8 bytes from its beginning: what a finding quotes as it was written.
package struct SourceRange: Hashable, Sendable {
    /// The first byte.
    package var lower: Int32
    /// The byte after the last.
    package var upper: Int32

    /// The smallest range that holds both.
    package func union(_ other: SourceRange) -> SourceRange {
        SourceRange(lower: min(lower, other.lower), upper: max(upper, other.upper))
    }
}
