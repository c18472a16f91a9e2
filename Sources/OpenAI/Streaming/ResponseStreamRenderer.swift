package import StrictJSON

/// Replays a stored response of the Responses API as its stream of events.
///
///     let events = ResponseStreamRenderer.events(replaying: response)
///
/// The order is that of the API: created, in progress, each output item with its parts and deltas, completed; every
/// event has its `sequence_number`.
package enum ResponseStreamRenderer {
    /// The events of the whole stream; the last is `response.completed` with the response as it was stored.
    ///
    /// - Complexity: O(*n*) for *n* bytes of the response.
    package static func events(replaying response: JSONValue) -> [ServerSentEvent] {
        var sequence = Sequence()
        var opening = response.objectValue ?? JSONObject()
        opening["status"] = "in_progress"
        opening["output"] = []
        opening["usage"] = .null
        sequence.append("response.created", ["response": .object(opening)])
        sequence.append("response.in_progress", ["response": .object(opening)])
        for (index, item) in (response["output"]?.arrayValue ?? []).enumerated() {
            replay(item, at: index, into: &sequence)
        }
        sequence.append("response.completed", ["response": response])
        return sequence.events
    }

    /// The events so far, which numbers them.
    private struct Sequence {
        var events: [ServerSentEvent] = []

        mutating func append(_ type: String, _ members: JSONObject) {
            var object: JSONObject = ["type": .string(type), "sequence_number": .integer(events.count)]
            for member in members.members { object[member.key] = member.value }
            events.append(ServerSentEvent(type: type, data: JSONValue.object(object).serializedText))
        }
    }

    private static func replay(_ item: JSONValue, at index: Int, into sequence: inout Sequence) {
        let outputIndex = JSONValue.integer(index)
        let itemID = item["id"] ?? .null
        var opening = item.objectValue ?? JSONObject()
        if opening["status"] != nil { opening["status"] = "in_progress" }
        switch item["type"]?.stringValue {
        case "message": opening["content"] = []
        case "function_call": opening["arguments"] = ""
        default: break
        }
        sequence.append(
            "response.output_item.added",
            ["output_index": outputIndex, "item": .object(opening)]
        )
        if item["type"]?.stringValue == "message" {
            for (position, part) in (item["content"]?.arrayValue ?? []).enumerated() {
                let place: JSONObject = [
                    "item_id": itemID, "output_index": outputIndex,
                    "content_index": .integer(position),
                ]
                replay(part, at: place, into: &sequence)
            }
        } else if item["type"]?.stringValue == "function_call",
            let arguments = item["arguments"]?.stringValue
        {
            let place: JSONObject = ["item_id": itemID, "output_index": outputIndex]
            for piece in WordPieces.pieces(of: arguments) {
                sequence.append(
                    "response.function_call_arguments.delta",
                    place.adding(["delta": .string(String(piece))])
                )
            }
            var whole = place.adding(["arguments": .string(arguments)])
            whole["name"] = item["name"]
            sequence.append("response.function_call_arguments.done", whole)
        }
        sequence.append("response.output_item.done", ["output_index": outputIndex, "item": item])
    }

    private static func replay(_ part: JSONValue, at place: JSONObject, into sequence: inout Sequence) {
        // The two kinds of text part differ in the names of their member and their events.
        let kind: (member: String, event: String)? =
            switch part["type"]?.stringValue {
            case "output_text": ("text", "response.output_text")
            case "refusal": ("refusal", "response.refusal")
            default: nil
            }
        var opening = part.objectValue ?? JSONObject()
        if let kind { opening[kind.member] = "" }
        if opening["annotations"] != nil { opening["annotations"] = [] }
        sequence.append("response.content_part.added", place.adding(["part": .object(opening)]))
        if let kind, let text = part[kind.member]?.stringValue {
            let isText = kind.member == "text"
            for piece in WordPieces.pieces(of: text) {
                var delta = place.adding(["delta": .string(String(piece))])
                if isText { delta["logprobs"] = [] }
                sequence.append(kind.event + ".delta", delta)
            }
            for (number, annotation) in (part["annotations"]?.arrayValue ?? []).enumerated() {
                sequence.append(
                    "response.output_text.annotation.added",
                    place.adding(["annotation_index": .integer(number), "annotation": annotation])
                )
            }
            var whole = place.adding([kind.member: .string(text)])
            if isText { whole["logprobs"] = part["logprobs"] ?? [] }
            sequence.append(kind.event + ".done", whole)
        }
        sequence.append("response.content_part.done", place.adding(["part": part]))
    }
}

extension JSONObject {
    /// These members with more behind them.
    fileprivate func adding(_ more: JSONObject) -> JSONObject {
        var result = self
        for member in more.members { result[member.key] = member.value }
        return result
    }
}
