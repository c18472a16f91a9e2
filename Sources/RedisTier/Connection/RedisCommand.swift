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
        self.key = key.map { Array($0.redisBytes) }
        let words = name.split(separator: " ")
        var bytes: [UInt8] = []
        bytes.reserveCapacity(arguments.reduce(32) { $0 + $1.redisBytes.count + 16 })
        bytes.append(UInt8(ascii: "*"))
        bytes.append(contentsOf: String(words.count + arguments.count).utf8)
        bytes.appendLineEnd()
        for word in words { bytes.appendBulk(Array(word.utf8)) }
        for argument in arguments { bytes.appendBulk(argument.redisBytes) }
        self.bytes = bytes
    }
}

/// What can be an argument of a command.
package protocol RedisArgument: Sendable {
    /// The argument on the wire.
    var redisBytes: [UInt8] { get }
}

extension [UInt8]: RedisArgument {
    /// The bytes as they are.
    package var redisBytes: [UInt8] { self }
}

extension String: RedisArgument {
    /// The text in UTF-8.
    package var redisBytes: [UInt8] { Array(utf8) }
}

extension Int: RedisArgument {
    /// The number in digits.
    package var redisBytes: [UInt8] { Array(String(self).utf8) }
}

extension Int64: RedisArgument {
    /// The number in digits.
    package var redisBytes: [UInt8] { Array(String(self).utf8) }
}

extension UInt64: RedisArgument {
    /// The number in digits.
    package var redisBytes: [UInt8] { Array(String(self).utf8) }
}

extension [UInt8] {
    fileprivate mutating func appendLineEnd() {
        append(UInt8(ascii: "\r"))
        append(UInt8(ascii: "\n"))
    }

    fileprivate mutating func appendBulk(_ argument: [UInt8]) {
        append(UInt8(ascii: "$"))
        append(contentsOf: String(argument.count).utf8)
        appendLineEnd()
        append(contentsOf: argument)
        appendLineEnd()
    }
}
