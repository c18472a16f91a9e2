import CacheServer
import OpenAI
import SemanticCaching
import SemanticCachingTesting
import StrictJSON
import Testing

/// What namespaces that shorten do with requests beyond the plain case.
@Suite struct ShorteningTests {
    private func message(_ role: String, _ text: String) -> JSONValue {
        ["role": .string(role), "content": .string(text)]
    }

    private static func settings(
        _ mode: ContextMode,
        server: @escaping @Sendable (inout ServerConfiguration) -> Void = { _ in }
    ) -> Rig.Settings {
        var settings = Rig.Settings()
        settings.cache = { $0.namespaces.conversation.mode = mode }
        settings.server = server
        return settings
    }

    private func sent(_ call: StubModel.Call) -> [JSONValue] {
        (try? JSONValue(parsing: call.body))?["messages"]?.arrayValue ?? []
    }

    /// Talks for some turns; the model repeats what it is told.
    private func converse(
        _ rig: Rig,
        turns: Range<Int>,
        _ messages: inout [JSONValue],
        path: String = "/v1/chat/completions",
        _ extra: JSONObject = [:]
    ) async throws -> [Rig.Answer] {
        var answers: [Rig.Answer] = []
        for turn in turns {
            messages.append(
                message("user", "Question \(turn), and please with all the details that there are, as before?")
            )
            var body: JSONObject = ["model": "m", "messages": .array(messages)]
            for member in extra.members { body[member.key] = member.value }
            let answer = try await rig.post(path, .object(body))
            #expect(answer.status == 200)
            let text = answer.json["choices"]?[0]?["message"]?["content"] ?? answer.json["content"]?[0]?["text"]
            messages.append(message("assistant", text?.stringValue ?? ""))
            answers.append(answer)
        }
        return answers
    }

    @Test(arguments: [ContextMode.slim, .summary])
    func requestsForVarietyAreShortenedToo(mode: ContextMode) async throws {
        try await Rig.run(Self.settings(mode)) { (rig: Rig) async throws in
            var messages = [message("system", "You are the assistant of a booking service.")]
            let answers = try await converse(rig, turns: 0..<14, &messages, ["temperature": 0.7])
            #expect(answers.allSatisfy { $0["x-semcache"] == "BYPASS" && $0["x-semcache-reason"] == "temperature" })
            #expect(answers.last?["x-semcache-context"] == mode.rawValue)
            #expect(sent(rig.stub.calls[13]).count < 16)
            #expect(rig.stub.calls.count == 14)
            let account = try await rig.cache.ledgerDays().filter { !$0.namespace.isConversationPart }.map(\.counts)
            #expect(account.reduce(LedgerCounts(), +)[.leftOutTokens] > 0)
            // The same again is asked again: variety is what the caller wants.
            messages.removeLast()
            let body: JSONValue = ["model": "m", "messages": .array(messages), "temperature": 0.7]
            #expect(try await rig.post("/v1/chat/completions", body)["x-semcache"] == "BYPASS")
            #expect(rig.stub.calls.count == 15)
        }
    }

    @Test func whoWantsNoCacheIsSentAsHeIs() async throws {
        try await Rig.run(Self.settings(.summary)) { (rig: Rig) async throws in
            var messages: [JSONValue] = []
            _ = try await converse(rig, turns: 0..<12, &messages)
            let body = JSONValue.object(["model": "m", "messages": .array(messages + [message("user", "And now?")])])
            let answer = try await rig.post("/v1/chat/completions", body, [(name: "x-semcache-mode", value: "off")])
            #expect(answer["x-semcache"] == "BYPASS")
            #expect(rig.stub.calls.last?.body == body.serialized())
        }
    }

    @Test func nothingIsBookedForAnAnswerThatFailed() async throws {
        try await Rig.run(Self.settings(.summary)) { (rig: Rig) async throws in
            var messages: [JSONValue] = []
            _ = try await converse(rig, turns: 0..<6, &messages)
            func leftOut() async throws -> Int {
                try await rig.cache.ledgerDays().map { $0.counts[.leftOutTokens] }.reduce(0, +)
            }
            let before = try await leftOut()
            for turn in 0..<8 {
                messages += [message("user", "And \(turn)?"), message("assistant", "That \(turn) is so.")]
            }
            let body: JSONValue = ["model": "fail500", "messages": .array(messages + [message("user", "And now?")])]
            let answer = try await rig.post("/v1/chat/completions", body)
            #expect(answer.status == 500)
            #expect(answer["x-semcache-context"] == "summary")
            #expect(try await leftOut() == before)
        }
    }

    @Test func hitsTellTheTokensThatWereNotSent() async throws {
        try await Rig.run { (rig: Rig) async throws in
            var messages: [JSONValue] = [message("system", "Be brief.")]
            _ = try await converse(rig, turns: 0..<3, &messages)
            var again: [JSONValue] = [message("system", "Be brief.")]
            let answers = try await converse(rig, turns: 0..<3, &again)
            #expect(answers.allSatisfy { $0["x-semcache"] == "HIT" })
            // A single question has no conversation to tell of.
            #expect(answers[0]["x-semcache-tokens-in"] == nil)
            #expect(Int(answers[2]["x-semcache-tokens-in"] ?? "") ?? 0 > 60)
            #expect(answers[2]["x-semcache-tokens-out"] == "0")
        }
    }

