package import StrictJSON

/// Replays a stored chat completion as the stream of chunks that a streaming client expects.
///
///     let events = ChatStreamRenderer(includesUsage: true).events(replaying: completion)
///
/// The inverse of ``ChatStreamAssembler``: assembling what this renders gives the completion back. Every chunk has the
/// `id`, `created` and `model` of the completion; text comes in words, or in tokens when log-probabilities tell them.
package struct ChatStreamRenderer: Sendable {
    /// Whether the request asked for `stream_options.include_usage`: a last chunk then carries the usage.
    package let includesUsage: Bool

    /// Creates a renderer.
    package init(includesUsage: Bool) {
        self.includesUsage = includesUsage
    }

    /// The events of the whole stream, ``ServerSentEvent/done`` last.
    ///
    /// - Complexity: O(*n*) for *n* bytes of the completion.
    package func events(replaying completion: JSONValue) -> [ServerSentEvent] {
        let completion = completion.objectValue ?? JSONObject()
        let choices = completion["choices"]?.arrayValue ?? []
        var chunks: [JSONValue] = []
        for (position, choice) in choices.enumerated() {
            let index = choice["index"]?.intValue ?? position
            for part in Self.parts(of: choice) {
                var object: JSONObject = ["index": .integer(index)]
                for member in part.members { object[member.key] = member.value }
                chunks.append(chunk(of: completion, choices: [.object(object)]))
            }
        }
        if includesUsage {
            chunks.append(chunk(of: completion, choices: [], usage: completion["usage"] ?? .null))
        }
        return chunks.map { ServerSentEvent(data: $0.serializedText) } + [.done]
    }

    private func chunk(of completion: JSONObject, choices: [JSONValue], usage: JSONValue = .null)
        -> JSONValue
    {
        var chunk = completion
        chunk["object"] = "chat.completion.chunk"
        chunk["choices"] = .array(choices)
        chunk["usage"] = includesUsage ? usage : JSONValue?.none
        return .object(chunk)
    }

    /// The members beside `index` of each chunk of one choice.
    private static func parts(of choice: JSONValue) -> [JSONObject] {
        let message = choice["message"]?.objectValue ?? JSONObject()
        let logprobs = choice["logprobs"] ?? .null
        var parts = [part(delta: opening(of: message))]
        parts += textParts(message["content"]?.stringValue, field: "content", logprobs: logprobs)
        parts += textParts(message["refusal"]?.stringValue, field: "refusal", logprobs: logprobs)
        for (index, call) in (message["tool_calls"]?.arrayValue ?? []).enumerated() {
            parts += toolCallDeltas(of: call, index: index).map {
                part(delta: ["tool_calls": [.object($0)]])
            }
        }
        var last = part(delta: [:], finishReason: choice["finish_reason"] ?? "stop")
        let known: Set<String> = ["index", "message", "logprobs", "finish_reason"]
        for member in choice.objectValue?.members ?? [] where !known.contains(member.key) {
            last[member.key] = member.value
        }
        // Log-probabilities that no text chunk could carry come with the last one, so that none is lost.
        if !logprobs.isNull, !parts.contains(where: { $0["logprobs"]?.isNull == false }) {
            last["logprobs"] = logprobs
        }
        parts.append(last)
        return parts
    }

    private static func part(
        delta: JSONObject,
        logprobs: JSONValue = .null,
        finishReason: JSONValue = .null
    ) -> JSONObject {
        ["delta": .object(delta), "logprobs": logprobs, "finish_reason": finishReason]
    }

    /// The first delta: the role, an empty text where text will come, and whatever member is not streamed in pieces.
    private static func opening(of message: JSONObject) -> JSONObject {
        var delta: JSONObject = ["role": message["role"] ?? "assistant"]
        for member in message.members where member.key != "role" && member.key != "tool_calls" {
            let isStreamed =
                (member.key == "content" || member.key == "refusal") && member.value.stringValue != nil
            delta[member.key] = isStreamed ? "" : member.value
        }
        return delta
    }

    private static func textParts(_ text: String?, field: String, logprobs: JSONValue) -> [JSONObject] {
        guard let text, !text.isEmpty else { return [] }
        let tokens = logprobs[field]?.arrayValue ?? []
        if !tokens.isEmpty, tokens.map({ $0["token"]?.stringValue ?? "" }).joined() == text {
            return tokens.map { token in
                var all = JSONObject()
                // Each chunk has the shape of the whole: the other list is null, as OpenAI's chunks have it.
                for member in logprobs.objectValue?.members ?? [] {
                    all[member.key] = member.key == field ? [token] : .null
                }
                return part(delta: [field: token["token"] ?? ""], logprobs: .object(all))
            }
        }
        return WordPieces.pieces(of: text).map { part(delta: [field: .string(String($0))]) }
    }

    private static func toolCallDeltas(of call: JSONValue, index: Int) -> [JSONObject] {
        let number = JSONValue.integer(index)
        var first: JSONObject = ["index": number]
        for member in call.objectValue?.members ?? [] { first[member.key] = member.value }
        guard var function = call["function"]?.objectValue,
            let arguments = function["arguments"]?.stringValue
        else {
            return [first]
        }
        function["arguments"] = ""
        first["function"] = .object(function)
        return [first]
            + WordPieces.pieces(of: arguments).map { piece in
                ["index": number, "function": ["arguments": .string(String(piece))]]
            }
    }
}
