import OpenAI
import StrictJSON
import Testing

@Suite struct MessageStreamTests {
    private let message: JSONValue = [
        "id": "msg_1", "type": "message", "role": "assistant", "model": "claude-sonnet-4-5",
        "content": [
            ["type": "thinking", "thinking": "Let me think about it.", "signature": "abc+/=="],
            ["type": "text", "text": "Here is what I found: 价格 \u{1F600}."],
            ["type": "tool_use", "id": "t1", "name": "f", "input": ["city": "Paris", "days": [1, 2]]],
            ["type": "tool_use", "id": "t2", "name": "g", "input": [:]],
        ],
        "stop_reason": "tool_use", "stop_sequence": nil,
        "usage": ["input_tokens": 20, "cache_read_input_tokens": 7, "output_tokens": 42],
    ]

    private func assembled(_ events: some Sequence<ServerSentEvent>) throws -> JSONValue {
        var assembler = MessageStreamAssembler()
        for event in events { try assembler.apply(event) }
        return try assembler.completeMessage()
    }

    @Test func whatIsRenderedAssemblesToTheSame() throws {
        let events = MessageStreamRenderer.events(replaying: message)
        #expect(try assembled(events) == message)
        #expect(events.first?.type == "message_start")
        #expect(events.last?.type == "message_stop")
    }

    @Test func aRealStreamAssembles() throws {
        let stream = """
            event: message_start
            data: {"type":"message_start","message":{"id":"m","type":"message","role":"assistant","content":[],"model":"c","stop_reason":null,"stop_sequence":null,"usage":{"input_tokens":25,"output_tokens":1}}}

            event: content_block_start
            data: {"type":"content_block_start","index":0,"content_block":{"type":"text","text":""}}

            event: ping
            data: {"type":"ping"}

            event: content_block_delta
            data: {"type":"content_block_delta","index":0,"delta":{"type":"text_delta","text":"Hello"}}

            event: content_block_delta
            data: {"type":"content_block_delta","index":0,"delta":{"type":"text_delta","text":"!"}}

            event: content_block_stop
            data: {"type":"content_block_stop","index":0}

            event: message_delta
            data: {"type":"message_delta","delta":{"stop_reason":"end_turn","stop_sequence":null},"usage":{"output_tokens":15}}

            event: message_stop
            data: {"type":"message_stop"}


            """
        var parser = ServerSentEventParser()
        let whole = try assembled(try parser.feed(Array(stream.utf8)))
        #expect(whole["content"] == [["type": "text", "text": "Hello!"]])
        #expect(whole["usage"] == ["input_tokens": 25, "output_tokens": 15])
    }

    @Test func whatIsCutOrBrokenGivesNoMessage() throws {
        let events = MessageStreamRenderer.events(replaying: message)
        for count in 0..<events.count {
            #expect(throws: StreamAssemblyError.self) { try assembled(events.prefix(count)) }
        }
        for index in events.indices.dropFirst().dropLast() where events[index].type != "content_block_delta" {
            var torn = events
            torn.remove(at: index)
            #expect(throws: StreamAssemblyError.self, "event \(index)") { try assembled(torn) }
        }
        let error = ServerSentEvent(type: "error", data: #"{"type":"error","error":{"type":"overloaded_error"}}"#)
        #expect(throws: StreamAssemblyError.upstreamError) { try assembled(events.prefix(3) + [error]) }
        var assembler = MessageStreamAssembler(maximumBytes: 100)
        #expect(throws: StreamAssemblyError.tooLarge(limit: 100)) { for event in events { try assembler.apply(event) } }
    }
}
