import StrictJSON
import Testing

/// What RFC 8259 lets a parser accept, and what it, or this parser's strictness, must refuse.
@Suite struct JSONConformanceTests {
    static let accepted: [String] = [
        "null", "true", "false", "0", "-0", "1", "-1", "0.5", "1e5", "1E5", "1e+5", "1e-5", "1.5e10", "-0.0e-0",
        "123456789012345678901234567890", "0.1234567890123456789", "1e0000000000000000005",
        #""""#, #""a""#, #""\"\\\/\b\f\n\r\t""#, #""\u0000""#, #""\u00e9\u00E9""#, #""\ud83d\ude00""#, #""\uFFFF""#,
        #""é 日本 😀""#, "\"\u{7f}\u{2028}\u{feff}\"", #""a\u0062c""#,
        "[]", "[ ]", "[1]", "[1,2]", "[[[]]]", "[null,true,\"x\",{}]", "{}", "{ }", #"{"a":1}"#, #"{"":0}"#,
        #"{"a":{"a":{"a":[]}}}"#, #"{"a":1,"b":2,"A":3}"#, " \t\r\n1 \t\r\n", " [ 1 , 2 ] ",
        #" { "a" : 1 , "b" : [ ] } "#,
    ]

    static let refused: [String] = [
        "", " ", "nul", "nulll", "TRUE", "True", "None", "NaN", "Infinity", "-Infinity", "undefined",
        "01", "-01", "00", "1.", ".5", "-.5", "1.e5", "1e", "1e+", "1E-", "-", "+1", "--1", "1-", "0x10", "1_000",
        "1,5",
        "1.5.2", "1e5.5", "١", "1 2", "1e1000000000", "0e9999999999",
        "\"", "\"a", "a\"", "'a'", #""\""#, #""\x41""#, #""\a""#, #""\u12""#, #""\u123g""#, #""\U0041""#, #""\u+123""#,
        #""\ud800""#, #""\udc00""#, #""\ud800\u0041""#, #""\ud800\ud800""#, #""\udc00\ud800""#, #""\ud800x""#,
        #""\ud800\n""#,
        "\"\n\"", "\"\t\"", "\"\u{0}\"", "\"\u{1f}\"",
        "[", "]", "[1", "[1,", "[1,]", "[,1]", "[,]", "[1 2]", "[1,,2]", "[1]]", "[1}", "[\"a\"",
        "{", "}", "{]", "{1:2}", "{a:1}", "{'a':1}", #"{"a"}"#, #"{"a":}"#, #"{"a":1"#, #"{"a":1,"#, #"{"a":1,}"#,
        #"{,"a":1}"#, #"{"a":1 "b":2}"#, #"{"a" 1}"#, #"{"a"::1}"#, #"{"a":1}}"#, #"{"a":1]"#, #"{null:1}"#,
        #"{"a":1,,"b":2}"#,
        "// c\n1", "/* c */1", "1 // c", "[1]#", "\u{feff}1", "\u{a0}1", "1\u{0}", "\u{b}1", "\u{c}1", "<a>",
    ]

    @Test(arguments: accepted) func accepts(text: String) throws {
        let value = try JSONValue(parsing: Array(text.utf8))
        #expect(try JSONValue(parsing: value.serialized()) == value)
    }

    @Test(arguments: refused) func refuses(text: String) {
        #expect(throws: JSONError.self) { try JSONValue(parsing: Array(text.utf8)) }
    }

    /// Text that is not UTF-8: stray and missing continuation bytes, overlong forms, surrogates, beyond U+10FFFF.
    @Test(
        arguments: [
            [0x80], [0xBF], [0xC3], [0xC3, 0x28], [0xE2, 0x82], [0xF0, 0x9F, 0x98], [0xFE], [0xFF],
            [0xC0, 0x80], [0xC0, 0xAF], [0xC1, 0xBF], [0xE0, 0x80, 0xAF], [0xF0, 0x80, 0x80, 0xAF],
            [0xED, 0xA0, 0x80], [0xED, 0xBF, 0xBF], [0xF4, 0x90, 0x80, 0x80], [0xF8, 0x88, 0x80, 0x80, 0x80],
        ] as [[UInt8]]
    )
    func refusesWhatIsNotUTF8(bytes: [UInt8]) {
        let quote = UInt8(ascii: "\"")
        #expect(throws: JSONError.self) { try JSONValue(parsing: [quote] + bytes + [quote]) }
        // The same behind an escape, which is another path of the parser.
        #expect(throws: JSONError.self) { try JSONValue(parsing: [quote, 0x5C, 0x6E] + bytes + [quote]) }
        #expect(throws: JSONError.self) { try JSONValue(parsing: [0x7B, quote] + bytes + [quote, 0x3A, 0x31, 0x7D]) }
        #expect(throws: JSONError.self) { try JSONValue(parsing: bytes) }
    }

    @Test(arguments: [
        (#""\"\\\/\b\f\n\r\t""#, "\"\\/\u{8}\u{c}\n\r\t"), (#""\ud83d\ude00""#, "😀"), (#""\uD834\uDD1E""#, "𝄞"),
        (#""\u0041\u00e9""#, "A\u{e9}"), (#""\u0000""#, "\u{0}"),
        (#""\ud800\udc00\udbff\udfff""#, "\u{10000}\u{10FFFF}"),
    ])
    func decodesEscapes(text: String, expected: String) throws {
        let value = try JSONValue(parsing: Array(text.utf8)).stringValue
        #expect(value.map { Array($0.unicodeScalars) } == Array(expected.unicodeScalars))
    }

    @Test func keepsTheOrderOfMembersAndTheTextOfNumbers() throws {
        let text = #"{"b":1.50,"a":-0,"c":[1e2,0.10]}"#
        #expect(try JSONValue(parsing: Array(text.utf8)).serializedText == text)
    }

    @Test func namesTheFirstOffendingByteAndQuotesNothing() {
        let error = #expect(throws: JSONError.self) { try JSONValue(parsing: Array(#"{"secret": sk-123}"#.utf8)) }
        #expect(error?.offset == 11)
        #expect(error.map { !"\($0)".contains("sk-123") && !"\($0)".contains("secret") } == true)
    }
}
