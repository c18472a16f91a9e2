package import StrictJSON

/// Puts a message of Anthropic's Messages API together from the events of its stream.
///
///     message_start ─► (content_block_start ─► content_block_delta … ─► content_block_stop) … ─► message_delta ─► message_stop
///
/// Only a stream that came to its `message_stop` with every block closed gives a message.
package struct MessageStreamAssembler: Sendable {
    /// Whether the last event has come.
    package private(set) var isDone = false

    /// The most bytes of data that one message may have.
    package let maximumBytes: Int

    private var message: JSONObject?
    private var blocks: [JSONObject] = []
    /// What grows of the block that is open, apart from its other members: long, and only ever appended to in place.
    private(set) var growth = Growth()
    private var openBlock: Int?
    private var receivedBytes = 0

    /// The pieces of an open block, put together so far.
    struct Growth: Sendable {
        /// The texts by the names of their members.
        var texts: [String: String] = [:]
        /// The citations; nil while none came.
        var citations: [JSONValue]?
        /// The JSON of a tool's input.
        var input = ""
    }

    /// Creates an assembler at the start of a stream.
    package init(maximumBytes: Int = 64 << 20) { self.maximumBytes = maximumBytes }

    /// Takes the next event.
    ///
    /// - Complexity: O(*n*) for *n* bytes of the event, amortised, however long the message is by then.
    /// - Throws: ``StreamAssemblyError``; the message is lost then, and the assembler must not be used on.
    package mutating func apply(_ event: ServerSentEvent) throws(StreamAssemblyError) {
        guard !isDone else { return }
        receivedBytes += event.data.utf8.count
        guard receivedBytes <= maximumBytes else { throw .tooLarge(limit: maximumBytes) }
        let json: JSONValue
        do { json = try JSONValue(parsing: event.data.utf8) } catch { throw .malformed("an event is no JSON") }
        switch json["type"]?.stringValue ?? event.type {
        case "message_start":
            guard message == nil, let start = json["message"]?.objectValue else {
                throw .malformed("message_start has no message")
            }
            message = start
        case "content_block_start": try open(json)
        case "content_block_delta": try add(json)
        case "content_block_stop": try close(json)
        case "message_delta": try finish(json)
        case "message_stop": isDone = true
        case "error": throw .upstreamError
        default: break  // `ping`, and whatever kinds are to come.
        }
    }

    /// The finished message, in the shape of an answer without streaming.
    ///
    /// - Throws: ``StreamAssemblyError/incomplete(_:)`` unless `message_stop` came and every block was closed.
    package func completeMessage() throws(StreamAssemblyError) -> JSONValue {
        guard isDone, var whole = message else { throw .incomplete("no message_stop") }
        guard openBlock == nil else { throw .incomplete("a content block is open") }
        guard let reason = whole["stop_reason"], !reason.isNull else { throw .incomplete("no stop reason") }
        whole["content"] = .array(blocks.map { .object($0) })
        return .object(whole)
    }

    private mutating func open(_ json: JSONValue) throws(StreamAssemblyError) {
        guard openBlock == nil, json["index"]?.intValue == blocks.count, let block = json["content_block"]?.objectValue
        else { throw .malformed("a content block begins out of turn") }
        openBlock = blocks.count
        growth = Growth()
        blocks.append(block)
    }

    private mutating func add(_ json: JSONValue) throws(StreamAssemblyError) {
        guard let index = openBlock, json["index"]?.intValue == index, let delta = json["delta"] else {
            throw .malformed("a delta belongs to no open block")
        }
        switch delta["type"]?.stringValue {
        case "text_delta": try append(delta, "text", to: index)
        case "thinking_delta": try append(delta, "thinking", to: index)
        case "signature_delta": try append(delta, "signature", to: index)
        case "input_json_delta": growth.input += delta["partial_json"]?.stringValue ?? ""
        case "citations_delta":
            if growth.citations == nil {
                growth.citations = blocks[index]["citations"]?.arrayValue ?? []
                blocks[index]["citations"] = []
            }
            growth.citations?.append(delta["citation"] ?? .null)
        default: throw .malformed("a delta is of an unknown kind")
        }
    }

    /// Appends a piece to what came of a member; the block keeps the member's place until it is closed.
    private mutating func append(_ delta: JSONValue, _ field: String, to index: Int) throws(StreamAssemblyError) {
        guard let piece = delta[field]?.stringValue else { throw .malformed("a delta has no \(field)") }
        if growth.texts[field] == nil {
            growth.texts[field] = blocks[index][field]?.stringValue ?? ""
            blocks[index][field] = ""
        }
        growth.texts[field]? += piece
    }

    private mutating func close(_ json: JSONValue) throws(StreamAssemblyError) {
        guard let index = openBlock, json["index"]?.intValue == index else {
            throw .malformed("a content block ends out of turn")
        }
        for (field, text) in growth.texts { blocks[index][field] = .string(text) }
        if let citations = growth.citations { blocks[index]["citations"] = .array(citations) }
        if !growth.input.isEmpty {
            guard let value = try? JSONValue(parsing: growth.input.utf8) else {
                throw .malformed("a tool's input is no JSON")
            }
            blocks[index]["input"] = value
        }
        growth = Growth()
        openBlock = nil
    }

    private mutating func finish(_ json: JSONValue) throws(StreamAssemblyError) {
        guard var whole = message else { throw .malformed("message_delta comes before message_start") }
        for member in json["delta"]?.objectValue?.members ?? [] { whole[member.key] = member.value }
        // The counts are running totals: a later one replaces an earlier one.
        var usage = whole["usage"]?.objectValue ?? JSONObject()
        for member in json["usage"]?.objectValue?.members ?? [] { usage[member.key] = member.value }
        whole["usage"] = .object(usage)
        message = whole
    }
}
