import CacheServer
import HTTPTypes
import OpenAI
import SemanticCaching
import SemanticCachingTesting
import StrictJSON
import Testing

@Suite struct ConversationProxyTests {
    private func message(_ role: String, _ text: String) -> JSONValue {
        ["role": .string(role), "content": .string(text)]
    }

    private static func settings(_ mode: ContextMode) -> Rig.Settings {
        var settings = Rig.Settings()
        settings.cache = { $0.namespaces.conversation.mode = mode }
        return settings
    }

    /// Talks for some turns and returns the answers; the model repeats what it is told.
    private func converse(_ rig: Rig, turns: Int, stream: Bool = false) async throws -> (
        answers: [Rig.Answer], messages: [JSONValue]
    ) {
        var messages = [message("system", "You are the assistant of a booking service.")]
        var answers: [Rig.Answer] = []
        for turn in 0..<turns {
            messages.append(
                message("user", "Question \(turn), and please with all the details that there are, as before?")
            )
            let body: JSONValue = ["model": "m", "messages": .array(messages), "stream": .bool(stream)]
            let answer = try await rig.post("/v1/chat/completions", body)
            #expect(answer.status == 200)
            let text =
                stream ? answer.streamedText : answer.json["choices"]?[0]?["message"]?["content"]?.stringValue ?? ""
            messages.append(message("assistant", text))
            answers.append(answer)
        }
        return (answers, messages)
    }

    private func sent(_ rig: Rig, _ index: Int) -> [JSONValue] {
        (try? JSONValue(parsing: rig.stub.calls[index].body))?["messages"]?.arrayValue ?? []
    }

    @Test func nothingIsRewrittenUnlessTheNamespaceSaysSo() async throws {
        try await Rig.run { (rig: Rig) async throws in
            let (answers, _) = try await converse(rig, turns: 10)
            #expect(sent(rig, 9).count == 20)
            #expect(answers.allSatisfy { $0["x-semcache-context"] == nil })
            let again = try await converse(rig, turns: 10).answers
            #expect(again.allSatisfy { $0["x-semcache"] == "HIT" && $0["x-semcache-context"] == "exact" })
            #expect(rig.stub.calls.count == 10)
        }
    }

    @Test(arguments: [false, true]) func slimSendsTheLastExchange(stream: Bool) async throws {
        try await Rig.run(Self.settings(.slim)) { (rig: Rig) async throws in
            let (answers, messages) = try await converse(rig, turns: 8, stream: stream)
            #expect(answers.dropFirst(2).allSatisfy { $0["x-semcache-context"] == "slim" })
            #expect(sent(rig, 7) == [messages[0]] + messages[13...15])
            let tokens = answers[7]
            let (tokensIn, tokensOut) = (
                Int(tokens["x-semcache-tokens-in"] ?? ""), Int(tokens["x-semcache-tokens-out"] ?? "")
            )
            #expect((tokensOut ?? 0) * 2 < tokensIn ?? 0)
            // The same again is answered from the cache, whatever was sent for it.
            let again = try await converse(rig, turns: 8, stream: stream).answers
            #expect(again.allSatisfy { $0["x-semcache-context"] == "exact" })
            #expect(rig.stub.calls.count == 8)
        }
    }

    @Test func summaryPutsOneMessageInThePlaceOfMany() async throws {
        try await Rig.run(Self.settings(.summary)) { (rig: Rig) async throws in
            let (answers, messages) = try await converse(rig, turns: 14)
            #expect(answers.last?["x-semcache-context"] == "summary")
            let last = sent(rig, 13)
            #expect(last.count < 16)
            #expect(last[0] == messages[0])
            let tail = Array(messages.dropLast().suffix(last.count - 1))
            #expect(Array(last.dropFirst(2)) == Array(tail.dropFirst()))
            // The summary stands in front of the first message that is left, which is the user's.
            let first = last[1]["content"]?.stringValue ?? ""
            #expect(last[1]["role"] == "user")
            #expect(first.hasPrefix("Summary of the conversation so far, quoted"))
            #expect(first.hasSuffix("</summary>\n\n" + (tail[0]["content"]?.stringValue ?? "?")))
        }
    }

    // MARK: - Anthropic's Messages API

    private func ask(_ rig: Rig, _ text: String, stream: Bool = false, extra: JSONObject = [:]) async throws
        -> Rig.Answer
    {
        var body: JSONObject = [
            "model": "claude-sonnet-4-5", "max_tokens": 100, "system": "Be brief.",
            "messages": [message("user", text)],
        ]
        if stream { body["stream"] = true }
        for member in extra.members { body[member.key] = member.value }
        return try await rig.post(
            "/v1/messages",
            .object(body),
            [(name: "x-api-key", value: "sk-ant-1"), (name: "anthropic-version", value: "2023-06-01")]
        )
    }

