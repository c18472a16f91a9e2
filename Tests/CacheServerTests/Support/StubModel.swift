import HTTPTypes
import Hummingbird
import NIOCore
import OpenAI
import StrictJSON
import Synchronization

/// An upstream on a port of its own, that counts its calls and answers by rules that tests can foresee.
///
/// chat and responses echo the last text, embeddings are made of the text's length, everything else echoes the request.
/// What the name of the model begins with changes the manner.
final class StubModel: Sendable {
    struct Call: Sendable {
        let method: String
        let path: String
        let headers: HTTPFields
        let body: [UInt8]
    }

    private struct State {
        var calls: [Call] = []
        var isHeld = false
        var isBroken = false
        var waiters: [CheckedContinuation<Void, Never>] = []
        var departures = 0
    }

    private let state = Mutex(State())

    var calls: [Call] { state.withLock { $0.calls } }

    /// How many of those who asked for `/v1/watched` did not wait for the answer.
    var departures: Int { state.withLock { $0.departures } }

    /// Makes every answer a 503 from now on.
    func breakDown() { state.withLock { $0.isBroken = true } }

    /// Lets models whose name begins with `held` wait until ``release()``.
    func hold() { state.withLock { $0.isHeld = true } }

    func release() {
        let waiters = state.withLock { state in
            state.isHeld = false
            defer { state.waiters = [] }
            return state.waiters
        }
        for waiter in waiters { waiter.resume() }
    }

    private func passGate() async {
        await withCheckedContinuation { continuation in
            let isOpen = state.withLock { state in
                if state.isHeld { state.waiters.append(continuation) }
                return !state.isHeld
            }
            if isOpen { continuation.resume() }
        }
    }

    private func note(_ request: Request, body: [UInt8]) {
        let call = Call(
            method: request.method.rawValue,
            path: request.head.path ?? "",
            headers: request.headers,
            body: body
        )
        state.withLock { $0.calls.append(call) }
    }

    func respond(to request: Request) async throws -> Response {
        if request.uri.path == "/v1/watched" { return try await watched(request) }
        let buffer = try await request.body.collect(upTo: 64 << 20)
        let bytes = Array(buffer.readableBytesView)
        note(request, body: bytes)
        let json = (try? JSONValue(parsing: bytes)) ?? .null
        let model = json["model"]?.stringValue ?? ""
        if model.hasPrefix("heldfail") { await passGate() }
        if model.hasPrefix("heldfail") || state.withLock({ $0.isBroken }) {
            return reply(["error": ["message": "down"]], status: .serviceUnavailable)
        }
        if model.hasPrefix("fail") {
            let body = OpenAIErrorBody(message: "broken", type: "server_error", code: "boom").json
            return reply(body, status: .init(code: Int(model.dropFirst(4)) ?? 500))
        }
        switch (request.method, request.uri.path) {
        case (.post, "/v1/chat/completions"): return await chat(json, model: model)
        case (.post, "/v1/messages"):
            let message = Self.message(of: json, model: model)
            guard json["stream"] == true else { return reply(message) }
            return events(MessageStreamRenderer.events(replaying: message), model: model)
        case (.post, "/v1/responses"):
            let response = Self.response(to: json, model: model)
            guard json["stream"] == true else { return reply(response) }
            return events(ResponseStreamRenderer.events(replaying: response), model: model)
        case (.post, "/v1/embeddings"):
            if model.hasPrefix("stalled") { return stalled(ByteBuffer(string: "{\"object\":")) }
            return reply(Self.embeddings(json, model: model), model: model)
        case (_, "/v1/stalled"): return stalled(ByteBuffer(string: "the beginning"))
        case (_, "/v1/torrent"): return torrent()
        default:
            return Response(
                status: .init(code: 207),
                headers: [.contentType: "text/weird", .setCookie: "a=1"],
                body: ResponseBody(byteBuffer: buffer)
            )
        }
    }

    /// More than the buffers of a connection hold.
    static let torrentBytes = 16 << 20

    private func torrent() -> Response {
        Response(
            status: .ok,
            headers: [.contentType: "application/octet-stream"],
            body: ResponseBody { writer in
                let piece = ByteBuffer(repeating: 7, count: 64 << 10)
                for _ in 0..<Self.torrentBytes / piece.readableBytes { try await writer.write(piece) }
                try await writer.finish(nil)
            }
        )
    }

    /// Has no answer before ``release()`` or the departure of whoever asks, which it counts.
    private func watched(_ request: Request) async throws -> Response {
        note(request, body: [])
        return try await request.body.consumeWithInboundCloseHandler { [self] _ in
            await passGate()
            return Response(status: .ok)
        } onInboundClosed: { [self] in
            state.withLock { $0.departures += 1 }
            release()
        }
    }

    /// An answer that begins, and goes on only after ``release()``.
    private func stalled(_ beginning: ByteBuffer) -> Response {
        Response(
            status: .ok,
            headers: [.contentType: "application/json"],
            body: ResponseBody { [self] writer in
                try await writer.write(beginning)
                await passGate()
                try await writer.finish(nil)
            }
        )
    }

    private func chat(_ json: JSONValue, model: String) async -> Response {
        let completion = Self.completion(of: json, model: model)
        let isStream = json["stream"] == true
        if model.hasPrefix("held") && !isStream { await passGate() }
        if model.hasPrefix("flood") { return stalled(ByteBuffer(repeating: UInt8(ascii: " "), count: 16 << 10)) }
        guard isStream else { return reply(completion, model: model) }
        let includesUsage = json["stream_options"]?["include_usage"] == true
        return events(ChatStreamRenderer(includesUsage: includesUsage).events(replaying: completion), model: model)
    }

