import StrictJSON
import Testing

@Suite struct JSONLimitTests {
    private func parse(_ text: String, depth: Int = 64, bytes: Int = .max) throws -> JSONValue {
        try JSONValue(parsing: Array(text.utf8), maximumDepth: depth, maximumBytes: bytes)
    }

    @Test(arguments: [1, 2, 64, 200])
    func depthIsCountedInArraysAndObjects(depth: Int) throws {
        func nested(_ count: Int) -> [String] {
            [
                String(repeating: "[", count: count) + String(repeating: "]", count: count),
                String(repeating: #"{"a":"#, count: count) + "1" + String(repeating: "}", count: count),
            ]
        }
        for text in nested(depth) { #expect(throws: Never.self) { try parse(text, depth: depth) } }
        for text in nested(depth + 1) { #expect(throws: JSONError.self) { try parse(text, depth: depth) } }
    }

    @Test func depthIsGivenBackByWhatEnds() throws {
        let siblings = "[" + Array(repeating: "[[]]", count: 500).joined(separator: ",") + "]"
        #expect(try parse(siblings, depth: 3).arrayValue?.count == 500)
        #expect(throws: Never.self) { try parse(#"[{},{"a":{}},[]]"#, depth: 3) }
    }

    @Test func noDepthMeansScalarsOnly() throws {
        #expect(try parse("1", depth: 0) == 1)
        #expect(throws: JSONError.self) { try parse("[]", depth: 0) }
    }

    /// A flood of brackets without end is refused at the limit, not by running out of stack.
    @Test(arguments: ["[", #"{"a":"#, "[{\"a\":"])
    func aFloodOfBracketsIsRefused(opening: String) {
        #expect(throws: JSONError.self) { try parse(String(repeating: opening, count: 100_000)) }
    }

    @Test func aTextOfTooManyBytesIsNotRead() throws {
        #expect(try parse("[1,2]", bytes: 5).arrayValue?.count == 2)
        let error = #expect(throws: JSONError.self) { try parse("[1,2]", bytes: 4) }
        #expect(error?.offset == 4)
    }

    @Test(arguments: [2, 3, 15, 16, 17, 18, 100])
    func aNameThatStandsTwiceIsRefusedWhereverItStands(count: Int) throws {
        let names = (0..<count).map { "k\($0)" }
        func object(_ names: [String]) -> String { "{" + names.map { "\"\($0)\":0" }.joined(separator: ",") + "}" }
        #expect(try parse(object(names)).objectValue?.count == count)
        for repeated in [0, count / 2, count - 1] {
            #expect(throws: JSONError.self) { try parse(object(names + [names[repeated]])) }
        }
    }

    /// Two spellings of one name are one name: by escapes, and by Unicode's canonical equivalence.
    @Test(arguments: [#"{"a":1,"\u0061":2}"#, #"{"\u00e9":1,"e\u0301":2}"#, #"{"a\/b":1,"a/b":2}"#])
    func aNameSpeltInTwoWaysIsRefused(text: String) {
        #expect(throws: JSONError.self) { try parse(text) }
    }

    @Test func aNameMayReturnInAnotherObject() throws {
        #expect(try parse(#"[{"a":1},{"a":{"a":2}}]"#)[1]?["a"]?["a"] == 2)
    }

    @Test func collectionsThatAreNotContiguousAreReadToo() throws {
        let scattered = "[1,\"é\"]".utf8.lazy.map { $0 }
        #expect(try JSONValue(parsing: scattered) == [1, "é"])
        #expect(try JSONValue(parsing: Array("xx[1]".utf8)[2...]) == [1])
    }
}
