import StrictJSON
import Testing

@Suite struct JSONValueTests {
    @Test func objectsAreEqualInAnyOrderOfTheirMembers() throws {
        let left = try JSONValue(parsing: Array(#"{"a":1,"b":[{"c":1.0,"d":2}]}"#.utf8))
        let right = try JSONValue(parsing: Array(#"{"b":[{"d":2,"c":1}],"a":1e0}"#.utf8))
        #expect(left == right)
        #expect(left.hashValue == right.hashValue)
        #expect(left != ["a": 1, "b": [["c": 1, "d": 3]]])
        #expect(left != ["a": 1])
    }

    @Test func orderOfElementsAndKindsOfScalarsMatter() {
        #expect(JSONValue.array([1, 2]) != [2, 1])
        #expect(JSONValue.null != false)
        #expect(JSONValue.integer(0) != false)
        #expect(JSONValue.string("1") != 1)
        #expect(JSONValue.array([]) != .object([:]))
    }

    @Test func accessorsAnswerOnlyForTheirKind() {
        let value: JSONValue = ["s": "x", "b": true, "n": 2.5, "i": 3, "a": [1, nil], "z": nil]
        #expect(value["s"]?.stringValue == "x" && value["s"]?.intValue == nil)
        #expect(value["b"]?.boolValue == true && value["b"]?.numberValue == nil)
        #expect(value["n"]?.doubleValue == 2.5 && value["n"]?.intValue == nil)
        #expect(value["i"]?.intValue == 3 && value["i"]?.boolValue == nil)
        #expect(value["a"]?[0] == 1 && value["a"]?[1]?.isNull == true)
        #expect(value["a"]?[2] == nil && value["a"]?[-1] == nil && value["s"]?[0] == nil)
        #expect(value["missing"] == nil && value["s"]?["x"] == nil)
        #expect(value["z"]?.isNull == true && value["z"]?.objectValue == nil && value["z"]?.arrayValue == nil)
        #expect(JSONValue.double(.nan).isNull && JSONValue.double(-.infinity).isNull)
    }

    @Test func membersAreSetInPlaceAppendedAndRemoved() {
        var object: JSONObject = ["b": 1, "a": 2]
        object["b"] = 3
        object["c"] = 4
        object["a"] = nil
        object["never"] = nil
        #expect(object.members.map(\.key) == ["b", "c"])
        #expect(object["b"] == 3)
        #expect(object.count == 2 && !object.isEmpty)
    }

    @Test func keysAreSortedByTheirBytes() {
        let object: JSONObject = ["z": 0, "é": 0, "a": 0, "Z": 0, "aa": 0, "": 0, "😀": 0, "\u{ffff}": 0]
        #expect(object.membersSortedByKey.map(\.key) == ["", "Z", "a", "aa", "z", "é", "\u{ffff}", "😀"])
    }

    @Test func controlCharactersAreEscaped() throws {
        let value = JSONValue.string("\u{0}\u{1f}\u{7f}\n\r\t\"\\/é😀")
        #expect(value.serializedText == #""\u0000\u001f\u007f\n\r\t\"\\/é😀""#)
        #expect(try JSONValue(parsing: value.serialized()) == value)
    }
}