    @Test func instructionsInTheMidstGoAlong() async throws {
        try await Rig.run(Self.settings(.summary)) { (rig: Rig) async throws in
            var messages = [message("system", "Be brief.")]
            _ = try await converse(rig, turns: 0..<2, &messages)
            messages.append(message("developer", "Never mention prices."))
            _ = try await converse(rig, turns: 2..<14, &messages)
            let last = sent(rig.stub.calls[13])
            #expect(last.count < 17)
            #expect(Array(last.prefix(2)) == [messages[0], message("developer", "Never mention prices.")])
            #expect(last[2]["role"] == "user")
        }
    }

    // MARK: - Anthropic's Messages API

    @Test func slimShortensMessages() async throws {
        try await Rig.run(Self.settings(.slim)) { (rig: Rig) async throws in
            var messages: [JSONValue] = []
            let extra: JSONObject = ["max_tokens": 100, "system": "Be brief."]
            let answers = try await converse(rig, turns: 0..<8, &messages, path: "/v1/messages", extra)
            #expect(answers.dropFirst(2).allSatisfy { $0["x-semcache-context"] == "slim" })
            #expect(sent(rig.stub.calls[7]) == Array(messages[12...14]))
            #expect(try JSONValue(parsing: rig.stub.calls[7].body)["system"] == "Be brief.")
        }
    }

    private static let toolTurns: [JSONValue] = [
        ["role": "user", "content": "What is in my inbox?"],
        ["role": "assistant", "content": [["type": "tool_use", "id": "t1", "name": "inbox", "input": [:]]]],
    ]

    private static func resultTurn(_ result: String, _ text: String) -> JSONValue {
        [
            "role": "user",
            "content": [
                ["type": "tool_result", "tool_use_id": "t1", "content": .string(result)],
                ["type": "text", "text": .string(text)],
            ],
        ]
    }

    @Test func whatIsSaidBehindAToolsResultIsTheUsers() async throws {
        var settings = Rig.Settings()
        settings.embedder = HashingEmbedder(dimension: 256)
        settings.cache = { $0.namespaces.threshold = 0.8 }
        try await Rig.run(settings) { (rig: Rig) async throws in
            func ask(_ result: String, _ text: String) async throws -> Rig.Answer {
                let turns = Self.toolTurns + [Self.resultTurn(result, text)]
                return try await rig.post("/v1/messages", ["model": "m", "max_tokens": 100, "messages": .array(turns)])
            }
            #expect(try await ask("two letters", "How many of them are from Bob Miller?")["x-semcache"] == "MISS")
            let reworded = try await ask("two letters", "how many of them are from bob miller")
            #expect(reworded["x-semcache-tier"] == "semantic")
            // Another result is another context.
            #expect(try await ask("no letters", "how many of them are from bob miller")["x-semcache"] == "MISS")
        }
    }

    @Test func aBoundaryBetweenAResultAndWordsKeepsTheWords() async throws {
        try await Rig.run(Self.settings(.summary)) { (rig: Rig) async throws in
            var messages =
                Self.toolTurns + [Self.resultTurn("two letters", "Which is the more important one of the two?")]
            var first: JSONValue?
            for turn in 0..<16 {
                let answer = try await rig.post(
                    "/v1/messages",
                    ["model": "m", "max_tokens": 100, "messages": .array(messages)]
                )
                messages.append(message("assistant", "Answer \(turn), which has some more words to it than that."))
                // Each turn has results and words, so that boundaries fall between the two.
                messages.append(["role": "assistant", "content": Self.toolTurns[1]["content"] ?? .null])
                messages.append(
                    Self.resultTurn("result \(turn)", "Question \(turn), with all the details that there are?")
                )
                guard answer["x-semcache-context"] == "summary", let call = rig.stub.calls.last else { continue }
                first = sent(call).first
                let blocks = first?["content"]?.arrayValue ?? []
                #expect(blocks.first?["text"]?.stringValue?.hasPrefix("Summary of the conversation") == true)
                // A result without its call would be refused by the API.
                #expect(!blocks.contains { $0["type"] == "tool_result" })
            }
            #expect(first != nil)
        }
    }

