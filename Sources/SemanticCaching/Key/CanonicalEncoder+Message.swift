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
        // Most messages say nothing else; that is written without a look at nothing.
        guard !message.extra.isEmpty else { return write([]) }
        write(message.extra.membersSortedByKey.filter { !$0.value.isNull }.map(Self.canonicalizingArguments))
    }

    private mutating func write(_ part: ContentPart, withText: Bool) {
        switch part {
        case .text(let text): withText ? write(text) : write(tag: "q")
        case .data(let mediaType, let digest):
            // Without a tag of its own, its type and digest would read like a text and another part.
            write(tag: "b")
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
        switch (member.key, member.value) {
        case ("tool_calls", .array(let calls)):
            let canonical = calls.map { call -> JSONValue in
                guard var outer = call.objectValue, let function = outer["function"] else { return call }
                outer["function"] = canonicalizingArguments(ofFunction: function)
                return .object(outer)
            }
            return JSONObject.Member(key: member.key, value: .array(canonical))
        case ("function_call", let function):
            // The older form, of a single call.
            return JSONObject.Member(key: member.key, value: canonicalizingArguments(ofFunction: function))
        default: return member
        }
    }

    private static func canonicalizingArguments(ofFunction value: JSONValue) -> JSONValue {
        guard var function = value.objectValue, let text = function["arguments"]?.stringValue,
            let arguments = try? JSONValue(parsing: text.utf8)
        else { return value }
        function["arguments"] = .array([arguments])
        return .object(function)
    }
}
