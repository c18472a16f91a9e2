package import SemanticCaching
package import StrictJSON

extension ParsedRequest {
    /// Reads the body of `POST /v1/chat/completions`; nil when it is not one that the cache understands.
    ///
    /// The upstream judges such a body, not the cache.
    init?(chat body: JSONObject) {
        guard let model = body["model"]?.stringValue, let list = body["messages"]?.arrayValue, !list.isEmpty else {
            return nil
        }
        var messages: [ChatMessage] = []
        for item in list {
            guard let message = ChatMessage(chatWire: item) else { return nil }
            messages.append(message)
        }
        self.init(
            api: .chatCompletions,
            messages: messages,
            parameters: GenerationParameters(chatWire: body),
            model: model,
            isStream: body["stream"]?.boolValue ?? false,
            includesUsage: body["stream_options"]?["include_usage"]?.boolValue ?? false,
            bodyControls: body["cache"]?.objectValue
        )
    }
}

extension GenerationParameters {
    /// What of the body of a chat request the model is told beside the messages.
    package init(chatWire body: JSONObject) {
        var fields = body
        for key in ["model", "messages", "cache"] { fields[key] = nil }
        self.init(fields: fields)
    }
}

extension ChatMessage {
    /// Reads a message of a chat request; nil if it is none.
    package init?(chatWire json: JSONValue) {
        guard var members = json.objectValue, let role = members["role"]?.stringValue else { return nil }
        guard let content = ChatContent.fromWire(members["content"], textType: ["text"]) else { return nil }
        members["role"] = nil
        members["content"] = nil
        self.init(role: ChatRole(rawValue: role), content: content, extra: members)
    }
}

extension ChatContent {
    /// Reads a message's content: text, parts, or nothing; the outer nil is for what is none of these.
    static func fromWire(_ json: JSONValue?, textType: Set<String>) -> ChatContent?? {
        switch json {
        case nil, .null?: return .some(nil)
        case .string(let text)?: return .text(text)
        case .array(let parts)?:
            return .parts(
                parts.map { part in
                    // A part with members beside its text is kept whole: they may change the answer.
                    guard let members = part.objectValue, members.count == 2,
                        let type = members["type"]?.stringValue, textType.contains(type),
                        let text = members["text"]?.stringValue
                    else { return .other(part) }
                    return .text(text)
                }
            )
        default: return nil
        }
    }
}
