package import StrictJSON

/// Replays a message of Anthropic's Messages API as the events that a streaming client expects.
///
/// The inverse of ``MessageStreamAssembler``: assembling what this renders gives the message back.
package enum MessageStreamRenderer {
    /// The events of the whole stream, `message_stop` last.
    ///
    /// - Complexity: O(*n*) for *n* bytes of the message.
    package static func events(replaying message: JSONValue) -> [ServerSentEvent] {
        var start = message.objectValue ?? JSONObject()
        let blocks = start["content"]?.arrayValue ?? []
        let usage = start["usage"]?.objectValue ?? JSONObject()
        let delta: JSONObject = [
            "stop_reason": start["stop_reason"] ?? "end_turn", "stop_sequence": start["stop_sequence"] ?? .null,
        ]
        var opening = usage
        if opening["output_tokens"] != nil { opening["output_tokens"] = 1 }
        start["content"] = []
        start["stop_reason"] = .null
        start["stop_sequence"] = .null
        start["usage"] = .object(opening)
        var events = [event("message_start", ["message": .object(start)])]
        for (index, block) in blocks.enumerated() { events += Self.events(of: block, index: index) }
        var closing = JSONObject()
        closing["output_tokens"] = usage["output_tokens"]
        events.append(event("message_delta", ["delta": .object(delta), "usage": .object(closing)]))
        events.append(event("message_stop", [:]))
        return events
    }

    private static func events(of block: JSONValue, index: Int) -> [ServerSentEvent] {
        var opening = block.objectValue ?? JSONObject()
        var deltas: [JSONObject] = []
        func stream(_ field: String, as type: String) {
            guard let text = opening[field]?.stringValue else { return }
            opening[field] = ""
            deltas += WordPieces.pieces(of: text).map { ["type": .string(type), field: .string(String($0))] }
        }
        stream("text", as: "text_delta")
        stream("thinking", as: "thinking_delta")
        if let signature = opening["signature"]?.stringValue {
            // A signature is checked as a whole, so it comes as a whole.
            opening["signature"] = ""
            deltas.append(["type": "signature_delta", "signature": .string(signature)])
        }
        for citation in opening["citations"]?.arrayValue ?? [] {
            deltas.append(["type": "citations_delta", "citation": citation])
        }
        if opening["citations"]?.arrayValue != nil { opening["citations"] = [] }
        if let input = opening["input"], input != [:] {
            opening["input"] = [:]
            deltas += WordPieces.pieces(of: input.serializedText).map {
                ["type": "input_json_delta", "partial_json": .string(String($0))]
            }
        }
        let number = JSONValue.integer(index)
        return [event("content_block_start", ["index": number, "content_block": .object(opening)])]
            + deltas.map { event("content_block_delta", ["index": number, "delta": .object($0)]) }
            + [event("content_block_stop", ["index": number])]
    }

    private static func event(_ type: String, _ members: JSONObject) -> ServerSentEvent {
        var data: JSONObject = ["type": .string(type)]
        for member in members.members { data[member.key] = member.value }
        return ServerSentEvent(type: type, data: JSONValue.object(data).serializedText)
    }
}
