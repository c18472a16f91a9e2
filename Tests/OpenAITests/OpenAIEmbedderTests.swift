import Embeddings
import NIOHTTP1
import OpenAI
import StrictJSON
import Testing

@Suite struct OpenAIEmbedderTests {
    static let secret = "sk-test-0123456789abcdef"

    // MARK: - Answers as they should be

    @Test(arguments: [OpenAIEmbedder.Encoding.base64, .float])
    func vectorsComeNormalisedInTheOrderOfTheTexts(encoding: OpenAIEmbedder.Encoding) async throws {
        let body = Self.answer([[0, 2], [3, 4]], indexes: [1, 0], encoding: encoding)
        try await MisbehavingServer.run([.reply(body: body)]) { server in
            let embedder = try Self.embedder(server, encoding: encoding)
            let embeddings = try await embedder.embed(["first", "second"])
            #expect(embeddings.map(\.vector) == [[0.6, 0.8], [0, 1]])
            let request = try #require(server.received.first)
            #expect(request.uri == "/v1/embeddings")
            #expect(request.headers["authorization"] == ["Bearer \(Self.secret)"])
            let sent = try JSONValue(parsing: request.body)
            #expect(
                sent == [
                    "model": "m", "input": ["first", "second"], "encoding_format": .string(encoding.rawValue),
                ]
            )
        }
    }

    @Test func aServerThatIgnoresTheEncodingIsUnderstood() async throws {
        let body = Self.answer([[3, 4]], encoding: .float)
        try await MisbehavingServer.run([.reply(body: body)]) { server in
            let embeddings = try await Self.embedder(server, encoding: .base64).embed(["x"])
            #expect(embeddings[0].vector == [0.6, 0.8])
        }
    }

    @Test func aRequestedDimensionIsSentAndNamedInTheModel() async throws {
        try await MisbehavingServer.run([.reply(body: Self.answer([[3, 4]]))]) { server in
            let embedder = try Self.embedder(server) { $0.requestsDimension = true }
            #expect(embedder.model == EmbeddingModel(id: "m@2", dimension: 2))
            _ = try await embedder.embed(["x"])
            let sent = try JSONValue(parsing: try #require(server.received.first).body)
            #expect(sent["dimensions"] == 2)
        }
    }

    @Test func manyTextsGoInBatchesAndNoneInNone() async throws {
        let steps: [MisbehavingServer.Step] = [
            .reply(body: Self.answer([[1, 0], [0, 1]])), .reply(body: Self.answer([[1, 0]])),
        ]
        try await MisbehavingServer.run(steps) { server in
            let embedder = try Self.embedder(server) { $0.maximumBatchSize = 2 }
            #expect(try await embedder.embed([]).isEmpty)
            let embeddings = try await embedder.embed(["a", "b", "c"])
            #expect(embeddings.map(\.vector) == [[1, 0], [0, 1], [1, 0]])
            let inputs = try server.received.map { try JSONValue(parsing: $0.body)["input"] }
            #expect(inputs == [["a", "b"], ["c"]])
        }
    }

    // MARK: - Failures that pass

    @Test func aRateLimitIsWaitedOutAsTheServerAsks() async throws {
        let steps: [MisbehavingServer.Step] = [
            .reply(status: 429, headers: [("retry-after", "3")], body: []),
            .reply(status: 429, headers: [("Retry-After", "Thu, 01 Jan 1970 00:16:50 GMT")], body: []),
            .reply(body: Self.answer([[3, 4]])),
        ]
        try await MisbehavingServer.run(steps) { server in
            let time = TestTime()
            let embedder = try Self.embedder(server, time: time, unixTime: 1_000)
            _ = try await embedder.embed(["x"])
            // Jitter of half the first backoff (100 ms) comes on top: the tests' randomness is always 0.5.
            #expect(time.waits == [.milliseconds(3_050), .milliseconds(10_050)])
            #expect(server.received.count == 3)
        }
    }

    @Test func serverErrorsAndHangUpsAreTriedAgainWithGrowingWaits() async throws {
        let steps: [MisbehavingServer.Step] = [
            .reply(status: 500, body: Array("oops".utf8)), .hangUp, .reply(body: Self.answer([[3, 4]])),
        ]
        try await MisbehavingServer.run(steps) { server in
            let time = TestTime()
            _ = try await Self.embedder(server, time: time).embed(["x"])
            #expect(time.waits == [.milliseconds(50), .milliseconds(100)])
        }
    }

    @Test func aWaitBeyondTheDeadlineIsNotBegun() async throws {
        let step = MisbehavingServer.Step.reply(
            status: 429,
            headers: [("retry-after", "86400")],
            body: []
        )
        try await MisbehavingServer.run([step]) { server in
            let time = TestTime()
            let embedder = try Self.embedder(server, time: time)
            await #expect(throws: EmbedderError.self) { try await embedder.embed(["x"]) }
            #expect(time.waits.isEmpty)
        }
    }

    // MARK: - Failures that stay

    @Test func attemptsEnd() async throws {
        let steps = Array(repeating: MisbehavingServer.Step.reply(status: 503, body: []), count: 9)
        try await MisbehavingServer.run(steps) { server in
            let embedder = try Self.embedder(server)
            await #expect(throws: EmbedderError.unavailable("the server answered HTTP 503")) {
                try await embedder.embed(["x"])
            }
            #expect(server.received.count == 3)
        }
    }

    @Test func aStallEndsAtTheDeadline() async throws {
        let time = TestTime()
        try await MisbehavingServer.run([.stall { time.expireDeadlines() }]) { server in
            let embedder = try Self.embedder(server, time: time)
            await #expect(throws: EmbedderError.timedOut) { try await embedder.embed(["x"]) }
        }
    }

    @Test func cancellationIsCancellation() async throws {
        let (stalled, continuation) = AsyncStream.makeStream(of: Void.self)
        try await MisbehavingServer.run([.stall { continuation.yield() }]) { server in
            let embedder = try Self.embedder(server)
            let task = Task { try await embedder.embed(["x"]) }
            for await _ in stalled { break }
            task.cancel()
            await #expect(throws: CancellationError.self) { try await task.value }
        }
    }

    @Test func inputThatTheServerRefusesIsTheCallersFault() async throws {
        let body = Array(#"{"error":{"message":"x","type":"invalid_request_error","code":null}}"#.utf8)
        try await MisbehavingServer.run([.reply(status: 400, body: body)]) { server in
            let embedder = try Self.embedder(server)
            let expected = EmbedderError.invalidInput(
                "the server answered HTTP 400 (invalid_request_error)"
            )
            await #expect(throws: expected) { try await embedder.embed(["x"]) }
            #expect(server.received.count == 1)
        }
    }

    @Test(arguments: [
        #"{"data":[{"index":0,"embedding":[1,0]}"#,
        #"{"data":[{"index":0,"embedding":[1,0]}]}"#,
        #"{"data":[{"index":0,"embedding":[1,0]},{"index":0,"embedding":[1,0]}]}"#,
        #"{"data":[{"index":0,"embedding":[1,0]},{"index":2,"embedding":[1,0]}]}"#,
        #"{"data":[{"index":0,"embedding":[1,0]},{"index":-1,"embedding":[1,0]}]}"#,
        #"{"data":[{"index":0,"embedding":[1,0]},{"index":1,"embedding":[1,"a"]}]}"#,
        #"{"data":[{"index":0,"embedding":[1,0]},{"index":1,"embedding":"AAAA"}]}"#,
        #"{"data":[{"index":0,"embedding":[1,0]},{"index":1,"embedding":"??????=="}]}"#,
        #"{"data":[{"index":0,"embedding":[1,0]},{"index":1}]}"#,
        #"{"object":"list"}"#,
        "[]", "",
    ])
    func anAnswerThatBreaksTheProtocolIsRefused(answer: String) async throws {
        try await MisbehavingServer.run([.reply(body: Array(answer.utf8))]) { server in
            let embedder = try Self.embedder(server)
            let error = await #expect(throws: EmbedderError.self) {
                try await embedder.embed(["x", "y"])
            }
            guard case .invalidResponse = error else {
                Issue.record("\(String(describing: error)) for \(answer)")
                return
            }
        }
    }

    @Test func aCutConnectionIsTriedAgainAndThenReported() async throws {
        let body = Self.answer([[3, 4]])
        let steps = Array(
            repeating: MisbehavingServer.Step.truncate(body: body, promised: body.count + 9),
            count: 3
        )
        try await MisbehavingServer.run(steps) { server in
            let embedder = try Self.embedder(server)
            let error = await #expect(throws: EmbedderError.self) { try await embedder.embed(["x"]) }
            guard case .unavailable = error else {
                Issue.record("\(String(describing: error))")
                return
            }
            #expect(server.received.count == 3)
        }
    }

    @Test func vectorsThatCannotBeUsedAreRefused() async throws {
        let steps: [MisbehavingServer.Step] = [
            .reply(body: Self.answer([[1, 2, 3]])),
            .reply(body: Self.answer([[.nan, 1]])),
            .reply(body: Self.answer([[1, .infinity]])),
            .reply(body: Self.answer([[0, 0]])),
        ]
        try await MisbehavingServer.run(steps) { server in
            let embedder = try Self.embedder(server)
            await #expect(throws: EmbedderError.wrongDimension(expected: 2, actual: 3)) {
                try await embedder.embed(["x"])
            }
            for _ in 1..<4 {
                let error = await #expect(throws: EmbedderError.self) { try await embedder.embed(["x"]) }
                guard case .invalidVector = error else {
                    Issue.record("\(String(describing: error))")
                    return
                }
            }
        }
    }

    @Test func aHugeAnswerIsNotRead() async throws {
        let body = [UInt8](repeating: UInt8(ascii: " "), count: 100_000)
        try await MisbehavingServer.run([.reply(body: body)]) { server in
            let embedder = try Self.embedder(server) { $0.maximumResponseBytes = 10_000 }
            let expected = EmbedderError.invalidResponse("the server's answer is larger than 10000 bytes")
            await #expect(throws: expected) { try await embedder.embed(["x"]) }
        }
    }

    @Test func aServerThatKeepsFailingIsLeftAloneForAWhile() async throws {
        let failures = Array(repeating: MisbehavingServer.Step.reply(status: 500, body: []), count: 2)
        try await MisbehavingServer.run(failures + [.reply(body: Self.answer([[3, 4]]))]) { server in
            let time = TestTime()
            let embedder = try Self.embedder(server, time: time) {
                $0.retry = RetryPolicy(maximumAttempts: 1)
                $0.circuitBreaker = .init(failureThreshold: 2, coolDown: .seconds(5))
            }
            for _ in 0..<4 {
                await #expect(throws: EmbedderError.self) { try await embedder.embed(["x"]) }
            }
            #expect(server.received.count == 2)
            time.advance(by: .seconds(5))
            #expect(try await embedder.embed(["x"]).count == 1)
        }
    }

    // MARK: - Secrets

    @Test func theKeyAppearsInNoError() async throws {
        let quoting = Array(
            #"{"error":{"message":"bad key \#(Self.secret)","type":"\#(Self.secret)","code":"\#(Self.secret)"}}"#
                .utf8
        )
        let steps: [MisbehavingServer.Step] = [
            .reply(status: 401, body: quoting), .reply(status: 400, body: quoting), .reply(body: quoting),
            .hangUp,
            .hangUp, .hangUp,
        ]
        try await MisbehavingServer.run(steps) { server in
            let embedder = try Self.embedder(server)
            for _ in 0..<4 {
                let error = await #expect(throws: (any Error).self) {
                    try await embedder.embed(["my private text"])
                }
                var dumped = ""
                dump(error, to: &dumped)
                for text in ["\(String(describing: error))", String(reflecting: error), dumped] {
                    #expect(!text.contains(Self.secret))
                    #expect(!text.contains("private"))
                }
            }
            var dumped = ""
            dump(embedder, to: &dumped)
            #expect(!dumped.contains(Self.secret))
            #expect(!String(reflecting: embedder).contains(Self.secret))
        }
    }

    // MARK: - Helpers

    static func embedder(
        _ server: MisbehavingServer,
        encoding: OpenAIEmbedder.Encoding = .base64,
        time: TestTime = TestTime(),
        unixTime: Double = 0,
        configure: (inout OpenAIEmbedder.Configuration) -> Void = { _ in }
    ) throws -> OpenAIEmbedder {
        var configuration = OpenAIEmbedder.Configuration(
            baseURL: try BaseURL(server.baseURL),
            apiKey: APIKey(secret),
            model: "m",
            dimension: 2,
            encoding: encoding,
            deadline: .seconds(3600)
        )
        configure(&configuration)
        return OpenAIEmbedder(
            configuration: configuration,
            time: time.source(unixTime: unixTime),
            random: { 0.5 }
        )
    }

    static func answer(
        _ vectors: [[Float]],
        indexes: [Int]? = nil,
        encoding: OpenAIEmbedder.Encoding = .base64
    ) -> [UInt8] {
        let items = vectors.enumerated().map { position, vector -> JSONValue in
            let embedding: JSONValue =
                switch encoding {
                case .float: .array(vector.map { .double(Double($0)) })
                case .base64:
                    .string(
                        Base64.encode(
                            vector.flatMap { component in
                                (0..<4).map { UInt8(truncatingIfNeeded: component.bitPattern >> UInt32(8 * $0)) }
                            }
                        )
                    )
                }
            return [
                "object": "embedding", "index": .integer(indexes?[position] ?? position),
                "embedding": embedding,
            ]
        }
        let body: JSONValue = [
            "object": "list", "data": .array(items), "model": "m", "usage": ["total_tokens": 3],
        ]
        return body.serialized()
    }
}