    @Test(arguments: ["cut", "long"]) func answersThatAreNotCompleteAreNotStored(kind: String) async throws {
        try await Rig.run { (rig: Rig) async throws in
            for _ in 0..<2 {
                let body: JSONValue = [
                    "model": .string(kind), "max_tokens": 5, "stream": .bool(kind == "cut"),
                    "messages": [message("user", "Tell me a long story")],
                ]
                // A stream that is cut ends the connection; what came of it was relayed.
                let answer = try? await rig.post("/v1/messages", body)
                if let answer { #expect(answer["x-semcache"] == "MISS") }
            }
            #expect(rig.stub.calls.count == 2)
        }
    }

    @Test func callersOfTheMessagesAPIAreTenantsByTheirKey() async throws {
        try await Rig.run { (rig: Rig) async throws in
            let body: JSONValue = ["model": "m", "max_tokens": 100, "messages": [message("user", "Hello there")]]
            var words: [String?] = []
            for key in ["sk-ant-1", "sk-ant-2", "sk-ant-1", "sk-ant-2"] {
                words.append(try await rig.post("/v1/messages", body, [(name: "x-api-key", value: key)])["x-semcache"])
            }
            #expect(words == ["MISS", "MISS", "HIT", "HIT"])
        }
    }

    @Test func errorsHaveTheShapeOfTheirAPI() async throws {
        var settings = Rig.Settings()
        settings.server = { $0.limits.maximumBodyBytes = 1_000 }
        try await Rig.run(settings) { (rig: Rig) async throws in
            let body: JSONValue = ["model": "m", "max_tokens": 1, "messages": [message("user", "Hello")]]
            let cases: [(JSONValue, [(name: String, value: String)], Int, JSONValue)] = [
                (body, [(name: "cache-control", value: "only-if-cached")], 504, "timeout_error"),
                (body, [(name: "x-semcache-mode", value: "sideways")], 400, "invalid_request_error"),
                (["model": .string(String(repeating: "m", count: 2_000))], [], 413, "request_too_large"),
            ]
            for (body, headers, status, type) in cases {
                let answer = try await rig.post("/v1/messages", body, headers)
                #expect(answer.status == status)
                #expect(answer.json["type"] == "error")
                #expect(answer.json["error"]?["type"] == type)
                #expect(answer.json["error"]?["message"]?.stringValue?.isEmpty == false)
                #expect(answer.json["error"]?.objectValue?.count == 2)
                let chat = try await rig.post("/v1/chat/completions", body, headers)
                #expect(chat.json["type"] == nil && chat.json["error"]?["code"] != nil)
            }
        }
    }

    // MARK: - Summaries by a model

    @Test func aSummaryModelIsAskedAccountedAndReplaceable() async throws {
        try await Rig.run(Self.settings(.summary) { $0.summaryModel = "small-1" }) { (rig: Rig) async throws in
            func models() -> [String] {
                rig.stub.calls.compactMap { (try? JSONValue(parsing: $0.body))?["model"]?.stringValue }
            }
            var messages = [message("system", "Be brief.")]
            _ = try await converse(rig, turns: 0..<12, &messages)
            let calls = models().count { $0 == "small-1" }
            #expect(calls > 0)
            let counts = try await rig.cache.ledgerDays().map(\.counts).reduce(LedgerCounts(), +)
            // The usage is the upstream's own word.
            #expect(counts[.summaryTokens] == 1_500 * calls)
            var configuration = rig.configuration
            configuration.summaryModel = "small-2"
            rig.server.reconfigure(configuration)
            _ = try await converse(rig, turns: 12..<18, &messages)
            #expect(models().contains("small-2"))
            #expect(models().count { $0 == "small-1" } == calls)
        }
    }

    // MARK: - The provider's own cache

    @Test func hintsAreGivenWhereTheNamespaceWantsThem() async throws {
        var settings = Rig.Settings()
        settings.cache = { $0.namespaces.conversation.hintsPromptCache = true }
        try await Rig.run(settings) { (rig: Rig) async throws in
            let long = String(repeating: "Be brief and polite. ", count: 400)
            let question = message("user", "Hello there")
            let chat: JSONObject = ["model": "m", "messages": [message("system", long), question]]
            _ = try await rig.post("/v1/chat/completions", .object(chat))
            let anthropic: JSONObject = [
                "model": "claude-sonnet-4-5", "max_tokens": 9, "system": .string(long), "messages": [question],
            ]
            _ = try await rig.post("/v1/messages", .object(anthropic))
            let bodies = try rig.stub.calls.map { try JSONValue(parsing: $0.body) }
            let key = bodies[0]["prompt_cache_key"]?.stringValue
            #expect(key?.hasPrefix("semcache-") == true)
            #expect(bodies[1]["system"]?[0]?["cache_control"] == ["type": "ephemeral"])
            // The hints are no part of the cache's own key, and what the caller says himself stays.
            #expect(try await rig.post("/v1/chat/completions", .object(chat))["x-semcache"] == "HIT")
            var own = chat
            own["prompt_cache_key"] = "mine"
            own["temperature"] = 1
            _ = try await rig.post("/v1/chat/completions", .object(own))
            #expect(try JSONValue(parsing: rig.stub.calls[2].body)["prompt_cache_key"] == "mine")
        }
    }

    @Test func whatTheProviderHadCachedIsReadBack() async throws {
        try await Rig.run { (rig: Rig) async throws in
            let body: JSONValue = ["model": "cached", "max_tokens": 9, "messages": [message("user", "Hello there")]]
            _ = try await rig.post("/v1/messages", body)
            _ = try await rig.post("/v1/chat/completions", body)
            let counts = try await rig.cache.ledgerDays().map(\.counts).reduce(LedgerCounts(), +)
            #expect(counts[.cachedPromptTokens] == 4_000 + 800)
            #expect(counts[.promptTokens] == 4_009 + 1_000)
        }
    }
}
