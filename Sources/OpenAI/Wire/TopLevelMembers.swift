import StrictJSON

/// Edits the members of a JSON object in its bytes, so that every other byte stays as it came.
///
/// The proxy strips its own controls this way: the upstream sees the client's bytes and not a re-serialisation, which
/// could differ in number text, escapes or spacing.
package enum TopLevelMembers {
    /// Cuts the members of the given names out of an object that ``JSONValue`` has parsed from the same bytes.
    ///
    /// A removed member takes with it the comma and the space towards the kept member before it.
    ///
    /// - Complexity: O(*n*) for *n* bytes.
    package static func removing(_ names: Set<String>, from bytes: [UInt8]) -> [UInt8] {
        let spans = spans(in: bytes)
        let removed = spans.map { span in key(in: bytes[span]).map(names.contains) ?? false }
        guard removed.contains(true), let first = spans.first, let last = spans.last else {
            return bytes
        }
        var output = Array(bytes[..<first.lowerBound])
        var previousEnd = first.lowerBound
        var hasKept = false
        for (span, isRemoved) in zip(spans, removed) {
            if !isRemoved {
                if hasKept { output.append(contentsOf: bytes[previousEnd..<span.lowerBound]) }
                output.append(contentsOf: bytes[span])
                hasKept = true
            }
            previousEnd = span.upperBound
        }
        output.append(contentsOf: bytes[last.upperBound...])
        return output
    }

    /// The bytes of each member, from its key's quote to the end of its value.
    private static func spans(in bytes: [UInt8]) -> [Range<Int>] {
        var spans: [Range<Int>] = []
        var depth = 0
        var start: Int?
        var end = 0
        var index = 0
        while index < bytes.count {
            switch bytes[index] {
            case UInt8(ascii: "\""):
                if depth == 1, start == nil { start = index }
                index = endOfString(in: bytes, from: index)
                end = index
                continue
            case UInt8(ascii: "{"), UInt8(ascii: "["): depth += 1
            case UInt8(ascii: "}"), UInt8(ascii: "]"):
                depth -= 1
                if depth == 0, let first = start { spans.append(first..<end) }
            case UInt8(ascii: ",") where depth == 1:
                if let first = start { spans.append(first..<end) }
                start = nil
            default: break
            }
            index += 1
            if ![0x20, 0x0A, 0x0D, 0x09].contains(bytes[index - 1]) { end = index }
        }
        return spans
    }

    private static func endOfString(in bytes: [UInt8], from quote: Int) -> Int {
        var index = quote + 1
        while index < bytes.count, bytes[index] != UInt8(ascii: "\"") {
            index += bytes[index] == UInt8(ascii: "\\") ? 2 : 1
        }
        return min(index + 1, bytes.count)
    }

    private static func key(in member: ArraySlice<UInt8>) -> String? {
        let bytes = Array(member)
        let quoted = bytes[..<endOfString(in: bytes, from: 0)]
        return (try? JSONValue(parsing: quoted))?.stringValue
    }
}
