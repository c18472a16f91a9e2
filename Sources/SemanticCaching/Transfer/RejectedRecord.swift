internal import StrictJSON

/// A record of an import file that could not be used.
public struct RejectedRecord: Hashable, Sendable {
    /// The line it starts on, counted from 1.
    public let line: Int
    /// Why it could not be used.
    public let reason: String
    /// The record as it was written.
    public let bytes: [UInt8]

    /// Creates a note of a record.
    public init(line: Int, reason: String, bytes: [UInt8]) {
        self.line = line
        self.reason = reason
        self.bytes = bytes
    }

    /// A line of JSON for the side file: number, reason and record.
    public var jsonLine: [UInt8] {
        let object: JSONObject = [
            "line": .integer(line), "error": .string(reason),
            "record": .string(String(decoding: bytes.prefix(1 << 16), as: UTF8.self)),
        ]
        return JSONValue.object(object).serialized() + [UInt8(ascii: "\n")]
    }
}
