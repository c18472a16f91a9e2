package import StrictJSON

/// Puts the chunks of a streamed chat completion together into the completion that a plain request would have got.
///
///     var assembler = ChatStreamAssembler()
///     for event in events { try assembler.apply(event) }
///     let completion = try assembler.completion()   // throws unless the stream came to its end
///
/// Deltas merge by the protocol's rule: text is appended, list elements with an `index` merge into the element of that
/// index, other lists are concatenated, objects merge member by member. That carries fields of versions to come as well.
package struct ChatStreamAssembler: Sendable {
    /// Whether `[DONE]` has come.
    package private(set) var isDone = false

    /// The most bytes of data that one reply may have.
    package let maximumBytes: Int

    private var envelope = JSONObject()
    private(set) var choices: [Int: Choice] = [:]
    /// Each choice's text, apart from its other members: long, and only ever appended to in place.
    private var contents: [Int: String] = [:]
    private var receivedBytes = 0

    struct Choice: Sendable {
        var message = JSONObject()
        var others = JSONObject()
        var logprobs: JSONValue?
        var finishReason: JSONValue = .null
    }

    /// Creates an assembler at the start of a stream.
    package init(maximumBytes: Int = 32 << 20) {
        self.maximumBytes = maximumBytes
    }

    /// Takes the next event.
    ///
    /// - Complexity: O(*n*) for *n* bytes of the event, amortised, however long the reply is by then.
    /// - Throws: ``StreamAssemblyError``; the reply is lost then, and the assembler must not be used on.
    package mutating func apply(_ event: ServerSentEvent) throws(StreamAssemblyError) {
        guard !isDone else { return }  // What follows the end says nothing about the reply.
        if event.isDone {
            isDone = true
            return
        }
        receivedBytes += event.data.utf8.count
        guard receivedBytes <= maximumBytes else { throw .tooLarge(limit: maximumBytes) }
        if event.type == "error" { throw .upstreamError }
        let chunk: JSONValue
        do {
            chunk = try JSONValue(parsing: event.data.utf8)
        } catch {
            throw .malformed("a chunk is no JSON")
        }
        try apply(chunk: chunk)
    }

    /// Takes the next chunk.
    ///
    /// - Throws: ``StreamAssemblyError``.
    package mutating func apply(chunk: JSONValue) throws(StreamAssemblyError) {
        guard let chunk = chunk.objectValue else { throw .malformed("a chunk is no object") }
        if let error = chunk["error"], !error.isNull { throw .upstreamError }
        for member in chunk.members where member.key != "choices" && member.key != "obfuscation" {
            // Servers repeat the envelope in each chunk, and some send null until they know.
            if !member.value.isNull || envelope[member.key] == nil { envelope[member.key] = member.value }
        }
        for choice in chunk["choices"]?.arrayValue ?? [] { try apply(choice: choice) }
    }

    private mutating func apply(choice: JSONValue) throws(StreamAssemblyError) {
        guard let object = choice.objectValue else { throw .malformed("a choice is no object") }
        let index = object["index"]?.intValue ?? 0
        guard (0..<1_024).contains(index) else { throw .malformed("a choice's index is out of range") }
        // Taken out and put back: what is held twice is copied with each delta.
        var merged = choices.removeValue(forKey: index) ?? Choice()
        for member in object.members {
            switch member.key {
            case "index": break
            case "delta":
                guard var delta = member.value.objectValue else {
                    if member.value.isNull { break }
                    throw .malformed("a delta is no object")
                }
                if let text = delta["content"]?.stringValue {
                    contents[index, default: ""] += text
                    delta["content"] = nil
                }
                try DeltaMerge.merge(delta, into: &merged.message)
            case "finish_reason":
                if !member.value.isNull { merged.finishReason = member.value }
            case "logprobs":
                try DeltaMerge.add(member.value, to: &merged.logprobs)
            default:
                if !member.value.isNull || merged.others[member.key] == nil {
                    merged.others[member.key] = member.value
                }
            }
        }
        choices[index] = merged
    }

    /// The finished completion, in the shape of an answer without streaming.
    ///
    /// - Throws: ``StreamAssemblyError/incomplete(_:)`` unless `[DONE]` came and every choice has its finish reason.
    package func completion() throws(StreamAssemblyError) -> JSONValue {
        guard isDone else { throw .incomplete("no [DONE]") }
        guard !choices.isEmpty else { throw .incomplete("no choice") }
        var list: [JSONValue] = []
        for index in 0..<choices.count {
            guard let choice = choices[index] else { throw .incomplete("a choice is missing") }
            guard !choice.finishReason.isNull else { throw .incomplete("a choice has no finish reason") }
            list.append(try json(of: choice, index: index))
        }
        var completion = JSONObject()
        for key in ["id", "object", "created", "model"] { completion[key] = envelope[key] }
        completion["object"] = "chat.completion"
        completion["choices"] = .array(list)
        for member in envelope.members where completion[member.key] == nil {
            completion[member.key] = member.value
        }
        if let usage = completion["usage"], usage.isNull { completion["usage"] = nil }
        return .object(completion)
    }

    private func json(of choice: Choice, index: Int) throws(StreamAssemblyError) -> JSONValue {
        guard contents[index] == nil || (choice.message["content"] ?? .null).isNull else {
            throw .inconsistent("the content changes its type")
        }
        var message: JSONObject = ["role": choice.message["role"] ?? "assistant"]
        message["content"] = contents[index].map(JSONValue.string) ?? choice.message["content"] ?? .null
        message["refusal"] = choice.message["refusal"] ?? .null
        for member in choice.message.members where message[member.key] == nil {
            message[member.key] = member.value
        }
        if let calls = message["tool_calls"]?.arrayValue {
            message["tool_calls"] = .array(
                try calls.map { call throws(StreamAssemblyError) in
                    guard var object = call.objectValue else { throw .malformed("a tool call is no object") }
                    object["index"] = nil
                    return .object(object)
                }
            )
        }
        var object: JSONObject = ["index": .integer(index), "message": .object(message)]
        object["logprobs"] = choice.logprobs ?? .null
        object["finish_reason"] = choice.finishReason
        for member in choice.others.members { object[member.key] = member.value }
        return .object(object)
    }
}
