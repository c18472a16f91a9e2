internal import SemanticCaching
internal import StrictJSON

extension ParsedRequest {
    /// Whether the conversation stands in the request as a list of messages of which some can be left out.
    ///
    /// Anthropic's API takes instructions in the midst of a conversation in certain places only: they are not moved.
    var canBeShortened: Bool {
        switch api {
        case .chatCompletions: true
        case .responses: false
        case .messages: !messages.dropFirst().contains(where: \.role.isInstruction)
        }
    }
}

extension WireAPI {
    /// A request's body with the messages that are left of its conversation; nil if it is not as it was understood.
    ///
    /// The messages that stay are the caller's own, in their wire form; a summary stands in front of the first of them.
    func shortening(_ body: JSONObject, to prompt: PreparedPrompt) -> JSONObject? {
        guard let messages = body["messages"]?.arrayValue else { return nil }
        var instructions: [JSONValue] = []
        var tail: [JSONValue]
        switch self {
        case .responses: return nil
        case .chatCompletions:
            guard prompt.tailStart < messages.count, prompt.instructionCount <= prompt.tailStart else { return nil }
            instructions = messages[..<prompt.instructionCount] + prompt.laterInstructions.map { messages[$0] }
            tail = Array(messages[prompt.tailStart...])
        case .messages:
            // The system prompt stands beside the messages, and the engine counts it as one.
            let offset = body["system"].map(\.isNull) == false ? 1 : 0
            guard prompt.instructionCount == offset, prompt.laterInstructions.isEmpty else { return nil }
            tail = Self.turns(messages, from: prompt.tailStart - offset)
        }
        guard let first = tail.first else { return nil }
        if let summary = prompt.summary { tail[0] = Self.message(first, behind: summary) }
        var body = body
        body["messages"] = .array(instructions + tail)
        return body
    }

    /// The turns of the Messages API from a message on, as the engine counts them: a turn may be two of its messages.
    private static func turns(_ turns: [JSONValue], from start: Int) -> [JSONValue] {
        var kept: [JSONValue] = []
        var place = 0
        for turn in turns {
            let pieces = AnthropicTurn(turn).pieces
            if place >= start { kept.append(turn) } else { kept += pieces.dropFirst(start - place) }
            place += pieces.count
        }
        return kept
    }

    /// A message in its wire form with a summary in front of its own words.
    private static func message(_ message: JSONValue, behind summary: String) -> JSONValue {
        guard var members = message.objectValue else { return message }
        let quotation = PreparedPrompt.quotation(of: summary)
        switch members["content"] {
        case .string(let text)?: members["content"] = .string(quotation + "\n\n" + text)
        case .array(let parts)?: members["content"] = .array([["type": "text", "text": .string(quotation)]] + parts)
        default: members["content"] = .string(quotation)
        }
        return .object(members)
    }
}
