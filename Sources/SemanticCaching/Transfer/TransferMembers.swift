internal import FoundationEssentials
internal import StrictJSON

/// Why a record of an import file cannot be used, in a few words that quote nothing of it.
struct TransferFault: Error, Hashable {
    let message: String

    init(_ message: String) { self.message = message }
}

/// The members of a JSON object, read by name and type.
struct TransferMembers {
    private let object: JSONObject

    init(_ object: JSONObject) { self.object = object }

    private func value(_ name: String) -> JSONValue? { object[name].flatMap { $0.isNull ? nil : $0 } }

    private func optional<Value>(
        _ name: String,
        _ kind: String,
        _ read: (JSONValue) -> Value?
    ) throws(TransferFault) -> Value? {
        guard let value = value(name) else { return nil }
        guard let result = read(value) else { throw TransferFault("'\(name)' is no \(kind)") }
        return result
    }

    private func required<Value>(_ name: String, _ value: Value?) throws(TransferFault) -> Value {
        guard let value else { throw TransferFault("'\(name)' is missing") }
        return value
    }

    func optionalText(_ name: String) throws(TransferFault) -> String? { try optional(name, "text", \.stringValue) }

    func text(_ name: String) throws(TransferFault) -> String { try required(name, try optionalText(name)) }

    func optionalInteger(_ name: String) throws(TransferFault) -> Int? { try optional(name, "integer", \.intValue) }

    func integer(_ name: String) throws(TransferFault) -> Int { try required(name, try optionalInteger(name)) }

    /// A point in time within the next hundred thousand years: what all of the cache reckons with.
    func optionalTime(_ name: String) throws(TransferFault) -> Timestamp? {
        guard let milliseconds = try optionalInteger(name) else { return nil }
        guard (0...1 << 52).contains(milliseconds) else { throw TransferFault("'\(name)' is out of range") }
        return Timestamp(milliseconds: Int64(milliseconds))
    }

    func time(_ name: String) throws(TransferFault) -> Timestamp { try required(name, try optionalTime(name)) }

    func optionalNumber(_ name: String) throws(TransferFault) -> Double? { try optional(name, "number", \.doubleValue) }

    func optionalObject(_ name: String) throws(TransferFault) -> TransferMembers? {
        try optional(name, "object", \.objectValue).map { TransferMembers($0) }
    }

    func object(_ name: String) throws(TransferFault) -> TransferMembers {
        try required(name, try optionalObject(name))
    }

    func objects(_ name: String) throws(TransferFault) -> [TransferMembers] {
        let values = try required(name, try optional(name, "list", \.arrayValue))
        let objects = values.compactMap(\.objectValue)
        guard objects.count == values.count else { throw TransferFault("'\(name)' has what is no object") }
        return objects.map { TransferMembers($0) }
    }

    func texts(_ name: String) throws(TransferFault) -> [String] {
        let values = try optional(name, "list", \.arrayValue) ?? []
        let texts = values.compactMap(\.stringValue)
        guard texts.count == values.count else { throw TransferFault("'\(name)' has what is no text") }
        return texts
    }

    func optionalBase64(_ name: String) throws(TransferFault) -> [UInt8]? {
        try optional(name, "base 64") { $0.stringValue.flatMap { Data(base64Encoded: $0) }.map { Array($0) } }
    }

    func optionalDigest(_ name: String) throws(TransferFault) -> Digest256? {
        try optional(name, "digest") { $0.stringValue.flatMap(Self.digest) }
    }

    func digest(_ name: String) throws(TransferFault) -> Digest256 { try required(name, try optionalDigest(name)) }

    private static func digest(_ text: String) -> Digest256? {
        let digits = text.compactMap(\.hexDigitValue)
        guard digits.count == 64, text.utf8.count == 64 else { return nil }
        return Digest256(bytes: stride(from: 0, to: 64, by: 2).map { UInt8(digits[$0] << 4 | digits[$0 + 1]) })
    }
}
