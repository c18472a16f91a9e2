/// Base64 (RFC 4648, § 4) over plain bytes, without Foundation's copies.
package enum Base64 {
    /// The bytes that the text stands for; nil when it is not base64 with its padding.
    ///
    /// - Complexity: O(*n*) for *n* characters.
    package static func decode(_ text: String) -> [UInt8]? {
        var input = Array(text.utf8)
        guard input.count.isMultiple(of: 4) else { return nil }
        var padding = 0
        while padding < 2, input.last == UInt8(ascii: "=") {
            input.removeLast()
            padding += 1
        }
        var output: [UInt8] = []
        output.reserveCapacity(input.count / 4 * 3 + 2)
        var bits: UInt32 = 0
        var bitCount = 0
        for byte in input {
            let value = values[Int(byte)]
            guard value < 64 else { return nil }
            bits = bits << 6 | UInt32(value)
            bitCount += 6
            if bitCount >= 8 {
                bitCount -= 8
                output.append(UInt8(truncatingIfNeeded: bits >> UInt32(bitCount)))
            }
        }
        return output
    }

    /// The text that stands for the bytes.
    ///
    /// - Complexity: O(*n*) for *n* bytes.
    package static func encode(_ bytes: [UInt8]) -> String {
        var output: [UInt8] = []
        output.reserveCapacity((bytes.count + 2) / 3 * 4)
        for start in stride(from: 0, to: bytes.count, by: 3) {
            let count = min(3, bytes.count - start)
            var bits: UInt32 = 0
            for offset in 0..<3 {
                bits = bits << 8 | (offset < count ? UInt32(bytes[start + offset]) : 0)
            }
            for position in 0..<4 {
                let isPadding = position > count
                output.append(
                    isPadding ? UInt8(ascii: "=") : alphabet[Int(bits >> UInt32(18 - 6 * position)) & 63]
                )
            }
        }
        return String(decoding: output, as: UTF8.self)
    }

    private static let alphabet = Array(
        "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/".utf8
    )

    private static let values: [UInt8] = {
        var table = [UInt8](repeating: 255, count: 256)
        for (value, byte) in alphabet.enumerated() { table[Int(byte)] = UInt8(value) }
        return table
    }()
}
