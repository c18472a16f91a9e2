import CacheServer
import HTTPTypes
import OpenAI
import SemanticCaching
import SemanticCachingTesting
import StrictJSON
import Testing

@Suite struct ProxyTests {
    // MARK: - Passing through

    @Test func whatIsNotCachedPassesUntouched() async throws {
        try await Rig.run { (rig: Rig) async throws in
            let answer = try await rig.send(
                "PUT",
                "/v1/files/x?a=b%20c",
                Array("{ not: json".utf8),
                headers: [
                    ("content-type", "application/odd"), ("X-Mine", "1"), ("Connection", "x-drop"), ("x-drop", "2"),
                ]
            )
            #expect(answer.status == 207)
            #expect(answer.text == "{ not: json")
            #expect(answer["content-type"] == "text/weird")
            #expect(answer["set-cookie"] == "a=1")
            #expect(answer["x-semcache"] == "BYPASS")
            #expect(answer["cache-status"]?.hasPrefix("semcache; fwd=bypass") == true)
            let call = try #require(rig.stub.calls.first)
            #expect(call.path == "/v1/files/x?a=b%20c")
            #expect(call.headers[HTTPField.Name("X-Mine")!] == "1")
            #expect(call.headers[HTTPField.Name("x-drop")!] == nil)
        }
    }