    private func assembled(_ answer: Rig.Answer) throws -> JSONValue {
        var parser = ServerSentEventParser()
        var assembler = MessageStreamAssembler()
        for event in try parser.feed(answer.body) { try assembler.apply(event) }
        return try assembler.completeMessage()
    }

    @Test func messagesAreCachedInBothForms() async throws {
        for streamsFirst in [false, true] {
            try await Rig.run { (rig: Rig) async throws in
                let first = try await ask(rig, "Hello there", stream: streamsFirst)
                #expect(first["x-semcache"] == "MISS")
                let plain = try await ask(rig, "Hello there")
                let streamed = try await ask(rig, "Hello there", stream: true)
                #expect(plain["x-semcache"] == "HIT")
                #expect(streamed["x-semcache"] == "HIT")
                #expect(streamed["content-type"]?.hasPrefix("text/event-stream") == true)
                #expect(try assembled(streamed) == plain.json)
                #expect(plain.json["content"]?[0]?["text"]?.stringValue == "Echo of Hello there!")
                #expect(plain.json["stop_reason"] == "end_turn")
                #expect(rig.stub.calls.count == 1)
                #expect(rig.stub.calls[0].path == "/v1/messages")
                #expect(rig.stub.calls[0].headers[HTTPField.Name("x-api-key")!] == "sk-ant-1")
            }
        }
    }

    @Test func breakpointsDoNotChangeTheKeyAndGoUpstreamAsTheyAre() async throws {
        try await Rig.run { (rig: Rig) async throws in
            let marked: JSONObject = [
                "system": [["type": "text", "text": "Be brief.", "cache_control": ["type": "ephemeral"]]],
                "messages": [
                    [
                        "role": "user",
                        "content": [["type": "text", "text": "Hello there", "cache_control": ["type": "ephemeral"]]],
                    ]
                ],
            ]
            _ = try await ask(rig, "Hello there", extra: marked)
            #expect(String(decoding: rig.stub.calls[0].body, as: UTF8.self).contains("ephemeral"))
            #expect(try await ask(rig, "Hello there")["x-semcache"] == "HIT")
        }
    }

    @Test func theAPIsDoNotShareAnswers() async throws {
        try await Rig.run { (rig: Rig) async throws in
            // All that the engine sees of the two is the same, headers and all; only the API is another.
            let body: JSONValue = ["model": "m", "max_tokens": 100, "messages": [message("user", "Hello there")]]
            let headers = [(name: "x-api-key", value: "sk-1")]
            for path in ["/v1/messages", "/v1/chat/completions", "/v1/messages", "/v1/chat/completions"] {
                _ = try await rig.post(path, body, headers)
            }
            #expect(rig.stub.calls.map(\.path) == ["/v1/messages", "/v1/chat/completions"])
            let (message, chat) = (
                try await rig.post("/v1/messages", body, headers),
                try await rig.post("/v1/chat/completions", body, headers)
            )
            #expect(message["x-semcache"] == "HIT" && message.json["type"] == "message")
            #expect(chat["x-semcache"] == "HIT" && chat.json["object"] == "chat.completion")
        }
    }

    @Test func aSummaryStandsInFrontOfTheFirstTurnOfAMessage() async throws {
        try await Rig.run(Self.settings(.summary)) { (rig: Rig) async throws in
            var messages: [JSONValue] = []
            for turn in 0..<14 {
                messages.append(
                    message("user", "Question \(turn), and please with all the details that there are, as before?")
                )
                let answer = try await ask(rig, "", extra: ["messages": .array(messages)])
                messages.append(message("assistant", answer.json["content"]?[0]?["text"]?.stringValue ?? ""))
                if turn == 13 { #expect(answer["x-semcache-context"] == "summary") }
            }
            let body = try JSONValue(parsing: rig.stub.calls[13].body)
            #expect(body["system"] == "Be brief.")
            let last = body["messages"]?.arrayValue ?? []
            #expect(last.first?["role"] == "user")
            #expect(last.first?["content"]?.stringValue?.contains("</summary>\n\nQuestion") == true)
            #expect(Array(last.dropFirst()) == Array(messages.dropLast().suffix(last.count - 1)))
            #expect(last.count < 15)
        }
    }

    @Test func toolCallsOfMessagesAreNotStored() async throws {
        try await Rig.run { (rig: Rig) async throws in
            let tools: JSONObject = ["tools": [["name": "f", "input_schema": [:]]], "model": "tools"]
            for _ in 0..<2 {
                let answer = try await ask(rig, "Hello there", extra: tools)
                #expect(answer["x-semcache"] == "MISS")
            }
            #expect(rig.stub.calls.count == 2)
        }
    }
}
