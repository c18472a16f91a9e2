import SemanticCaching
import Testing

@Suite struct QuestionPatternTests {
    /// A pattern, texts that fit and texts that do not.
    struct Example: Sendable, CustomTestStringConvertible {
        let pattern: String
        let fitting: [String]
        let others: [String]
        var testDescription: String { pattern }
    }

    /// What repeats nothing adds no step, so that the limit of steps alone would not end it.
    @Test(.timeLimit(.minutes(1)), arguments: ["", "a{0}", "(?:)", "(b{0}){3}"])
    func repeatingNothingTakesNoTime(nothing: String) throws {
        let pattern = String(repeating: "(", count: 9) + nothing + String(repeating: "){1000}", count: 9)
        #expect(try QuestionPattern(regularExpression: "^\(pattern)x$").matches("x"))
        #expect(try !QuestionPattern(regularExpression: "^\(pattern)x$").matches("bx"))
    }

    @Test(arguments: [
        Example(pattern: "price", fitting: ["price", "the price?", "pricey"], others: ["", "Price", "pric e"]),
        Example(pattern: "^price", fitting: ["price of"], others: ["the price"]),
        Example(pattern: "price$", fitting: ["the price"], others: ["price of", "price\n"]),
        Example(pattern: "^$", fitting: [""], others: ["a", "\n"]),
        Example(pattern: "", fitting: ["", "a"], others: []),
        Example(pattern: "a|b|", fitting: ["", "x"], others: []),
        Example(pattern: "^(a|bc)+$", fitting: ["a", "abca", "bcbc"], others: ["", "ab", "b", "cb"]),
        Example(pattern: "^a{2,3}$", fitting: ["aa", "aaa"], others: ["a", "aaaa"]),
        Example(pattern: "^a{2}$", fitting: ["aa"], others: ["a", "aaa"]),
        Example(pattern: "^a{2,}$", fitting: ["aa", "aaaaa"], others: ["a", ""]),
        Example(pattern: "^a{,2}$", fitting: ["", "aa"], others: ["aaa"]),
        Example(pattern: "^(ab?){0}c$", fitting: ["c"], others: ["ac"]),
        Example(pattern: "^[a-c_]+$", fitting: ["abc_"], others: ["d", "-", ""]),
        Example(pattern: "^[^a-c]+$", fitting: ["d-]"], others: ["da", ""]),
        Example(pattern: "^[]a-]+$", fitting: ["]", "a", "-"], others: ["b"]),
        Example(pattern: #"^[\d\-x]+$"#, fitting: ["12-x"], others: ["y", #"\"#]),
        Example(pattern: #"^[^\D]+$"#, fitting: ["42"], others: ["4a"]),
        Example(pattern: #"\b20\d\d\b"#, fitting: ["in 2024?", "2024"], others: ["12024", "2024x", "20244"]),
        Example(pattern: #"\Bx"#, fitting: ["ax"], others: ["x", "a x"]),
        Example(pattern: #"^\w+\s\W$"#, fitting: ["ab !"], others: ["ab c", "\u{FC} !"]),
        Example(pattern: #"\$\(1\.5\)"#, fitting: ["costs $(1.5)"], others: ["$(1x5)"]),
        Example(pattern: #"^\u{1F600}.$"#, fitting: ["\u{1F600}x", "\u{1F600}\u{1F601}"], others: ["\u{1F601}x"]),
        Example(pattern: "^.$", fitting: ["\u{FC}", "\r"], others: ["\n", "u\u{308}", ""]),
        Example(
            pattern: "(?i)stra\u{DF}e|\u{C4}PFEL",
            fitting: ["STRA\u{DF}E", "\u{E4}pfel"],
            others: ["strasse", "apfel"]
        ),
        Example(pattern: "(?i)^[a-z]+$", fitting: ["AbC"], others: ["A1"]),
        Example(pattern: "(?:a*)*b", fitting: ["aaab", "b"], others: ["aaa"]),
        Example(pattern: "^(a|aa)+$", fitting: ["aaaaa"], others: ["aab"]),
        Example(pattern: "a+?b*?c??$", fitting: ["abc", "a"], others: ["b"]),
    ])
    func regularExpression(_ example: Example) throws {
        let pattern = try QuestionPattern(regularExpression: example.pattern)
        for text in example.fitting { #expect(pattern.matches(text), "\(text.debugDescription)") }
        for text in example.others { #expect(!pattern.matches(text), "\(text.debugDescription)") }
    }

    @Test(arguments: [
        ("(a", "without ')'"), ("a)", "without '('"), ("[a", "without ']'"), ("*a", "nothing to repeat"),
        ("a{2", "without '}'"), ("a{3,2}", "rise"), ("a{1001}", "within"), ("a{}", "missing"), (#"(a)\1"#, "back-"),
        ("(?=a)", "not supported"), ("(?<n>a)", "not supported"), (#"a\"#, #"ends in '\'"#), (#"\q"#, "unknown"),
        ("[z-a]", "rise"), (#"\u{110000}"#, "hexadecimal"), (#"\u12"#, "hexadecimal"), ("((a{100}){100})", "multiply"),
        (String(repeating: "(", count: 60) + String(repeating: ")", count: 60), "deeply"),
        (String(repeating: "a", count: 1001), "longer"),
    ])
    func refusesWhatItCannotDo(_ text: String, _ reason: String) {
        let error = #expect(throws: PatternError.self) { try QuestionPattern(regularExpression: text) }
        #expect(error?.message.contains(reason) == true, "\(text): \(error?.description ?? "")")
    }

    @Test func globsAreAboutTheWholeText() throws {
        let glob = try QuestionPattern(glob: "What is the ?rice of *?")
        #expect(glob.matches("What is the price of tea?"))
        #expect(glob.matches("What is the Price of \n?"))
        #expect(!glob.matches("What is the price of "))
        #expect(!glob.matches("So: What is the price of tea?"))
        let quoted = try QuestionPattern(glob: #"1 \* 2 = \?\\ *"#)
        #expect(quoted.matches(#"1 * 2 = ?\ "#))
        #expect(!quoted.matches(#"1 x 2 = ?\ "#))
        #expect(!(try QuestionPattern(glob: "a.c").matches("abc")))
    }

    @Test func prefixesCompareScalars() {
        #expect(QuestionPattern(prefix: "How").matches("How do I"))
        #expect(QuestionPattern(prefix: "").matches(""))
        #expect(!QuestionPattern(prefix: "how").matches("How do I"))
        #expect(!QuestionPattern(prefix: "\u{FC}").matches("u\u{308}ber"))
    }

    /// Patterns that take backtracking matchers ages take time in proportion here: counted in steps, not seconds, by
    /// being done at all within the suite.
    @Test(arguments: ["^(a+)+$", "^(a|a)*$", "(a*)*b", "^(a?){100}a{100}$", "(.*)*x", "(?:(?:a|b)*)*c"])
    func noPatternIsCatastrophic(_ text: String) throws {
        let pattern = try QuestionPattern(regularExpression: text)
        let question = String(repeating: "a", count: 2000) + "!"
        #expect(!pattern.matches(question))
    }

    /// Random patterns against a matcher that tries everything.
    @Test func agreesWithExhaustiveSearch() throws {
        let seed = UInt64.random(in: 0...UInt64.max)
        var generator = TestGenerator(state: seed)
        for _ in 0..<400 {
            let tree = ExhaustivePattern.random(depth: 4, using: &generator)
            let pattern = try QuestionPattern(regularExpression: tree.text)
            for _ in 0..<20 {
                let text = String(
                    (0..<Int.random(in: 0...7, using: &generator)).map { _ in
                        Character(["a", "b", "c"].randomElement(using: &generator) ?? "a")
                    }
                )
                #expect(pattern.matches(text) == tree.matches(text), "seed \(seed): \(tree.text) on '\(text)'")
            }
        }
    }
}

/// SplitMix64, for repeatable choices.
struct TestGenerator: RandomNumberGenerator {
    var state: UInt64

    mutating func next() -> UInt64 {
        state &+= 0x9E37_79B9_7F4A_7C15
        var mixed = (state ^ (state >> 30)) &* 0xBF58_476D_1CE4_E5B9
        mixed = (mixed ^ (mixed >> 27)) &* 0x94D0_49BB_1331_11EB
        return mixed ^ (mixed >> 31)
    }
}
