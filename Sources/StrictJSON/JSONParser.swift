/// A strict, bounded parser of RFC 8259: what two parsers could read in two ways is refused.
///
/// Refused are duplicate keys (also two spellings of one that Unicode holds to be equivalent), lone surrogates, text
/// that is not UTF-8, leading zeros, comments, trailing commas and bytes after the value; depth is bounded because the
/// parser recurses.
struct JSONParser {
    private let bytes: UnsafeBufferPointer<UInt8>
    private var offset = 0
    private var remainingDepth: Int

    init(bytes: UnsafeBufferPointer<UInt8>, maximumDepth: Int) {
        self.bytes = bytes
        remainingDepth = maximumDepth
    }

    mutating func parseDocument() throws(JSONError) -> JSONValue {
        let value = try parseValue()
        skipWhitespace()
        guard offset == bytes.count else { throw fault("there is more after the value") }
        return value
    }

    private mutating func parseValue() throws(JSONError) -> JSONValue {
        skipWhitespace()
        guard let byte = peek else { throw fault("a value is missing") }
        switch byte {
        case UInt8(ascii: "{"): return .object(try parseObject())
        case UInt8(ascii: "["): return .array(try parseArray())
        case UInt8(ascii: "\""): return .string(try parseString())
        case UInt8(ascii: "t"): return try parseLiteral("true", as: .bool(true))
        case UInt8(ascii: "f"): return try parseLiteral("false", as: .bool(false))
        case UInt8(ascii: "n"): return try parseLiteral("null", as: .null)
        default: return .number(try parseNumber())
        }
    }

    private mutating func parseObject() throws(JSONError) -> JSONObject {
        try enter()
        var members: [JSONObject.Member] = []
        var seen: Set<String> = []
        skipWhitespace()
        if consume(UInt8(ascii: "}")) { return leave(JSONObject()) }
        repeat {
            skipWhitespace()
            guard peek == UInt8(ascii: "\"") else { throw fault("a member name is missing") }
            let keyOffset = offset
            let key = try parseString()
            // Few members are compared in place; only large objects pay for a set.
            let isDuplicate: Bool
            if members.count < 16 {
                isDuplicate = members.contains { $0.key == key }
            } else {
                if seen.isEmpty { seen = Set(members.map(\.key)) }
                isDuplicate = !seen.insert(key).inserted
            }
            guard !isDuplicate else { throw JSONError(message: "a member name stands twice", offset: keyOffset) }
            skipWhitespace()
            guard consume(UInt8(ascii: ":")) else { throw fault("':' is missing") }
            members.append(.init(key: key, value: try parseValue()))
            skipWhitespace()
        } while consume(UInt8(ascii: ","))
        guard consume(UInt8(ascii: "}")) else { throw fault("'}' or ',' is missing") }
        return leave(JSONObject(distinctMembers: members))
    }

    private mutating func parseArray() throws(JSONError) -> [JSONValue] {
        try enter()
        var elements: [JSONValue] = []
        skipWhitespace()
        if consume(UInt8(ascii: "]")) { return leave(elements) }
        repeat {
            elements.append(try parseValue())
            skipWhitespace()
        } while consume(UInt8(ascii: ","))
        guard consume(UInt8(ascii: "]")) else { throw fault("']' or ',' is missing") }
        return leave(elements)
    }

    private mutating func parseNumber() throws(JSONError) -> JSONNumber {
        let rest = bytes[offset...]
        let length = JSONNumber.lengthOfNumber(in: rest)
        guard length > 0 else { throw fault("this is no value") }
        let digits = rest.prefix(length)
        guard let canonicalText = JSONNumber.canonicalText(of: digits) else { throw fault("the exponent is too long") }
        offset += length
        return JSONNumber(validated: String(decoding: digits, as: UTF8.self), canonicalText: canonicalText)
    }

    private mutating func parseLiteral(_ word: StaticString, as value: JSONValue) throws(JSONError) -> JSONValue {
        let matches = word.withUTF8Buffer { bytes[offset...].starts(with: $0) }
        guard matches else { throw fault("this is no value") }
        offset += word.utf8CodeUnitCount
        return value
    }

    private mutating func parseString() throws(JSONError) -> String {
        offset += 1
        let start = offset
        while let byte = peek, byte != UInt8(ascii: "\""), byte != UInt8(ascii: "\\"), byte >= 0x20 { offset += 1 }
        guard let byte = peek else { throw fault("a string does not end") }
        if byte == UInt8(ascii: "\"") {
            let text = String(validating: bytes[start..<offset], as: UTF8.self)
            guard let text else { throw JSONError(message: "a string is not UTF-8", offset: start) }
            offset += 1
            return text
        }
        return try parseStringWithEscapes(from: start)
    }

