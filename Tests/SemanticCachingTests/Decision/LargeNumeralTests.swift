import SemanticCaching
import Testing

/// Numbers that no integer holds: anybody can ask for them.
@Suite struct LargeNumeralTests {
    private static let hundreds = Array(repeating: "hundred", count: 10).joined(separator: " ")

    static let numerals = [
        "two hundred hundred hundred hundred trillion",
        "one \(hundreds)",
        "one \(hundreds) \(hundreds)",
        "nine hundred thousand trillion trillion",
        "five trillion trillion trillion five hundred trillion",
        "99999999999999999999 trillion trillion",
        "九万亿亿亿亿亿亿亿亿",
        "5月922337203685477580十日",
        "5月九百亿亿亿亿日",
        "99999999999999999999点",
        "half past 9223372036854775807",
        "922337203685477580 weeks and 922337203685477580 days",
        "9223372036854775807.9223372036854775807%",
    ]

    @Test(arguments: numerals)
    func isAnalysed(_ numeral: String) {
        let text = AnalyzedText("How much is \(numeral) euros?")
        #expect(PairGuards.flags(asked: text, stored: AnalyzedText(text.text)) == GuardFlags())
    }

    @Test func numeralsBeyondEveryIntegerAreComparedByTheirWords() {
        let two = AnalyzedText("count to two \(Self.hundreds)")
        let three = AnalyzedText("count to three \(Self.hundreds)")
        #expect(!PairGuards.flags(asked: two, stored: three).conflicts.isEmpty)
        #expect(PairGuards.flags(asked: two, stored: AnalyzedText("count to two \(Self.hundreds)!")) == GuardFlags())
    }
}
