internal import OpenAI
internal import SemanticCaching
internal import StrictJSON

/// Turns answers from their wire form into the one that is stored, and back.
enum ReplyCodec {
    /// The stored form of a complete answer; nil for what is none, so that it cannot be stored.
    ///
    /// - Parameter bytes: The answer's own bytes, kept as they came; nil serialises the JSON.
    static func reply(from json: JSONValue, bytes: [UInt8]? = nil, api: WireAPI) -> CachedReply? {
        guard let object = json.objectValue, (object["error"] ?? .null).isNull else { return nil }
        let content: (text: String, finish: CachedReply.FinishReason)?
        switch api {
        case .chatCompletions: content = chatContent(of: json)
        case .responses: content = responseContent(of: json)
        case .messages: content = messageContent(of: json)
        }
        guard let content else { return nil }
        return CachedReply(
            text: content.text,
            finishReason: content.finish,
            usage: usage(of: json),
            model: json["model"]?.stringValue,
            wire: .init(format: api.format, json: bytes ?? json.serialized())
        )
    }

    /// The answer as the object that a plain request gets.
    ///
    /// - Parameter estimate: The usage, for an answer that came without one.
    static func json(of reply: CachedReply, api: WireAPI, model: String, estimate: () -> TokenUsage) -> [UInt8] {
        if let wire = reply.wire, wire.format == api.format {
            guard lacksUsage(reply, api), let object = try? JSONValue(parsing: wire.json) else { return wire.json }
            return withUsage(object, estimate).serialized()
        }
        return plainObject(of: reply, api: api, model: model).serialized()
    }

    /// The answer as the events that a streaming request gets.
    ///
    /// - Parameter estimate: The usage, for an answer that came without one.
    static func events(
        of reply: CachedReply,
        api: WireAPI,
        model: String,
        form: WireForm,
        estimate: () -> TokenUsage
    ) -> [ServerSentEvent] {
        var object = plainObject(of: reply, api: api, model: model)
        if let wire = reply.wire, wire.format == api.format, let parsed = try? JSONValue(parsing: wire.json) {
            object = parsed
            if form.includesUsage, lacksUsage(reply, api) { object = withUsage(object, estimate) }
        }
        switch api {
        case .chatCompletions: return ChatStreamRenderer(includesUsage: form.includesUsage).events(replaying: object)
        case .responses: return ResponseStreamRenderer.events(replaying: object)
        case .messages: return MessageStreamRenderer.events(replaying: object)
        }
    }

    // MARK: - Reading

    private static func chatContent(of json: JSONValue) -> (String, CachedReply.FinishReason)? {
        guard let choices = json["choices"]?.arrayValue, let first = choices.first else { return nil }
        var finish: CachedReply.FinishReason = .stop
        for choice in choices {
            guard let message = choice["message"], let reason = choice["finish_reason"]?.stringValue else { return nil }
            // A choice that says nothing is a fault of the upstream, whatever its reason.
            let says = ["content", "refusal", "tool_calls", "function_call", "audio"].contains { key in
                switch message[key] {
                case nil, .null?: false
                case .string(let text)?: !text.isEmpty
                case .array(let elements)?: !elements.isEmpty
                default: true
                }
            }
            guard says else { return nil }
            switch reason {
            case "stop": break
            case "tool_calls", "function_call": if finish == .stop { finish = .toolCalls }
            default: finish = CachedReply.FinishReason(rawValue: reason)
            }
        }
        return (first["message"]?["content"]?.stringValue ?? "", finish)
    }

    private static func responseContent(of json: JSONValue) -> (String, CachedReply.FinishReason)? {
        guard json["status"] == "completed", let output = json["output"]?.arrayValue, !output.isEmpty else {
            return nil
        }
        let messages = output.filter { $0["type"] == "message" }
        let text = messages.flatMap { $0["content"]?.arrayValue ?? [] }
            .compactMap { $0["text"]?.stringValue }.joined()
        // Whatever is neither text nor reasoning was done with a tool.
        let usedTools = output.contains { $0["type"] != "message" && $0["type"] != "reasoning" }
        guard usedTools || !messages.isEmpty else { return nil }
        return (text, usedTools ? .toolCalls : .stop)
    }

    /// Whether a chat's answer says nothing of its usage, as streams do not that were not asked to; clients of plain
    /// answers read it without a look.
    private static func lacksUsage(_ reply: CachedReply, _ api: WireAPI) -> Bool {
        api == .chatCompletions && reply.usage == nil
    }

    private static func withUsage(_ completion: JSONValue, _ estimate: () -> TokenUsage) -> JSONValue {
        guard var object = completion.objectValue, (object["usage"] ?? .null).isNull else { return completion }
        let usage = estimate()
        object["usage"] = [
            "prompt_tokens": .integer(usage.promptTokens), "completion_tokens": .integer(usage.completionTokens),
            "total_tokens": .integer(usage.promptTokens + usage.completionTokens),
        ]
        return .object(object)
    }

    static func usage(of json: JSONValue) -> TokenUsage? {
        json["usage"].flatMap { TokenUsage(usage: $0) }
    }

    // MARK: - Writing

    /// The object of an answer that never was on a wire: one that was imported, or stored by a program.
    private static func plainObject(of reply: CachedReply, api: WireAPI, model: String) -> JSONValue {
        let model = JSONValue.string(reply.model ?? model)
        let text = JSONValue.string(reply.text)
        let usage = reply.usage?.bounded ?? TokenUsage()
        let total = usage.promptTokens + usage.completionTokens
        switch api {
        case .messages: return plainMessage(of: reply, model: model)
        case .chatCompletions:
            return [
                "id": "chatcmpl-semcache", "object": "chat.completion", "created": 0, "model": model,
                "choices": [
                    [
                        "index": 0, "message": ["role": "assistant", "content": text, "refusal": nil],
                        "logprobs": nil, "finish_reason": .string(reply.finishReason.rawValue),
                    ]
                ],
                "usage": [
                    "prompt_tokens": .integer(usage.promptTokens),
                    "completion_tokens": .integer(usage.completionTokens), "total_tokens": .integer(total),
                ],
            ]
        case .responses:
            return [
                "id": "resp_semcache", "object": "response", "created_at": 0, "status": "completed", "model": model,
                "error": nil, "incomplete_details": nil, "parallel_tool_calls": true, "tool_choice": "auto",
                "tools": [],
                "output": [
                    [
                        "type": "message", "id": "msg_semcache", "status": "completed", "role": "assistant",
                        "content": [["type": "output_text", "text": text, "annotations": []]],
                    ]
                ],
                "usage": [
                    "input_tokens": .integer(usage.promptTokens), "input_tokens_details": ["cached_tokens": 0],
                    "output_tokens": .integer(usage.completionTokens),
                    "output_tokens_details": ["reasoning_tokens": 0], "total_tokens": .integer(total),
                ],
            ]
        }
    }
}
