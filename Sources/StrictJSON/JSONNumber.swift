/// A JSON number, kept as it was written and compared by its exact decimal value.
///
///     JSONNumber("1.50") == JSONNumber("15e-1")  // true
///     JSONNumber("-0") == JSONNumber("0.0")      // true
///     JSONNumber("9007199254740993")?.text       // all digits kept
///
/// No value is rounded through a binary floating-point number on its way.
public struct JSONNumber: Sendable {
    /// The number as it was written.
    public let text: String

    /// The one decimal form that all spellings of this value share: `-15e-1` for `-1.50`, `0` for `-0.0`.
    public let canonicalText: String

    /// Checks the text against the grammar of RFC 8259 section 6.
    ///
    /// Returns nil for anything else, and for an exponent of more than nine digits, which no sane value needs.
    /// - Complexity: O(*n*) for *n* characters.
    public init?(_ text: String) {
        var copy = text
        let canonical: String?? = copy.withUTF8 { bytes in
            guard Self.lengthOfNumber(in: bytes) == bytes.count, !bytes.isEmpty else { return nil }
            return Self.canonicalText(of: bytes)
        }
        guard let found = canonical, let canonicalText = found else { return nil }
        self.text = text
        self.canonicalText = canonicalText
    }

    /// Creates a number from an integer.
    public init(_ value: some BinaryInteger) {
        text = String(value)
        canonicalText = Self.canonicalText(of: text.utf8) ?? text
    }

    /// Creates a number from a finite floating-point value, in its shortest exact spelling; nil if it is not finite.
    public init?(_ value: Double) {
        guard value.isFinite else { return nil }
        self.init(value.description)
    }

    init(validated text: String, canonicalText: String) {
        self.text = text
        self.canonicalText = canonicalText
    }

    /// The nearest double; infinite when out of its range.
    public var doubleValue: Double { Double(text) ?? .nan }

    /// The value as an integer, if it is one that fits.
    public var intValue: Int? {
        guard let exponentStart = canonicalText.firstIndex(of: "e") else { return Int(canonicalText) }
        guard let exponent = Int(canonicalText[canonicalText.index(after: exponentStart)...]),
            (1...19).contains(exponent)
        else { return nil }
        return Int(canonicalText[..<exponentStart] + String(repeating: "0", count: exponent))
    }
}

extension JSONNumber: Hashable {
    /// Two numbers are equal when their exact decimal values are.
    public static func == (left: JSONNumber, right: JSONNumber) -> Bool { left.canonicalText == right.canonicalText }

    /// Hashes the exact decimal value.
    public func hash(into hasher: inout Hasher) { hasher.combine(canonicalText) }
}

extension JSONNumber {
    /// The number of leading bytes that form one JSON number; 0 if none do.
    static func lengthOfNumber(in bytes: some RandomAccessCollection<UInt8>) -> Int {
        var index = bytes.startIndex
        func digits() -> Int {
            let start = index
            while index < bytes.endIndex, isDigit(bytes[index]) { index = bytes.index(after: index) }
            return bytes.distance(from: start, to: index)
        }
        if index < bytes.endIndex, bytes[index] == UInt8(ascii: "-") { index = bytes.index(after: index) }
        let integerStart = index
        let integerDigits = digits()
        guard integerDigits > 0, integerDigits == 1 || bytes[integerStart] != UInt8(ascii: "0") else { return 0 }
        if index < bytes.endIndex, bytes[index] == UInt8(ascii: ".") {
            index = bytes.index(after: index)
            guard digits() > 0 else { return 0 }
        }
        if index < bytes.endIndex, bytes[index] | 0x20 == UInt8(ascii: "e") {
            index = bytes.index(after: index)
            if index < bytes.endIndex, bytes[index] == UInt8(ascii: "+") || bytes[index] == UInt8(ascii: "-") {
                index = bytes.index(after: index)
            }
            guard digits() > 0 else { return 0 }
        }
        return bytes.distance(from: bytes.startIndex, to: index)
    }

    /// The canonical text of a valid number, or nil when its exponent is beyond nine digits.
    static func canonicalText(of bytes: some Sequence<UInt8>) -> String? {
        var isNegative = false
        var significand: [UInt8] = []
        var fractionDigits = 0
        var exponentDigits: [UInt8] = []
        var exponentIsNegative = false
        var part = 0  // 0 integer, 1 fraction, 2 exponent
        for byte in bytes {
            switch byte {
            case UInt8(ascii: "-"): if part == 2 { exponentIsNegative = true } else { isNegative = true }
            case UInt8(ascii: "."): part = 1
            case UInt8(ascii: "e"), UInt8(ascii: "E"): part = 2
            case UInt8(ascii: "+"): break
            default:
                if part == 2 {
                    if !(exponentDigits.isEmpty && byte == UInt8(ascii: "0")) { exponentDigits.append(byte) }
                } else {
                    if part == 1 { fractionDigits += 1 }
                    if !(significand.isEmpty && byte == UInt8(ascii: "0")) { significand.append(byte) }
                }
            }
        }
        guard exponentDigits.count <= 9 else { return nil }
        guard !significand.isEmpty else { return "0" }
        var exponent = exponentDigits.reduce(0) { $0 * 10 + Int($1 - UInt8(ascii: "0")) }
        if exponentIsNegative { exponent = -exponent }
        exponent -= fractionDigits
        while significand.last == UInt8(ascii: "0") {
            significand.removeLast()
            exponent += 1
        }
        let digits = String(decoding: significand, as: UTF8.self)
        return (isNegative ? "-" : "") + digits + (exponent == 0 ? "" : "e\(exponent)")
    }

    private static func isDigit(_ byte: UInt8) -> Bool { byte &- UInt8(ascii: "0") < 10 }
}
