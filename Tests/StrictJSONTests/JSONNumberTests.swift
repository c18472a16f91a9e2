import SemanticCachingTesting
import StrictJSON
import Testing

@Suite struct JSONNumberTests {
    /// The value written out digit by digit, without an exponent and without idle zeros: one text for each value.
    private func expanded(_ text: String) -> String {
        let parts = text.lowercased().split(separator: "e", omittingEmptySubsequences: false)
        let exponent = parts.count > 1 ? Int(parts[1]) ?? 0 : 0
        let isNegative = parts[0].hasPrefix("-")
        let mantissa = parts[0].drop { $0 == "-" }.split(separator: ".", omittingEmptySubsequences: false)
        var whole = Array(mantissa[0])
        var fraction = mantissa.count > 1 ? Array(mantissa[1]) : []
        for _ in 0..<max(0, exponent) { whole.append(fraction.isEmpty ? "0" : fraction.removeFirst()) }
        for _ in 0..<max(0, -exponent) { fraction.insert(whole.popLast() ?? "0", at: 0) }
        whole = Array(whole.drop { $0 == "0" })
        while fraction.last == "0" { fraction.removeLast() }
        if whole.isEmpty && fraction.isEmpty { return "0" }
        return (isNegative ? "-" : "") + String(whole) + "." + String(fraction)
    }

    private func randomText(using generator: inout SeededGenerator) -> String {
        func digits(_ range: ClosedRange<Int>) -> String {
            // Few different digits, so that equal values come up.
            String(
                (0..<Int.random(in: range, using: &generator)).map { _ in "0012".randomElement(using: &generator) ?? "0"
                }
            )
        }
        var text = Bool.random(using: &generator) ? "-" : ""
        let whole = digits(0...3)
        text += whole.first == "0" || whole.isEmpty ? "0" : whole
        if Bool.random(using: &generator) { text += "." + digits(1...4) }
        if Bool.random(using: &generator) {
            text += Bool.random(using: &generator) ? "e" : "E"
            text += ["", "+", "-"].randomElement(using: &generator) ?? ""
            text += String(Int.random(in: 0...6, using: &generator))
        }
        return text
    }

    @Test func equalsExactlyWhenTheDecimalValuesAre() throws {
        var generator = SeededGenerator.announced(seed: 51)
        var numbers: [(text: String, number: JSONNumber)] = []
        for _ in 0..<400 {
            let text = randomText(using: &generator)
            let number = try #require(JSONNumber(text), "\(text)")
            #expect(number.text == text)
            #expect(expanded(number.canonicalText) == expanded(text), "\(text)")
            numbers.append((text, number))
        }
        var equal = 0
        for left in numbers {
            for right in numbers {
                let isEqual = expanded(left.text) == expanded(right.text)
                if isEqual { equal += 1 }
                if (left.number == right.number) != isEqual { Issue.record("\(left.text) and \(right.text)") }
                if isEqual, left.number.hashValue != right.number.hashValue {
                    Issue.record("hashes of \(left.text) and \(right.text)")
                }
            }
        }
        #expect(equal > 2 * numbers.count)
    }

    @Test(arguments: [
        ("0", "0"), ("-0", "0"), ("0.000", "0"), ("-0e5", "0"), ("1", "1"), ("1.0", "1"), ("10", "1e1"),
        ("100e-2", "1"),
        ("1e0", "1"), ("-1.50", "-15e-1"), ("0.001", "1e-3"), ("1200", "12e2"), ("1e+07", "1e7"), ("1e-007", "1e-7"),
        ("9007199254740993", "9007199254740993"), ("0.1", "1e-1"), ("1e999999999", "1e999999999"),
        ("0.01e999999999", "1e999999997"), ("10e999999999", "1e1000000000"), ("1e-999999999", "1e-999999999"),
    ])
    func hasOneCanonicalText(text: String, canonical: String) {
        #expect(JSONNumber(text)?.canonicalText == canonical)
    }

    @Test(arguments: [
        "1e1000000000", "1e-1000000000", "1e00000000001000000000", "0e1000000000", "", "-", "1 ", " 1", "1e", "0x1",
        "é",
    ])
    func refusesWhatIsNoSaneNumber(text: String) {
        #expect(JSONNumber(text) == nil)
    }

    @Test func noValueIsRoundedThroughADouble() {
        #expect(JSONNumber("9007199254740993") != JSONNumber("9007199254740992"))
        #expect(JSONNumber("0.1") != JSONNumber("0.1000000000000000055511151231257827"))
        #expect(JSONNumber("1e400") != JSONNumber("1e401"))
    }

    @Test(
        arguments: [
            ("0", 0), ("-0.0", 0), ("42", 42), ("4.2e1", 42), ("-12e2", -1_200), ("1e18", 1_000_000_000_000_000_000),
            ("9223372036854775807", Int.max), ("-9223372036854775808", Int.min), ("922337203685477580.7e1", Int.max),
            ("9223372036854775808", nil), ("-9223372036854775809", nil), ("1e19", nil), ("1e999999999", nil),
            ("0.5", nil),
            ("12e-1", nil), ("1e-999999999", nil),
        ] as [(String, Int?)]
    )
    func intValueIsExactOrNil(text: String, expected: Int?) throws {
        #expect(try #require(JSONNumber(text)).intValue == expected)
    }

    @Test(arguments: [
        ("0.1", 0.1), ("-2.5e-3", -0.0025), ("1e400", Double.infinity), ("-1e400", -Double.infinity), ("1e-400", 0),
        ("123456789012345678901234567890", 0x1.8ee90ff6c373ep96), ("5e-324", Double.leastNonzeroMagnitude),
        ("1e999999999", Double.infinity), ("1e-999999999", 0),
    ])
    func doubleValueIsTheNearest(text: String, expected: Double) throws {
        #expect(try #require(JSONNumber(text)).doubleValue == expected)
    }

    @Test func doublesSurviveTheRoundTrip() throws {
        var generator = SeededGenerator.announced(seed: 52)
        for _ in 0..<2_000 {
            let value = Double(bitPattern: generator.next())
            guard value.isFinite else {
                #expect(JSONNumber(value) == nil)
                continue
            }
            let number = try #require(JSONNumber(value))
            #expect(number.doubleValue == value)
            #expect(try JSONValue(parsing: Array(number.text.utf8)) == .number(number))
        }
    }

    @Test func integersOfAnyWidthAreExact() {
        #expect(JSONNumber(UInt64.max).text == "18446744073709551615")
        #expect(JSONNumber(Int8.min) == JSONNumber("-128"))
        #expect(JSONNumber(UInt64.max).intValue == nil)
        #expect(JSONNumber(1_000).canonicalText == "1e3")
    }
}
