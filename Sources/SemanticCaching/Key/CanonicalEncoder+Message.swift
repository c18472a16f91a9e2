internal import StrictJSON

extension CanonicalEncoder {
    /// Writes a message; without its text, what remains is the frame in which two texts may be compared in meaning.
    mutating func write(_ message: ChatMessage, withText: Bool) {
        write(tag: "m")
        write(message.role.rawValue)
        switch message.content {
        case nil: write(tag: "z")
        case .text(let text)?: withText ? write(text) : write(tag: "q")
        case .parts(let parts)? where parts.count == 1 && parts[0].isText:
            // A single part of text says the same as the text itself.
            write(parts[0], withText: withText)
        case .parts(let parts)?:
            write(tag: "p")
            write(count: parts.count)
            for part in parts { write(part, withText: withText) }
        }
        write(message.extra.membersSortedByKey.filter { !$0.value.isNull }.map(Self.canonicalizingArguments))
    }

    private mutating func write(_ part: ContentPart, withText: Bool) {
        switch part {
        case .text(let text): withText ? write(text) : write(tag: "q")
        case .data(let mediaType, let digest):
            write(mediaType)
            write(digest)
        case .other(let value):
            // An image inline may be megabytes: the key holds its digest, not its bytes.
            var encoder = CanonicalEncoder(capacity: 256)
            encoder.write(value)
            write(encoder.digest(from: 0))
        }
    }

    /// Reads the arguments of tool calls, which are JSON inside a JSON string, so that their spelling does not matter.
    private static func canonicalizingArguments(_ member: JSONObject.Member) -> JSONObject.Member {
        guard member.key == "tool_calls", let calls = member.value.arrayValue else { return member }
        let canonical = calls.map { call -> JSONValue in
            guard var outer = call.objectValue, var function = outer["function"]?.objectValue,
                let text = function["arguments"]?.stringValue,
                let arguments = try? JSONValue(parsing: text.utf8)
            else { return call }
            function["arguments"] = .array([arguments])
            outer["function"] = .object(function)
            return .object(outer)
        }
        return JSONObject.Member(key: member.key, value: .array(canonical))
    }
}
