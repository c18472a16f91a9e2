import OpenAI
import StrictJSON
import Testing

@Suite struct ChatStreamTests {
    private func assemble(_ chunks: [JSONValue], done: Bool = true) throws -> JSONValue {
        var assembler = ChatStreamAssembler()
        for chunk in chunks { try assembler.apply(ServerSentEvent(data: chunk.serializedText)) }
        if done { try assembler.apply(.done) }
        return try assembler.completion()
    }

    private func chunk(
        _ delta: JSONValue,
        index: Int = 0,
        finish: JSONValue = nil,
        logprobs: JSONValue = nil
    ) -> JSONValue {
        [
            "id": "c1", "object": "chat.completion.chunk", "created": 7, "model": "m",
            "system_fingerprint": "fp",
            "choices": [
                ["index": .integer(index), "delta": delta, "logprobs": logprobs, "finish_reason": finish]
            ],
            "usage": nil, "obfuscation": "xyz",
        ]
    }

    @Test func textUsageAndEnvelopeComeTogether() throws {
        let completion = try assemble([
            chunk(["role": "assistant", "content": "", "refusal": nil]),
            chunk(["content": "Hel"]), chunk(["content": "lo"]),
            chunk([:], finish: "stop"),
            [
                "id": "c1", "object": "chat.completion.chunk", "created": 7, "model": "m", "choices": [],
                "usage": ["total_tokens": 9],
            ],
        ])
        #expect(
            completion == [
                "id": "c1", "object": "chat.completion", "created": 7, "model": "m",
                "system_fingerprint": "fp",
                "choices": [
                    [
                        "index": 0, "message": ["role": "assistant", "content": "Hello", "refusal": nil],
                        "logprobs": nil, "finish_reason": "stop",
                    ]
                ],
                "usage": ["total_tokens": 9],
            ]
        )
    }

    @Test func toolCallsMergeByIndexAndOutOfOrder() throws {
        func call(_ index: Int, _ members: JSONObject) -> JSONValue {
            var members = members
            members["index"] = .integer(index)
            return ["tool_calls": [.object(members)]]
        }
        let completion = try assemble([
            chunk(["role": "assistant", "content": nil]),
            chunk(call(1, ["id": "b", "type": "function", "function": ["name": "g", "arguments": ""]])),
            chunk(call(0, ["id": "a", "type": "function", "function": ["name": "f", "arguments": ""]])),
            chunk(call(0, ["function": ["arguments": "{\"x\""]])),
            chunk(call(1, ["function": ["arguments": "{}"]])),
            chunk(call(0, ["id": "a", "function": ["arguments": ":1}"]])),
            chunk([:], finish: "tool_calls"),
        ])
        #expect(
            completion["choices"]?[0]?["message"]?["tool_calls"] == [
                ["id": "a", "type": "function", "function": ["name": "f", "arguments": "{\"x\":1}"]],
                ["id": "b", "type": "function", "function": ["name": "g", "arguments": "{}"]],
            ]
        )
        #expect(completion["choices"]?[0]?["message"]?["content"] == .some(.null))
    }

    @Test func choicesRefusalsAndUnknownFieldsAreKept() throws {
        let completion = try assemble([
            chunk(["role": "assistant", "refusal": "I "], index: 1),
            chunk(["role": "assistant", "content": "A", "reasoning_content": "be"], index: 0),
            chunk(["refusal": "can't"], index: 1),
            chunk(["content": "B", "reasoning_content": "cause"], index: 0),
            chunk([:], index: 0, finish: "stop"), chunk([:], index: 1, finish: "stop"),
        ])
        #expect(completion["choices"]?[0]?["message"]?["content"] == "AB")
        #expect(completion["choices"]?[0]?["message"]?["reasoning_content"] == "because")
        #expect(completion["choices"]?[1]?["message"]?["refusal"] == "I can't")
    }

    @Test func whatIsNotWholeGivesNoReply() throws {
        let start = chunk(["role": "assistant", "content": "Hal"])
        let end = chunk([:], finish: "stop")
        #expect(throws: StreamAssemblyError.self) { try assemble([start, end], done: false) }
        #expect(throws: StreamAssemblyError.self) { try assemble([start]) }
        #expect(throws: StreamAssemblyError.self) { try assemble([]) }
        #expect(throws: StreamAssemblyError.self) {
            try assemble([chunk(["content": "x"], index: 1, finish: "stop")])
        }
        #expect(throws: StreamAssemblyError.upstreamError) {
            try assemble([start, ["error": ["message": "overloaded"]], end])
        }
        #expect(throws: StreamAssemblyError.self) { try assemble([start, "no object", end]) }
        #expect(throws: StreamAssemblyError.self) { try assemble([start, chunk(["content": 3]), end]) }
        var assembler = ChatStreamAssembler(maximumBytes: 50)
        #expect(throws: StreamAssemblyError.tooLarge(limit: 50)) {
            try assembler.apply(ServerSentEvent(data: start.serializedText))
        }
        var second = ChatStreamAssembler()
        #expect(throws: StreamAssemblyError.self) {
            try second.apply(ServerSentEvent(data: "{\"choices\":["))
        }
    }

    // MARK: - Replay

    static let completions: [JSONValue] = {
        let tokens: JSONValue = [
            ["token": "Hi", "logprob": -0.5, "bytes": [72, 105], "top_logprobs": []],
            ["token": " there", "logprob": -1.25, "bytes": nil, "top_logprobs": []],
        ]
        func completion(
            _ choices: JSONValue,
            usage: JSONValue = ["prompt_tokens": 1, "total_tokens": 3]
        ) -> JSONValue {
            [
                "id": "chatcmpl-1", "object": "chat.completion", "created": 1_700_000_000,
                "model": "gpt-4o-mini",
                "choices": choices, "usage": usage, "service_tier": "default", "system_fingerprint": "fp_1",
                "x_new": ["kept": [1.50]],
            ]
        }
        func choice(
            _ message: JSONValue,
            index: Int = 0,
            finish: JSONValue = "stop",
            logprobs: JSONValue = nil
        ) -> JSONValue {
            ["index": .integer(index), "message": message, "logprobs": logprobs, "finish_reason": finish]
        }
        return [
            completion([
                choice(["role": "assistant", "content": "Two  words\n\nand 中文字 🦊!", "refusal": nil])
            ]),
            completion([choice(["role": "assistant", "content": "", "refusal": nil])]),
            completion([
                choice(["role": "assistant", "content": "A", "refusal": nil]),
                choice(["role": "assistant", "content": nil, "refusal": "I must not."], index: 1),
            ]),
            completion([
                choice(
                    [
                        "role": "assistant", "content": nil, "refusal": nil,
                        "tool_calls": [
                            [
                                "id": "1", "type": "function",
                                "function": ["name": "f", "arguments": "{\"a b\": 1}"],
                            ],
                            ["id": "2", "type": "function", "function": ["name": "g", "arguments": ""]],
                            ["id": "3", "type": "custom", "custom": ["name": "h", "input": "z"]],
                        ],
                    ],
                    finish: "tool_calls"
                )
            ]),
            completion([
                choice(
                    ["role": "assistant", "content": "Hi there", "refusal": nil],
                    logprobs: ["content": tokens, "refusal": nil]
                )
            ]),
            completion([
                choice(
                    ["role": "assistant", "content": "Other text", "refusal": nil],
                    logprobs: ["content": tokens, "refusal": nil]
                )
            ]),
            completion([
                choice([
                    "role": "assistant", "content": "x", "refusal": nil, "reasoning_content": "why",
                    "annotations": [["type": "url_citation", "url_citation": ["url": "https://e.x"]]],
                ])
            ]),
        ]
    }()

    @Test(arguments: completions.indices)
    func assemblingAReplayGivesTheCompletionBack(index: Int) throws {
        let completion = Self.completions[index]
        let events = ChatStreamRenderer(includesUsage: true).events(replaying: completion)
        var assembler = ChatStreamAssembler()
        for event in events { try assembler.apply(event) }
        #expect(try assembler.completion() == completion)
    }

    @Test(arguments: completions.indices)
    func everyChunkHasTheShapeOfTheProtocol(index: Int) throws {
        let completion = Self.completions[index]
        for includesUsage in [true, false] {
            let events = ChatStreamRenderer(includesUsage: includesUsage).events(replaying: completion)
            #expect(events.last == .done)
            let chunks = try events.dropLast().map { try JSONValue(parsing: $0.data.utf8) }
            for chunk in chunks {
                for key in ["id", "created", "model", "system_fingerprint"] {
                    #expect(chunk[key] == completion[key])
                }
                #expect(chunk["object"] == "chat.completion.chunk")
                #expect((chunk["usage"] != nil) == includesUsage)
            }
            let withUsage = chunks.filter { $0["usage"]?.objectValue != nil }
            #expect(withUsage.count == (includesUsage ? 1 : 0))
            #expect(withUsage.allSatisfy { $0["choices"] == [] && $0["usage"] == completion["usage"] })
            let first = try #require(chunks.first?["choices"]?[0])
            #expect(first["delta"]?["role"] == "assistant")
            #expect(first["finish_reason"] == .some(.null))
        }
    }

    @Test func textIsReplayedByWords() throws {
        let events = ChatStreamRenderer(includesUsage: false).events(replaying: Self.completions[0])
        let pieces = try events.dropLast().compactMap {
            try JSONValue(parsing: $0.data.utf8)["choices"]?[0]?["delta"]?["content"]?.stringValue
        }
        #expect(pieces == ["", "Two", "  words", "\n\nand", " 中文字", " 🦊!"])
    }
}