    @Test func theForwardedBodyIsTheCallersOwn() async throws {
        try await Rig.run { (rig: Rig) async throws in
            let odd = #"{ "messages":[{"content":"a\u0062","role":"user"}],"x_new": 1.50 ,"model":"m"}"#
            _ = try await rig.send(
                "POST",
                "/v1/chat/completions",
                Array(odd.utf8),
                headers: [("authorization", "Bearer sk-1"), ("x-semcache-tags", "t")]
            )
            let withControls = #"{"cache": {"ttl": 60}, "model":"m", "messages":[{"role":"user","content":"z"}]}"#
            _ = try await rig.send("POST", "/v1/chat/completions", Array(withControls.utf8))
            let calls = rig.stub.calls
            #expect(
                calls.map { String(decoding: $0.body, as: UTF8.self) } == [
                    odd, #"{"model":"m", "messages":[{"role":"user","content":"z"}]}"#,
                ]
            )
            #expect(calls[0].headers[.authorization] == "Bearer sk-1")
            #expect(calls[0].headers[HTTPField.Name("x-semcache-tags")!] == nil)
        }
    }

    @Test func bodiesThatAreNotUnderstoodGoUpstreamAsTheyAre() async throws {
        try await Rig.run { (rig: Rig) async throws in
            for body in ["", "{", "[]", #"{"model":"m"}"#, #"{"model":"m","messages":[],"messages":[]}"#] {
                let answer = try await rig.send("POST", "/v1/chat/completions", Array(body.utf8))
                #expect(answer.status == 200)
                #expect(answer["x-semcache-reason"] == "not-understood")
            }
            #expect(rig.stub.calls.count == 5)
        }
    }

    @Test func upstreamErrorsPassAndAreNotCached() async throws {
        try await Rig.run { (rig: Rig) async throws in
            for status in [400, 401, 429, 500, 503] {
                for _ in 0..<2 {
                    let answer = try await rig.chat("x", model: "fail\(status)")
                    #expect(answer.status == status)
                    #expect(answer.json["error"]?["code"] == "boom")
                }
            }
            #expect(rig.stub.calls.count == 10)
            #expect(await rig.cache.statistics().store.entries == 0)
        }
    }

    @Test func aDeadUpstreamIsABadGateway() async throws {
        try await Rig.run(.init(upstream: "http://127.0.0.1:1/v1")) { (rig: Rig) async throws in
            let answer = try await rig.chat("x")
            #expect(answer.status == 502)
            #expect(answer.json["error"]?["type"] == "upstream_error")
            #expect(try await rig.send("GET", "/v1/models").status == 502)
        }
    }

    @Test func otherPathsAreNotServed() async throws {
        try await Rig.run { (rig: Rig) async throws in
            #expect(try await rig.send("GET", "/metrics").status == 404)
            #expect(try await rig.send("GET", "/v1/../secret").status == 400)
            #expect(try await rig.send("GET", "/v1/%2e%2E/secret").status == 400)
            #expect(try await rig.send("GET", "/v1/models/..%2Fsecret").status == 400)
            #expect(rig.stub.calls.isEmpty)
            #expect(try await rig.send("GET", "/v1/models/org%2Fname").status == 207)
        }
    }

    // MARK: - Caching

    @Test func theSecondTimeIsAHitWithTheSameBytes() async throws {
        try await Rig.run { (rig: Rig) async throws in
            let first = try await rig.chat("hello")
            #expect(first["x-semcache"] == "MISS")
            #expect(first["cache-status"]?.contains("fwd=miss; stored") == true)
            #expect(first["set-cookie"] == "session=1")
            let second = try await rig.chat("hello")
            #expect(second["x-semcache"] == "HIT")
            #expect(second["x-semcache-tier"] == "exact")
            #expect(second["cache-status"]?.hasPrefix("semcache; hit") == true)
            #expect(second["age"] != nil)
            #expect(second["x-semcache-entry"] == first["x-semcache-entry"])
            #expect(second["set-cookie"] == nil)
            #expect(second.body == first.body)
            #expect(rig.stub.calls.count == 1)
        }
    }

    @Test func whatStandsBesideTheBodyIsPartOfTheKey() async throws {
        try await Rig.run { (rig: Rig) async throws in
            let body: JSONValue = ["model": "m", "messages": [["role": "user", "content": "x"]]]
            let path = "/v1/chat/completions"
            #expect(try await rig.post(path, body)["x-semcache"] == "MISS")
            #expect(try await rig.post(path + "?api-version=2", body)["x-semcache"] == "MISS")
            #expect(try await rig.post(path, body, [("openai-project", "p")])["x-semcache"] == "MISS")
            #expect(try await rig.post(path, body, [("openai-project", "p")])["x-semcache"] == "HIT")
            #expect(try await rig.post(path, body)["x-semcache"] == "HIT")
        }
    }

    @Test func aHitTellsWhatItSaved() async throws {
        try await Rig.run { (rig: Rig) async throws in
            _ = try await rig.chat("hello", model: "gpt-4o-mini")
            // 1000 tokens at 0.15 and 500 at 0.60 dollars a million.
            #expect(try await rig.chat("hello", model: "gpt-4o-mini")["x-semcache-saved-usd"] == "0.000450")
        }
    }

    @Test func streamsAreRelayedStoredAndReplayed() async throws {
        try await Rig.run { (rig: Rig) async throws in
            let first = try await rig.chat("one two three", stream: true)
            #expect(first["content-type"] == "text/event-stream")
            #expect(first.streamedText == "Echo of one two three!")
            try await rig.until { await rig.cache.statistics().store.entries == 1 }
            let replayed = try await rig.chat("one two three", stream: true)
            #expect(replayed["x-semcache"] == "HIT")
            #expect(replayed.streamedText == "Echo of one two three!")
            #expect(replayed.text.hasSuffix("data: [DONE]\n\n"))
            #expect(!replayed.text.contains("usage"))
            let plain = try await rig.chat("one two three")
            #expect(plain["x-semcache"] == "HIT")
            #expect(plain.json["choices"]?[0]?["message"]?["content"] == "Echo of one two three!")
            #expect(rig.stub.calls.count == 1)
        }
    }

    @Test func usageIsReplayedWhenAskedFor() async throws {
        try await Rig.run { (rig: Rig) async throws in
            _ = try await rig.chat("hello")
            let options: JSONObject = ["stream_options": ["include_usage": true]]
            let replayed = try await rig.chat("hello", stream: true, extra: options)
            #expect(replayed["x-semcache"] == "HIT")
            #expect(replayed.text.contains(#""total_tokens":1500"#))
        }
    }

    @Test(arguments: ["long", "cut"])
    func incompleteAnswersAreRelayedAndNotStored(model: String) async throws {
        try await Rig.run { (rig: Rig) async throws in
            for _ in 0..<2 {
                // A cut shows to the caller as a cut.
                _ = try? await rig.chat("hello", model: model, stream: true)
            }
            #expect(rig.stub.calls.count == 2)
            #expect(await rig.cache.statistics().store.entries == 0)
        }
    }

    @Test func toolCallsAreStoredOnlyWhereAllowed() async throws {
        try await Rig.run { (rig: Rig) async throws in
            for _ in 0..<2 { #expect(try await rig.chat("x", model: "tools")["x-semcache"] == "MISS") }
        }
        try await Rig.run(.init(cache: { $0.namespaces.storesToolCalls = true })) { (rig: Rig) async throws in
            let first = try await rig.chat("x", model: "tools", stream: true)
            #expect(first["x-semcache"] == "MISS")
            try await rig.until { await rig.cache.statistics().store.entries == 1 }
            let second = try await rig.chat("x", model: "tools")
            #expect(second["x-semcache"] == "HIT")
            #expect(
                second.json["choices"]?[0]?["message"]?["tool_calls"]?[0]?["function"]?["arguments"] == "{\"a\": 1}"
            )
        }
    }

    @Test func similarQuestionsAreAnsweredInMeaning() async throws {
        try await Rig.run(.init(embedder: HashingEmbedder(), cache: { $0.namespaces.threshold = 0.5 })) {
            (rig: Rig) async throws in
            _ = try await rig.chat("how do I reset my password please")
            let second = try await rig.chat("how do I reset my password")
            #expect(second["x-semcache"] == "HIT")
            #expect(second["x-semcache-tier"] == "semantic")
            #expect(second["x-semcache-similarity"] != nil)
            let raised = try await rig.chat("how do I reset my password now", [("x-semcache-threshold", "0.9999")])
            #expect(raised["x-semcache-reason"] == "below-threshold")
        }
    }

    @Test func theResponsesAPIIsCachedToo() async throws {
        try await Rig.run { (rig: Rig) async throws in
            let body: JSONValue = ["model": "m", "input": "hello", "instructions": "Be brief."]
            let first = try await rig.post("/v1/responses", body)
            #expect(first["x-semcache"] == "MISS")
            let second = try await rig.post("/v1/responses", body)
            #expect(second["x-semcache"] == "HIT")
            #expect(second.body == first.body)
            var streaming = try #require(body.objectValue)
            streaming["stream"] = true
            let streamed = try await rig.post("/v1/responses", .object(streaming))
            #expect(streamed["x-semcache"] == "HIT")
            #expect(streamed.text.contains("event: response.completed"))
            streaming["input"] = "other"
            _ = try await rig.post("/v1/responses", .object(streaming))
            try await rig.until { await rig.cache.statistics().store.entries == 2 }
            #expect(try await rig.post("/v1/responses", .object(streaming))["x-semcache"] == "HIT")
            #expect(rig.stub.calls.count == 2)
            streaming["store"] = true
            #expect(try await rig.post("/v1/responses", .object(streaming))["x-semcache"] == "HIT")
            // An answer that the provider does not keep has an id that nobody can go on from.
            streaming["store"] = false
            #expect(try await rig.post("/v1/responses", .object(streaming))["x-semcache"] == "MISS")
            streaming["instructions"] = [["type": "message", "role": "developer", "content": "Be brief."]]
            #expect(try await rig.post("/v1/responses", .object(streaming))["x-semcache-reason"] == "not-understood")
            streaming["instructions"] = .null
            streaming["conversation"] = "conv_1"
            #expect(try await rig.post("/v1/responses", .object(streaming))["x-semcache"] == "BYPASS")
        }
    }

    @Test func eachInputOfEmbeddingsIsCached() async throws {
        try await Rig.run { (rig: Rig) async throws in
            func embed(_ input: JSONValue) async throws -> Rig.Answer {
                try await rig.post("/v1/embeddings", ["model": "e", "input": input])
            }
            let first = try await embed(["a", "bbb"])
            #expect(first["x-semcache"] == "MISS")
            let second = try await embed(["bbb", "cc", "a"])
            #expect(second.json["data"]?.arrayValue?.map { $0["embedding"]?[0]?.intValue } == [3, 2, 1])
            let third = try await embed("cc")
            #expect(third["x-semcache"] == "HIT")
            #expect(third.json["data"]?[0]?["embedding"] == [2, 0.5])
            let asked = try rig.stub.calls.map { try JSONValue(parsing: $0.body)["input"] }
            #expect(asked == [["a", "bbb"], ["cc"]])
            #expect(try await embed([[1, 2], [3]])["x-semcache"] == "MISS")
            #expect(try await embed([1, 2])["x-semcache"] == "HIT")
        }
    }

    // MARK: - Controls

    @Test func callersControlTheCache() async throws {
        try await Rig.run { (rig: Rig) async throws in
            let none = try await rig.chat("a", [("cache-control", "only-if-cached")])
            #expect(none.status == 504)
            #expect(none.json["error"]?["code"] == "not_cached")
            #expect(try await rig.chat("a", [("cache-control", "no-store")])["x-semcache"] == "MISS")
            #expect(try await rig.chat("a", [("x-semcache-mode", "off")])["x-semcache"] == "BYPASS")
            #expect(try await rig.chat("a")["x-semcache"] == "MISS")
            #expect(try await rig.chat("a", [("cache-control", "no-cache")])["x-semcache-reason"] == "no-cache")
            #expect(try await rig.chat("a", [("cache-control", "only-if-cached")])["x-semcache"] == "HIT")
            #expect(try await rig.chat("a", [("cache-control", "max-age=0")])["x-semcache"] == "MISS")
            #expect(try await rig.chat("a", [("x-semcache-namespace", "other")])["x-semcache"] == "MISS")
            #expect(try await rig.chat("a", extra: ["cache": ["namespace": "other"]])["x-semcache"] == "HIT")
            #expect(try await rig.chat("a", extra: ["cache": ["no-cache": true]])["x-semcache"] == "MISS")
            #expect(try await rig.chat("a", extra: ["temperature": 0.9])["x-semcache-reason"] == "temperature")
        }
    }

    @Test(arguments: [
        ("x-semcache-ttl", "soon"), ("x-semcache-ttl", "-1"), ("x-semcache-threshold", "2"),
        ("x-semcache-mode", "fuzzy"), ("x-semcache-namespace", "a b"), ("x-semcache-namespace", ""),
    ])
    func aControlThatCannotBeReadIsNamed(name: String, value: String) async throws {
        try await Rig.run { (rig: Rig) async throws in
            let answer = try await rig.chat("a", [(name, value)])
            #expect(answer.status == 400)
            #expect(answer.json["error"]?["message"]?.stringValue?.hasPrefix(name) == true)
        }
    }

    @Test func timeToLiveAndStaleAnswers() async throws {
        let clock = ManualClock()
        try await Rig.run(.init(clock: clock, cache: { $0.namespaces.staleIfError = .seconds(100) })) {
            (rig: Rig) async throws in
            #expect(try await rig.chat("a", model: "held", [("x-semcache-ttl", "10")])["x-semcache"] == "MISS")
            let hit = try await rig.chat("a", model: "held")
            #expect(hit["cache-status"]?.contains("ttl=10") == true)
            clock.advance(by: .seconds(11))
            let renewed = try await rig.chat("a", model: "held", [("x-semcache-ttl", "10")])
            #expect(renewed["x-semcache-reason"] == "too-old")
            #expect(rig.stub.calls.count == 2)
        }
    }

    // MARK: - Books

    @Test func theAccessLogTellsHowAndNotWhat() async throws {
        try await Rig.run { (rig: Rig) async throws in
            let secret = "my private question"
            _ = try await rig.chat(secret, [("authorization", "Bearer sk-private"), ("x-request-id", "req-7")])
            _ = try await rig.chat(secret, stream: true)
            try await rig.until { rig.log.all.count == 2 }
            let lines = try rig.log.all.map { try JSONValue(parsing: $0.utf8) }
            #expect(lines[0]["id"] == "req-7")
            #expect(lines[0]["outcome"] == "miss")
            #expect(lines[0]["status"] == 200)
            #expect(lines[0]["path"] == "/v1/chat/completions")
            #expect(!rig.log.all.joined().contains("private"))
        }
        try await Rig.run(.init(server: { $0.logsQuestions = true })) { (rig: Rig) async throws in
            for _ in 0..<2 { _ = try await rig.chat("what was asked") }
            try await rig.until { rig.log.all.count == 2 }
            for line in rig.log.all { #expect(try JSONValue(parsing: line.utf8)["question"] == "what was asked") }
        }
    }
}
