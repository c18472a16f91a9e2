internal import SemanticCaching
internal import StrictJSON

extension ParsedRequest {
    /// Reads the body of Anthropic's `POST /v1/messages`; nil when it is not one that the cache understands.
    init?(messages body: JSONObject) {
        guard let model = body["model"]?.stringValue, let list = body["messages"]?.arrayValue, !list.isEmpty else {
            return nil
        }
        var messages: [ChatMessage] = []
        if let system = body["system"], !system.isNull {
            guard let content = ChatContent.fromWire(Self.withoutBreakpoints(system), textType: ["text"]) else {
                return nil
            }
            messages.append(ChatMessage(role: .system, content: content))
        }
        for item in list {
            for piece in AnthropicTurn(Self.withoutBreakpoints(item)).pieces {
                guard let message = ChatMessage(messagesWire: piece) else { return nil }
                messages.append(message)
            }
        }
        var fields = body
        for key in ["model", "messages", "system", "cache"] { fields[key] = nil }
        fields["tools"] = body["tools"].map(Self.withoutBreakpoints)
        // Answers of this API have a form of their own and must not be taken for those of another.
        fields["semcache_api"] = "messages"
        self.init(
            api: .messages,
            messages: messages,
            parameters: GenerationParameters(fields: fields),
            model: model,
            isStream: body["stream"]?.boolValue ?? false,
            includesUsage: false,
            bodyControls: body["cache"]?.objectValue
        )
    }

    /// A value without the marks for the provider's prompt cache, which change what it costs and not what it says.
    private static func withoutBreakpoints(_ value: JSONValue) -> JSONValue {
        switch value {
        case .array(let elements): return .array(elements.map(withoutBreakpoints))
        case .object(var object):
            object["cache_control"] = nil
            if let content = object["content"] { object["content"] = withoutBreakpoints(content) }
            return .object(object)
        default: return value
        }
    }
}

extension ChatMessage {
    /// Reads a message; one that carries results of tools has the role of a tool, whatever the user's turn it came in.
    fileprivate init?(messagesWire json: JSONValue) {
        guard var members = json.objectValue, let role = members["role"]?.stringValue else { return nil }
        guard let content = ChatContent.fromWire(members["content"], textType: ["text"]) else { return nil }
        let isResult = role == "user" && AnthropicTurn.hasResult(json)
        members["role"] = nil
        members["content"] = nil
        self.init(role: isResult ? .tool : ChatRole(rawValue: role), content: content, extra: members)
    }
}