@Suite struct ResponseStreamTests {
    static let response: JSONValue = [
        "id": "resp_1", "object": "response", "created_at": 7, "status": "completed", "model": "m",
        "output": [
            ["type": "reasoning", "id": "rs_1", "summary": []],
            [
                "type": "message", "id": "msg_1", "status": "completed", "role": "assistant",
                "content": [
                    ["type": "output_text", "text": "Hello big world", "annotations": [["type": "x"]]],
                    ["type": "refusal", "refusal": "but no"],
                ],
            ],
            [
                "type": "function_call", "id": "fc_1", "call_id": "c", "name": "f",
                "arguments": "{\"a\": 1}", "status": "completed",
            ],
        ],
        "usage": ["total_tokens": 3], "text": ["format": ["type": "text"]],
    ]

    @Test func assemblingAReplayGivesTheResponseBack() throws {
        var assembler = ResponseStreamAssembler()
        for event in ResponseStreamRenderer.events(replaying: Self.response) {
            try assembler.apply(event)
        }
        #expect(assembler.isDone)
        #expect(try assembler.response() == Self.response)
    }

    @Test func eventsAreNumberedTypedAndInOrder() throws {
        let events = ResponseStreamRenderer.events(replaying: Self.response)
        let bodies = try events.map { try JSONValue(parsing: $0.data.utf8) }
        #expect(
            bodies.map { $0["sequence_number"]?.intValue } == Array(0..<events.count).map(Optional.some)
        )
        #expect(bodies.map { $0["type"]?.stringValue } == events.map(\.type))
        #expect(events.first?.type == "response.created")
        #expect(bodies.first?["response"]?["status"] == "in_progress")
        #expect(events.last?.type == "response.completed")
        let deltas = bodies.filter { $0["type"] == "response.output_text.delta" }.compactMap {
            $0["delta"]?.stringValue
        }
        #expect(deltas == ["Hello", " big", " world"])
        let arguments = bodies.filter { $0["type"] == "response.function_call_arguments.delta" }
        #expect(arguments.compactMap { $0["delta"]?.stringValue }.joined() == "{\"a\": 1}")
    }

    @Test(arguments: ["response.failed", "response.incomplete", "response.cancelled", "error"])
    func otherEndsGiveNoReply(type: String) throws {
        var assembler = ResponseStreamAssembler()
        try assembler.apply(ServerSentEvent(type: type, data: #"{"type":"\#(type)"}"#))
        #expect(assembler.isDone)
        #expect(throws: StreamAssemblyError.self) { try assembler.response() }
    }

    @Test func aCutOrGarbledStreamGivesNoReply() throws {
        let events = ResponseStreamRenderer.events(replaying: Self.response)
        var cut = ResponseStreamAssembler()
        for event in events.dropLast() { try cut.apply(event) }
        #expect(throws: StreamAssemblyError.self) { try cut.response() }

        var garbled = ResponseStreamAssembler()
        let lost = try #require(events.firstIndex { $0.type == "response.output_text.delta" })
        for (index, event) in events.enumerated() where index != lost { try garbled.apply(event) }
        #expect(throws: StreamAssemblyError.self) { try garbled.response() }
    }
}

@Suite struct TopLevelMembersTests {
    @Test(arguments: [
        (#"{"model":"m","cache":{"ttl":1},"n":1}"#, #"{"model":"m","n":1}"#),
        (#"{"cache":null, "n" : 1.0 }"#, #"{"n" : 1.0 }"#),
        (#" { "a" : "}" , "cache" : [ "]", {"cache":1} ] } "#, #" { "a" : "}" } "#),
        (#"{"cache":1}"#, "{}"),
        (#"{"c\u0061che":1,"x":"\"cache\""}"#, #"{"x":"\"cache\""}"#),
        (#"{"a":{"cache":1}}"#, #"{"a":{"cache":1}}"#),
        ("{}", "{}"), ("[]", "[]"), ("3", "3"),
        (#"{"cache":1,"a":1,"cache_":2}"#, #"{"a":1,"cache_":2}"#),
    ])
    func onlyTheNamedMembersGo(input: String, expected: String) {
        let output = TopLevelMembers.removing(["cache"], from: Array(input.utf8))
        #expect(String(decoding: output, as: UTF8.self) == expected)
    }

    /// The same as removing from the parsed value, for objects written with random white space.
    @Test(arguments: 0..<100 as Range<UInt64>)
    func editingBytesIsEditingTheValue(seed: UInt64) throws {
        var random = SplitMix64(seed: seed)
        func space() -> String { String(repeating: " ", count: Int.random(in: 0..<3, using: &random)) }
        let values = [
            "1", "\"a,}\\\"\"", "[1, {\"k\": 2}]", "{}", "[]", "null", "{\"p\":{\"cache\":[1]}}",
        ]
        let keys = ["a", "b", "cache", "d", "drop", "f"].shuffled(using: &random).prefix(
            Int.random(in: 0...6, using: &random)
        )
        let members = keys.map {
            "\"\($0)\"\(space()):\(space())\(values.randomElement(using: &random) ?? "1")\(space())"
        }
        let text = "{" + space() + members.joined(separator: "," + space()) + "}"
        let output = TopLevelMembers.removing(["cache", "drop"], from: Array(text.utf8))
        var expected = try #require(try JSONValue(parsing: text.utf8).objectValue)
        expected["cache"] = nil
        expected["drop"] = nil
        #expect(try JSONValue(parsing: output) == .object(expected), "seed \(seed): \(text)")
    }

    @Test(arguments: 0..<300 as Range<UInt64>)
    func arbitraryBytesDoNoHarm(seed: UInt64) {
        var random = SplitMix64(seed: seed)
        let atoms = Array(#"{}[]",:\ cachex1"#.utf8)
        let bytes = (0..<40).map { _ in atoms[Int.random(in: atoms.indices, using: &random)] }
        #expect(TopLevelMembers.removing(["cache"], from: bytes).count <= bytes.count)
    }
}
