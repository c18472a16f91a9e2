/// A reply of the server (RESP2).
package enum RedisValue: Hashable, Sendable {
    /// Nothing there.
    case null
    /// A word such as `OK`.
    case status(String)
    /// An error of this command alone, such as `WRONGTYPE …`.
    case error(String)
    /// A number.
    case integer(Int64)
    /// Bytes.
    case bytes([UInt8])
    /// Several replies.
    case array([RedisValue])

    /// The bytes of a string; nil for anything else.
    package var bytes: [UInt8]? { if case .bytes(let bytes) = self { bytes } else { nil } }

    /// The text of a string or a status; nil for anything else.
    package var text: String? {
        switch self {
        case .bytes(let bytes): String(decoding: bytes, as: UTF8.self)
        case .status(let text): text
        default: nil
        }
    }

    /// The number, also one that is written in digits; nil for anything else.
    package var integer: Int64? {
        switch self {
        case .integer(let number): number
        case .bytes, .status: text.flatMap { Int64($0) }
        default: nil
        }
    }

    /// The elements of an array; nil for anything else.
    package var array: [RedisValue]? { if case .array(let elements) = self { elements } else { nil } }
}
