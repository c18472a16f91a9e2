import SemanticCaching
import Testing

/// Expects a veto besides that of names, the same whichever was asked first, and none against the text itself.
func expectApart(_ first: String, _ second: String, sourceLocation: SourceLocation = #_sourceLocation) {
    let (first, second) = (AnalyzedText(first), AnalyzedText(second))
    #expect(
        !PairGuards.flags(asked: first, stored: second).conflicts.subtracting(.names).isEmpty,
        sourceLocation: sourceLocation
    )
    #expect(
        PairGuards.flags(asked: first, stored: second).conflicts
            == PairGuards.flags(asked: second, stored: first).conflicts,
        sourceLocation: sourceLocation
    )
    #expect(
        PairGuards.flags(asked: first, stored: AnalyzedText(first.text + " ")) == GuardFlags(),
        sourceLocation: sourceLocation
    )
}

/// Expects no veto but that of names.
func expectAlike(_ asked: String, _ stored: String, sourceLocation: SourceLocation = #_sourceLocation) {
    let flags = PairGuards.flags(asked: AnalyzedText(asked), stored: AnalyzedText(stored))
    #expect(
        flags.conflicts.subtracting(.names).isEmpty,
        "found \(flags.conflicts.names)",
        sourceLocation: sourceLocation
    )
}