    private mutating func parseStringWithEscapes(from start: Int) throws(JSONError) -> String {
        var buffer = Array(bytes[start..<offset])
        while let byte = peek {
            switch byte {
            case UInt8(ascii: "\""):
                guard let text = String(validating: buffer, as: UTF8.self) else {
                    throw JSONError(message: "a string is not UTF-8", offset: start)
                }
                offset += 1
                return text
            case UInt8(ascii: "\\"):
                offset += 1
                buffer.append(contentsOf: String(try parseEscape()).utf8)
            case 0..<0x20: throw fault("a control character stands unescaped in a string")
            default:
                buffer.append(byte)
                offset += 1
            }
        }
        throw fault("a string does not end")
    }

    private mutating func parseEscape() throws(JSONError) -> Unicode.Scalar {
        guard let byte = peek else { throw fault("a string does not end") }
        offset += 1
        switch byte {
        case UInt8(ascii: "n"): return "\n"
        case UInt8(ascii: "t"): return "\t"
        case UInt8(ascii: "r"): return "\r"
        case UInt8(ascii: "b"): return "\u{8}"
        case UInt8(ascii: "f"): return "\u{c}"
        case UInt8(ascii: "\""), UInt8(ascii: "\\"), UInt8(ascii: "/"): return Unicode.Scalar(byte)
        case UInt8(ascii: "u"): return try parseUnicodeEscape()
        default: throw fault("an escape is unknown")
        }
    }

    private mutating func parseUnicodeEscape() throws(JSONError) -> Unicode.Scalar {
        let high = try parseHexQuad()
        if let scalar = Unicode.Scalar(high) { return scalar }
        guard (0xD800..<0xDC00).contains(high), consume(UInt8(ascii: "\\")), consume(UInt8(ascii: "u")) else {
            throw fault("a surrogate stands alone")
        }
        let low = try parseHexQuad()
        guard (0xDC00..<0xE000).contains(low),
            let scalar = Unicode.Scalar(0x10000 + (UInt32(high) - 0xD800) << 10 + (UInt32(low) - 0xDC00))
        else { throw fault("a surrogate stands alone") }
        return scalar
    }

    private mutating func parseHexQuad() throws(JSONError) -> UInt16 {
        var value: UInt16 = 0
        for _ in 0..<4 {
            guard let byte = peek, let digit = Character(Unicode.Scalar(byte)).hexDigitValue, byte < 0x80 else {
                throw fault("a \\u escape needs four hexadecimal digits")
            }
            value = value << 4 | UInt16(digit)
            offset += 1
        }
        return value
    }

    private mutating func enter() throws(JSONError) {
        guard remainingDepth > 0 else { throw fault("values are nested too deeply") }
        remainingDepth -= 1
        offset += 1
    }

    private mutating func leave<Value>(_ value: Value) -> Value {
        remainingDepth += 1
        return value
    }

    private var peek: UInt8? { offset < bytes.count ? bytes[offset] : nil }

    private mutating func consume(_ byte: UInt8) -> Bool {
        guard peek == byte else { return false }
        offset += 1
        return true
    }

    private mutating func skipWhitespace() {
        while let byte = peek, byte == 0x20 || byte == 0x0A || byte == 0x0D || byte == 0x09 { offset += 1 }
    }

    private func fault(_ message: String) -> JSONError { JSONError(message: message, offset: offset) }
}

extension JSONValue {
    /// Parses one JSON text.
    ///
    ///     let body = try JSONValue(parsing: requestBytes, maximumBytes: 1 << 20)
    ///
    /// - Throws: ``JSONError`` with the offset of the fault; nothing is quoted from the input.
    /// - Complexity: O(*n*) for *n* bytes.
    public init(
        parsing bytes: some Collection<UInt8>,
        maximumDepth: Int = 64,
        maximumBytes: Int = .max
    ) throws(JSONError) {
        guard bytes.count <= maximumBytes else {
            throw JSONError(message: "the text is longer than \(maximumBytes) bytes", offset: maximumBytes)
        }
        let result: Result<JSONValue, JSONError>? = bytes.withContiguousStorageIfAvailable { buffer in
            Self.parse(buffer, maximumDepth: maximumDepth)
        }
        let parsed = result ?? Array(bytes).withUnsafeBufferPointer { Self.parse($0, maximumDepth: maximumDepth) }
        self = try parsed.get()
    }

    private static func parse(
        _ buffer: UnsafeBufferPointer<UInt8>,
        maximumDepth: Int
    ) -> Result<JSONValue, JSONError> {
        var parser = JSONParser(bytes: buffer, maximumDepth: maximumDepth)
        do throws(JSONError) { return .success(try parser.parseDocument()) } catch { return .failure(error) }
    }
}
