internal import StrictJSON

extension CachedReply {
    /// Whether the answer is complete and says all that it says in words that are there to be compared, so far as can be told
    /// without reading its wire form.
    var isCompleteText: Bool { finishReason == .stop && !text.isEmpty }

    /// Whether its wire form holds what its text does not: a call of a tool, speech, a refusal, another choice.
    ///
    /// What cannot be read may hold anything.
    ///
    /// - Complexity: O(*n*) for *n* bytes of the wire form.
    var hasMoreThanText: Bool {
        guard let wire else { return false }
        guard let json = try? JSONValue(parsing: wire.json) else { return true }
        switch wire.format {
        case "chat.completion": return !Self.isPlainChat(json)
        case "response": return !Self.isPlainResponse(json)
        case "message": return !Self.holdsOnly(["text", "thinking", "redacted_thinking"], json["content"])
        default: return true
        }
    }

    private static func isPlainChat(_ json: JSONValue) -> Bool {
        guard let choices = json["choices"]?.arrayValue, choices.count == 1, let message = choices[0]["message"],
            message["content"]?.stringValue != nil
        else { return false }
        return ["refusal", "tool_calls", "function_call", "audio"].allSatisfy { isNothing(message[$0]) }
    }

    private static func isPlainResponse(_ json: JSONValue) -> Bool {
        guard holdsOnly(["message", "reasoning"], json["output"]) else { return false }
        let messages = json["output"]?.arrayValue?.filter { $0["type"] == "message" } ?? []
        return messages.allSatisfy { holdsOnly(["output_text"], $0["content"]) }
    }

    /// Whether a list has elements of these types and no others.
    private static func holdsOnly(_ types: Set<String>, _ list: JSONValue?) -> Bool {
        list?.arrayValue?.allSatisfy { $0["type"]?.stringValue.map(types.contains) == true } ?? false
    }

    /// Whether a member is absent, or there and empty, as some servers write it.
    private static func isNothing(_ value: JSONValue?) -> Bool {
        switch value {
        case nil, .null?: true
        case .string(let text)?: text.isEmpty
        case .array(let elements)?: elements.isEmpty
        default: false
        }
    }
}
