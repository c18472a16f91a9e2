/// A command as it goes over the wire: an array of strings in RESP.
///
///     RedisCommand("GET", key)
package struct RedisCommand: Sendable {
    /// The name, for metrics.
    package let name: String
    /// The key by which a cluster finds the node; nil for commands that any node can answer.
    package let key: [UInt8]?
    /// The encoded command.
    package let bytes: [UInt8]

    /// Encodes a command.
    ///
    /// - Parameters:
    ///   - name: One word, or two for container commands such as `CLIENT ID`.
    ///   - arguments: What stands behind it.
    ///   - key: The key that decides about the node.
    ///   - label: The name for metrics, if it is another.
    package init(
        _ name: String,
        _ arguments: [any RedisArgument] = [],
        key: (any RedisArgument)? = nil,
        label: String? = nil
    ) {
        self.name = label ?? name
        self.key = key.map(\.redisBytes)
        let size = arguments.reduce(0) { $0 + $1.redisByteCount }
        var writer = Writer(name, argumentCount: arguments.count, size: size)
        for argument in arguments { writer.append(argument.redisByteCount, argument.appendRedisBytes) }
        bytes = writer.bytes
    }

    /// Encodes a command of texts alone, without a box for each.
    package init(_ name: String, _ arguments: [String], key: String? = nil, label: String? = nil) {
        self.name = label ?? name
        self.key = key?.redisBytes
        let size = arguments.reduce(0) { $0 + $1.utf8.count }
        var writer = Writer(name, argumentCount: arguments.count, size: size)
        for argument in arguments { writer.append(argument) }
        bytes = writer.bytes
    }

    /// Writes the array of strings.
    private struct Writer {
        private(set) var bytes: [UInt8] = []

        init(_ name: String, argumentCount: Int, size: Int) {
            let words = name.utf8.contains(UInt8(ascii: " ")) ? name.split(separator: " ").map(String.init) : [name]
            bytes.reserveCapacity(size + 16 * (argumentCount + 3))
            bytes.append(UInt8(ascii: "*"))
            append(digitsOf: words.count + argumentCount)
            appendLineEnd()
            for word in words { append(word) }
        }

        mutating func append(_ text: String) { append(text.utf8.count) { $0.append(contentsOf: text.utf8) } }

        mutating func append(_ count: Int, _ body: (inout [UInt8]) -> Void) {
            bytes.append(UInt8(ascii: "$"))
            append(digitsOf: count)
            appendLineEnd()
            body(&bytes)
            appendLineEnd()
        }

        private mutating func append(digitsOf number: Int) {
            if number >= 10 { append(digitsOf: number / 10) }
            bytes.append(UInt8(ascii: "0") + UInt8(number % 10))
        }

        private mutating func appendLineEnd() {
            bytes.append(UInt8(ascii: "\r"))
            bytes.append(UInt8(ascii: "\n"))
        }
    }
}

/// What can be an argument of a command.
package protocol RedisArgument: Sendable {
    /// The number of bytes on the wire.
    var redisByteCount: Int { get }
    /// Appends the argument as it stands on the wire.
    func appendRedisBytes(to bytes: inout [UInt8])
}

extension RedisArgument {
    /// The argument on the wire.
    var redisBytes: [UInt8] {
        var bytes: [UInt8] = []
        appendRedisBytes(to: &bytes)
        return bytes
    }
}

extension [UInt8]: RedisArgument {
    /// The number of bytes.
    package var redisByteCount: Int { count }
    /// Appends the bytes as they are.
    package func appendRedisBytes(to bytes: inout [UInt8]) { bytes.append(contentsOf: self) }
}

extension String: RedisArgument {
    /// The number of bytes in UTF-8.
    package var redisByteCount: Int { utf8.count }
    /// Appends the text in UTF-8.
    package func appendRedisBytes(to bytes: inout [UInt8]) { bytes.append(contentsOf: utf8) }
}

extension RedisArgument where Self: FixedWidthInteger {
    /// The number of digits, and of the sign.
    package var redisByteCount: Int { String(self).utf8.count }
    /// Appends the number in digits.
    package func appendRedisBytes(to bytes: inout [UInt8]) { bytes.append(contentsOf: String(self).utf8) }
}

extension Int: RedisArgument {}
extension Int64: RedisArgument {}
extension UInt64: RedisArgument {}
