internal import SemanticCaching
internal import StrictJSON

extension ParsedRequest {
    /// Reads the body of `POST /v1/responses`; nil when it is not one that the cache understands.
    ///
    /// Not cacheable are requests whose context lives at the provider and changes there (`conversation`), and those
    /// whose answer is fetched later (`background`).
    init?(responses body: JSONObject) {
        guard let model = body["model"]?.stringValue else { return nil }
        if let conversation = body["conversation"], !conversation.isNull { return nil }
        if body["background"]?.boolValue == true { return nil }
        var messages: [ChatMessage] = []
        switch body["instructions"] {
        case nil, .null?: break
        case .string(let text)?: messages.append(.system(text))
        // What cannot be read could not be told from no instructions: the upstream is to judge it.
        default: return nil
        }
        switch body["input"] {
        case .string(let text)?: messages.append(.user(text))
        case .array(let items)?:
            for item in items {
                guard let message = ChatMessage(responsesWire: item) else { return nil }
                messages.append(message)
            }
        default: return nil
        }
        guard !messages.isEmpty else { return nil }
        var fields = body
        for key in ["model", "instructions", "input", "cache"] { fields[key] = nil }
        // Whether the provider keeps an answer decides whether its id can be gone on from.
        fields["semcache_store"] = (body["store"] ?? .null).isNull ? true : body["store"]
        // The two kinds of requests have fields of the same names; their answers must not be taken for each other.
        fields["semcache_api"] = "responses"
        self.init(
            api: .responses,
            messages: messages,
            parameters: GenerationParameters(fields: fields),
            model: model,
            isStream: body["stream"]?.boolValue ?? false,
            includesUsage: false,
            bodyControls: body["cache"]?.objectValue
        )
    }
}

extension ChatMessage {
    /// Reads an input item: a message, or another kind, which is kept whole under its type.
    fileprivate init?(responsesWire json: JSONValue) {
        guard var members = json.objectValue else { return nil }
        guard let role = members["role"]?.stringValue, ["message", nil].contains(members["type"]?.stringValue) else {
            self.init(role: ChatRole(rawValue: members["type"]?.stringValue ?? "item"), content: nil, extra: members)
            return
        }
        let textTypes: Set<String> = ["input_text", "output_text"]
        guard let content = ChatContent.fromWire(members["content"], textType: textTypes) else { return nil }
        for key in ["role", "content", "type"] { members[key] = nil }
        self.init(role: ChatRole(rawValue: role), content: content, extra: members)
    }
}
