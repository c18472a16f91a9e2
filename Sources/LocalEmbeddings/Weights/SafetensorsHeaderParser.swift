/// Reads the one JSON shape that a safetensors header may have, and nothing else.
///
/// A general JSON parser would accept duplicate keys, fractions and any depth, and would have to be checked afterwards;
/// this one has no recursion, no number but a non-negative integer, and reports the byte at which it gave up.
struct SafetensorsHeaderParser {
    /// One tensor's entry as written, not yet checked against the file.
    struct Entry {
        let name: String
        let elementType: String
        let shape: [Int]
        let begin: Int
        let end: Int
    }

    private let bytes: UnsafeRawBufferPointer
    private var offset = 0

    /// Dimensions beyond which a shape is refused.
    private static var maximumRank: Int { 32 }

    init(bytes: UnsafeRawBufferPointer) {
        self.bytes = bytes
    }

    mutating func parse() throws(SafetensorsError) -> [Entry] {
        guard bytes.first == UInt8(ascii: "{") else { throw fault("it does not start with {") }
        var entries: [Entry] = []
        var sawMetadata = false
        try parseObject { (parser, key) throws(SafetensorsError) in
            if key == "__metadata__" {
                guard !sawMetadata else { throw parser.fault("__metadata__ occurs twice") }
                sawMetadata = true
                try parser.parseObject { (parser, _) throws(SafetensorsError) in _ = try parser.parseString() }
            } else {
                entries.append(try parser.parseEntry(name: key))
            }
        }
        skipWhitespace()
        guard offset == bytes.count else { throw fault("there is more after the closing brace") }
        return entries
    }

    private mutating func parseEntry(name: String) throws(SafetensorsError) -> Entry {
        var elementType: String?
        var shape: [Int]?
        var offsets: [Int]?
        try parseObject { (parser, key) throws(SafetensorsError) in
            switch key {
            case "dtype" where elementType == nil: elementType = try parser.parseString()
            case "shape" where shape == nil: shape = try parser.parseIntegers()
            case "data_offsets" where offsets == nil: offsets = try parser.parseIntegers()
            default: throw parser.fault("an entry has dtype, shape and data_offsets, each once")
            }
        }
        guard let elementType, let shape, let offsets, offsets.count == 2 else {
            throw fault("an entry needs a dtype, a shape and two data_offsets")
        }
        return Entry(name: name, elementType: elementType, shape: shape, begin: offsets[0], end: offsets[1])
    }

    /// Parses an object; `member` parses the value of each key.
    private mutating func parseObject(
        _ member: (inout SafetensorsHeaderParser, String) throws(SafetensorsError) -> Void
    ) throws(SafetensorsError) {
        try expect("{")
        skipWhitespace()
        if take("}") { return }
        repeat {
            skipWhitespace()
            let key = try parseString()
            try expect(":")
            try member(&self, key)
            skipWhitespace()
        } while take(",")
        try expect("}")
    }

    private mutating func parseIntegers() throws(SafetensorsError) -> [Int] {
        try expect("[")
        skipWhitespace()
        var values: [Int] = []
        if take("]") { return values }
        repeat {
            guard values.count < Self.maximumRank else { throw fault("the list is too long") }
            values.append(try parseInteger())
            skipWhitespace()
        } while take(",")
        try expect("]")
        return values
    }

    private mutating func parseInteger() throws(SafetensorsError) -> Int {
        skipWhitespace()
        let start = offset
        var value = 0
        while offset < bytes.count, case let digit = bytes[offset], digit >= 0x30, digit <= 0x39 {
            let (tens, overflows) = value.multipliedReportingOverflow(by: 10)
            let (sum, overflowsToo) = tens.addingReportingOverflow(Int(digit - 0x30))
            guard !overflows, !overflowsToo else { throw fault("the number is too large") }
            value = sum
            offset += 1
        }
        guard offset > start else { throw fault("a whole number of 0 or more is expected") }
        guard offset == start + 1 || bytes[start] != UInt8(ascii: "0") else { throw fault("a number starts with 0") }
        return value
    }

    private mutating func parseString() throws(SafetensorsError) -> String {
        try expect("\"")
        var text: [UInt8] = []
        while offset < bytes.count {
            let byte = bytes[offset]
            offset += 1
            switch byte {
            case UInt8(ascii: "\""):
                guard let string = String(validating: text, as: UTF8.self) else { throw fault("a text is not UTF-8") }
                return string
            case UInt8(ascii: "\\"): text.append(contentsOf: try parseEscape())
            case 0..<0x20: throw fault("a control character stands in a text")
            default: text.append(byte)
            }
        }
        throw fault("a text does not end")
    }

    private mutating func parseEscape() throws(SafetensorsError) -> [UInt8] {
        guard offset < bytes.count else { throw fault("a text does not end") }
        defer { offset += 1 }
        switch bytes[offset] {
        case UInt8(ascii: "\""): return [UInt8(ascii: "\"")]
        case UInt8(ascii: "\\"): return [UInt8(ascii: "\\")]
        case UInt8(ascii: "/"): return [UInt8(ascii: "/")]
        case UInt8(ascii: "b"): return [0x08]
        case UInt8(ascii: "f"): return [0x0C]
        case UInt8(ascii: "n"): return [0x0A]
        case UInt8(ascii: "r"): return [0x0D]
        case UInt8(ascii: "t"): return [0x09]
        case UInt8(ascii: "u"): return try parseUnicodeEscape()
        default: throw fault("an escape is not known")
        }
    }

    /// Parses the rest of `\uXXXX` or of a surrogate pair; leaves the offset on the last digit.
    private mutating func parseUnicodeEscape() throws(SafetensorsError) -> [UInt8] {
        var units = [try parseHexadecimal()]
        if units[0] & 0xFC00 == 0xD800 {
            guard offset + 2 < bytes.count, bytes[offset + 1] == UInt8(ascii: "\\"),
                bytes[offset + 2] == UInt8(ascii: "u")
            else { throw fault("a surrogate stands alone") }
            offset += 2
            units.append(try parseHexadecimal())
        }
        guard let text = String(validating: units, as: UTF16.self) else { throw fault("a surrogate stands alone") }
        return Array(text.utf8)
    }

    private mutating func parseHexadecimal() throws(SafetensorsError) -> UInt16 {
        guard offset + 4 < bytes.count else { throw fault("a text does not end") }
        var value: UInt16 = 0
        for _ in 0..<4 {
            offset += 1
            guard let digit = Character(Unicode.Scalar(bytes[offset])).hexDigitValue else {
                throw fault("an escape needs four hexadecimal digits")
            }
            value = value << 4 | UInt16(digit)
        }
        return value
    }

    private mutating func skipWhitespace() {
        while offset < bytes.count, [0x20, 0x09, 0x0A, 0x0D].contains(bytes[offset]) { offset += 1 }
    }

    private mutating func take(_ character: Unicode.Scalar) -> Bool {
        guard offset < bytes.count, bytes[offset] == UInt8(ascii: character) else { return false }
        offset += 1
        return true
    }

    private mutating func expect(_ character: Unicode.Scalar) throws(SafetensorsError) {
        skipWhitespace()
        guard take(character) else { throw fault("\(character) is expected") }
    }

    private func fault(_ detail: String) -> SafetensorsError {
        .malformedHeader(offset: offset, detail)
    }
}
