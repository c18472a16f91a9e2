internal import SemanticCaching
internal import StrictJSON

extension WireAPI {
    /// Whether the conversation stands in the request as a list of messages of which some can be left out.
    var canBeShortened: Bool { self != .responses }

    /// A request's body with the messages that are left of its conversation; nil if it is not as it was understood.
    ///
    /// The messages that stay are the caller's own, in their wire form.
    func shortening(_ body: [UInt8], to prompt: PreparedPrompt) -> [UInt8]? {
        guard var object = (try? JSONValue(parsing: body))?.objectValue, let messages = object["messages"]?.arrayValue
        else { return nil }
        let summary = prompt.summary.map { PreparedPrompt.summaryHeading + $0 }
        switch self {
        case .responses: return nil
        case .chatCompletions:
            guard prompt.tailStart <= messages.count, prompt.instructionCount <= prompt.tailStart else { return nil }
            var kept = Array(messages[..<prompt.instructionCount])
            if let summary { kept.append(["role": "system", "content": .string(summary)]) }
            object["messages"] = .array(kept + messages[prompt.tailStart...])
        case .messages:
            // The system prompt stands beside the messages, and the engine counts it as one.
            let offset = object["system"].map(\.isNull) == false ? 1 : 0
            guard prompt.instructionCount == offset, prompt.tailStart - offset <= messages.count else { return nil }
            object["messages"] = .array(Array(messages[(prompt.tailStart - offset)...]))
            if let summary { object["system"] = Self.system(object["system"], with: summary) }
        }
        return JSONValue.object(object).serialized()
    }

    /// A system prompt of the Messages API with a summary behind it, so that the provider's cache still finds the rest.
    private static func system(_ system: JSONValue?, with summary: String) -> JSONValue {
        switch system {
        case .string(let text)?: .string(text + "\n\n" + summary)
        case .array(let blocks)?: .array(blocks + [["type": "text", "text": .string(summary)]])
        default: .string(summary)
        }
    }
}
