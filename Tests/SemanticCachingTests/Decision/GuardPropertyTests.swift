import SemanticCaching
import Testing

/// A small generator, so that every run draws the same texts.
struct SplitMix: RandomNumberGenerator {
    var state: UInt64
    init(seed: UInt64) { state = seed }
    mutating func next() -> UInt64 {
        state &+= 0x9e37_79b9_7f4a_7c15
        var z = state
        z = (z ^ (z >> 30)) &* 0xbf58_476d_1ce4_e5b9
        z = (z ^ (z >> 27)) &* 0x94d0_49bb_1331_11eb
        return z ^ (z >> 31)
    }
}

@Suite struct GuardPropertyTests {
    private static let words = [
        "cancel", "order", "not", "never", "from", "to", "Boston", "7", "am", "$", "10", "km", "the", "don't", "isn't",
        "on", "turn",
        "off", "unlock", "lock", "two", "hundred", "and", "half", "past", "a", "week", "不", "没有", "收到", "一", "万", "元",
        "从", "到", "北京",
        "下午", "3点", "?", ",", ".", "a@b.com", "x_y()", "1.2.3", "2024-01-02", "é", "👍", "ﬁ", "５", "v2", "°C",
        "99999999999999999999", "-", "'",
        "my", "your", "was", "will", "who", "when", "one", "%", "first", "50%", "stop", "sending", "no", "：", "\u{0}",
        "\u{301}",
    ]

    private func text(_ generator: inout SplitMix) -> String {
        (0..<Int.random(in: 0...9, using: &generator)).map { _ in
            Self.words.randomElement(using: &generator)! + (Bool.random(using: &generator) ? " " : "")
        }.joined()
    }

    @Test(arguments: [1, 2, 3, 4] as [UInt64])
    func anyTwoTextsAreComparedSymmetrically(seed: UInt64) {
        var generator = SplitMix(seed: seed)
        for _ in 0..<400 {
            let (first, second) = (text(&generator), text(&generator))
            let (a, b) = (AnalyzedText(first), AnalyzedText(second))
            let forward = PairGuards.flags(asked: a, stored: b)
            let backward = PairGuards.flags(asked: b, stored: a)
            #expect(forward.conflicts == backward.conflicts, "seed \(seed): \(first) / \(second)")
            let vetoes = PairGuards.findings(asked: a, stored: b).filter(\.isVeto)
            #expect(vetoes.isEmpty == forward.conflicts.subtracting(.names).isEmpty)
        }
    }

    @Test(arguments: [5, 6] as [UInt64])
    func noTextIsForbiddenToItself(seed: UInt64) {
        var generator = SplitMix(seed: seed)
        for _ in 0..<400 {
            let first = text(&generator)
            let flags = PairGuards.flags(asked: AnalyzedText(first), stored: AnalyzedText(first))
            #expect(flags == GuardFlags(), "seed \(seed): \(first)")
        }
    }

    @Test(arguments: [7, 8] as [UInt64])
    func numbersInDigitsAndWordsAreEqual(seed: UInt64) {
        var generator = SplitMix(seed: seed)
        for _ in 0..<200 {
            let number = Int.random(in: 2...999_999, using: &generator)
            let flags = PairGuards.flags(
                asked: AnalyzedText("ship \(number) boxes"),
                stored: AnalyzedText("ship \(Self.spelled(number)) boxes")
            )
            #expect(
                flags.conflicts.isEmpty && flags.doubts.isEmpty,
                "seed \(seed): \(number) = \(Self.spelled(number))"
            )
            let other = PairGuards.flags(
                asked: AnalyzedText("ship \(number + 1) boxes"),
                stored: AnalyzedText("ship \(Self.spelled(number)) boxes")
            )
            #expect(!other.conflicts.isEmpty, "seed \(seed): \(number)")
        }
    }

    /// A number in English words.
    private static func spelled(_ number: Int) -> String {
        let small = [
            "zero", "one", "two", "three", "four", "five", "six", "seven", "eight", "nine", "ten", "eleven", "twelve",
            "thirteen",
            "fourteen", "fifteen", "sixteen", "seventeen", "eighteen", "nineteen",
        ]
        let tens = ["", "", "twenty", "thirty", "forty", "fifty", "sixty", "seventy", "eighty", "ninety"]
        switch number {
        case ..<20: return small[number]
        case ..<100: return tens[number / 10] + (number % 10 == 0 ? "" : "-" + small[number % 10])
        case ..<1000:
            return small[number / 100] + " hundred" + (number % 100 == 0 ? "" : " and " + spelled(number % 100))
        default: return spelled(number / 1000) + " thousand" + (number % 1000 == 0 ? "" : " " + spelled(number % 1000))
        }
    }
}
