internal import SemanticCaching
internal import StrictJSON

/// Answers of Anthropic's Messages API.
extension ReplyCodec {
    /// The text of a message and why it ended; nil for what is no complete message.
    static func messageContent(of json: JSONValue) -> (String, CachedReply.FinishReason)? {
        guard json["type"] == "message", let blocks = json["content"]?.arrayValue, !blocks.isEmpty,
            let reason = json["stop_reason"]?.stringValue
        else { return nil }
        let text = blocks.filter { $0["type"] == "text" }.compactMap { $0["text"]?.stringValue }.joined()
        // What is neither text nor thinking was done with a tool, on this side or on the provider's.
        let usedTools = blocks.contains {
            !["text", "thinking", "redacted_thinking"].contains($0["type"]?.stringValue)
        }
        guard usedTools || !text.isEmpty else { return nil }
        let finish: CachedReply.FinishReason =
            switch reason {
            case "end_turn", "stop_sequence": usedTools ? .toolCalls : .stop
            case "tool_use": .toolCalls
            case "max_tokens", "model_context_window_exceeded": .length
            case "refusal": .contentFilter
            default: CachedReply.FinishReason(rawValue: reason)
            }
        return (text, finish)
    }

    /// The message of an answer that never was on a wire.
    static func plainMessage(of reply: CachedReply, model: JSONValue) -> JSONValue {
        let usage = reply.usage ?? TokenUsage()
        return [
            "id": "msg_semcache", "type": "message", "role": "assistant", "model": model,
            "content": [["type": "text", "text": .string(reply.text)]], "stop_reason": "end_turn",
            "stop_sequence": nil,
            "usage": [
                "input_tokens": .integer(usage.promptTokens), "output_tokens": .integer(usage.completionTokens),
            ],
        ]
    }
}