    private func events(_ events: [ServerSentEvent], model: String) -> Response {
        Response(
            status: .ok,
            headers: [.contentType: "text/event-stream"],
            body: ResponseBody { [self] writer in
                for (index, event) in events.enumerated() {
                    if model.hasPrefix("cut"), index == events.count - 2 { throw StubCut() }
                    if model.hasPrefix("held"), index == 2 { await passGate() }
                    if model.hasPrefix("garbled"), index == 1 {
                        try await writer.write(ByteBuffer(string: "data: {\"choices\": [\n\n"))
                    }
                    if model.hasPrefix("bigline"), index == 1 {
                        let line = "data: {\"pad\": \"\(String(repeating: "x", count: 10_000))\"}\n\n"
                        try await writer.write(ByteBuffer(string: line))
                    }
                    if model.hasPrefix("undone"), index == events.count - 1 { continue }
                    if model.hasPrefix("halted"), index == events.count - 2 { continue }
                    try await writer.write(ByteBuffer(bytes: event.serialized))
                }
                try await writer.finish(nil)
            }
        )
    }

    private func reply(_ json: JSONValue, status: HTTPResponse.Status = .ok, model: String = "") -> Response {
        var headers: HTTPFields = [.contentType: "application/json", .setCookie: "session=1"]
        if model.hasSuffix("packed") { headers[.contentEncoding] = "x-odd" }
        if model.hasPrefix("tagged") { headers[HTTPField.Name("x-request-id")!] = "upstream-1" }
        return Response(
            status: status,
            headers: headers,
            body: ResponseBody(byteBuffer: ByteBuffer(bytes: json.serialized()))
        )
    }

    struct StubCut: Error {}

    /// Anthropic's answer: an echo of the last text, or a call of a tool.
    static func message(of json: JSONValue, model: String) -> JSONValue {
        let content = json["messages"]?.arrayValue?.last?["content"]
        let text = content?.stringValue ?? content?[0]?["text"]?.stringValue ?? ""
        let isCall = model.hasPrefix("tools")
        let reason: JSONValue = model.hasPrefix("long") ? "max_tokens" : isCall ? "tool_use" : "end_turn"
        return [
            "id": "msg_1", "type": "message", "role": "assistant", "model": .string(model),
            "content": [
                isCall
                    ? ["type": "tool_use", "id": "t1", "name": "f", "input": ["a": 1]]
                    : ["type": "text", "text": .string("Echo of \(text)!")]
            ],
            "stop_reason": reason, "stop_sequence": nil,
            "usage": [
                "input_tokens": 9, "output_tokens": 7,
                "cache_read_input_tokens": .integer(model.hasPrefix("cached") ? 4_000 : 0),
            ],
        ]
    }

    static func completion(of json: JSONValue, model: String) -> JSONValue {
        let text = json["messages"]?.arrayValue?.last?["content"]?.stringValue ?? ""
        let finish: JSONValue = model.hasPrefix("long") ? "length" : model.hasPrefix("tools") ? "tool_calls" : "stop"
        var message: JSONObject = ["role": "assistant", "content": .string("Echo of \(text)!"), "refusal": nil]
        if finish == "tool_calls" {
            message["content"] = .null
            message["tool_calls"] = [
                ["id": "t1", "type": "function", "function": ["name": "f", "arguments": "{\"a\": 1}"]]
            ]
        }
        return [
            "id": "chatcmpl-1", "object": "chat.completion", "created": 1_700_000_000, "model": .string(model),
            "choices": [
                ["index": 0, "message": .object(message), "logprobs": nil, "finish_reason": finish]
            ],
            "usage": [
                "prompt_tokens": 1000, "completion_tokens": 500, "total_tokens": 1500,
                "prompt_tokens_details": ["cached_tokens": .integer(model.hasPrefix("cached") ? 800 : 0)],
            ],
        ]
    }

    static func response(to json: JSONValue, model: String) -> JSONValue {
        let text = json["input"]?.stringValue ?? ""
        return [
            "id": "resp_1", "object": "response", "created_at": 1_700_000_000, "status": "completed",
            "model": .string(model), "error": nil,
            "output": [
                [
                    "type": "message", "id": "msg_1", "status": "completed", "role": "assistant",
                    "content": [["type": "output_text", "text": .string("Echo of \(text)!"), "annotations": []]],
                ]
            ],
            "usage": ["input_tokens": 10, "output_tokens": 5, "total_tokens": 15],
        ]
    }

    static func embeddings(_ json: JSONValue, model: String) -> JSONValue {
        var inputs = json["input"]?.arrayValue ?? [json["input"] ?? .null]
        // A single input in a list is forgotten.
        if model.hasPrefix("short"), json["input"]?.arrayValue?.count == 1 { inputs = [] }
        let odd: [String: JSONValue] = ["null": .null, "word": ["one", 2]]
        return [
            "object": "list", "model": .string(model),
            "data": .array(
                inputs.enumerated().map { index, input in
                    [
                        "object": "embedding", "index": .integer(index),
                        "embedding": odd[model] ?? [.integer(input.stringValue?.utf8.count ?? 0), 0.5],
                    ]
                }
            ),
            "usage": ["prompt_tokens": .integer(inputs.count), "total_tokens": .integer(inputs.count)],
        ]
    }
}
