import NIOCore
import NIOHTTP1
import OpenAI
import StrictJSON
import Testing

@Suite struct OpenAIChatClientTests {
    private func client(_ server: MisbehavingServer) throws -> OpenAIChatClient {
        OpenAIChatClient(
            configuration: .init(
                baseURL: try BaseURL(server.baseURL),
                apiKey: APIKey("k"),
                model: "m",
                deadline: .seconds(3600)
            ),
            time: TestTime().source(),
            random: { 0.5 }
        )
    }

    private func answer(_ content: JSONValue, finish: JSONValue = "stop") -> MisbehavingServer.Step {
        let body: JSONValue = ["choices": [["message": ["content": content], "finish_reason": finish]]]
        return .reply(body: body.serialized())
    }

    @Test func aQuestionIsAnsweredInText() async throws {
        try await MisbehavingServer.run([.reply(status: 503, body: []), answer("Yes.")]) { server in
            let text = try await client(server).complete([
                .init(role: .system, content: "Be brief."), .init(role: .user, content: "Is it?"),
            ])
            #expect(text == "Yes.")
            let sent = try JSONValue(parsing: try #require(server.received.last).body)
            #expect(
                sent == [
                    "model": "m", "temperature": 0,
                    "messages": [
                        ["role": "system", "content": "Be brief."], ["role": "user", "content": "Is it?"],
                    ],
                ]
            )
        }
    }

    @Test func anAnswerThatIsNotWholeIsNone() async throws {
        let steps = [answer("Ye", finish: "length"), answer("", finish: "stop"), answer(nil), .reply(body: [])]
        try await MisbehavingServer.run(steps) { server in
            let client = try client(server)
            for _ in steps {
                let error = await #expect(throws: OpenAIClientError.self) { try await client.complete([]) }
                guard case .invalidResponse = error else {
                    Issue.record("\(String(describing: error))")
                    return
                }
            }
        }
    }
}

@Suite struct UpstreamClientTests {
    @Test func requestsAndAnswersPassUnchanged() async throws {
        let step = MisbehavingServer.Step.reply(
            status: 418,
            headers: [("x-a", "1"), ("x-a", "2")],
            body: Array("short".utf8)
        )
        try await MisbehavingServer.run([step]) { server in
            let response = try await UpstreamClient().send(
                .init(
                    method: "PUT",
                    url: server.baseURL + "/any/thing?x=1",
                    headers: [("X-Mine", "z")],
                    body: .bytes(ByteBuffer(string: "{ raw }"))
                )
            )
            #expect(response.status == 418)
            #expect(response.headers.filter { $0.name == "x-a" }.map(\.value) == ["1", "2"])
            #expect(try await response.body.collect(upTo: 5) == ByteBuffer(string: "short"))
            let received = try #require(server.received.first)
            #expect(received.uri == "/v1/any/thing?x=1")
            #expect(received.headers["x-mine"] == ["z"])
            #expect(received.body == Array("{ raw }".utf8))
        }
    }

    @Test func streamedContentIsForwardedAsItComes() async throws {
        try await MisbehavingServer.run([.reply(body: [])]) { server in
            let (pieces, continuation) = AsyncThrowingStream.makeStream(of: ByteBuffer.self, throwing: (any Error).self)
            for piece in ["a", "b", "c"] { continuation.yield(ByteBuffer(string: piece)) }
            continuation.finish()
            _ = try await UpstreamClient().send(
                .init(method: "POST", url: server.baseURL, headers: [], body: .stream(pieces, length: 3))
            )
            #expect(server.received.first?.body == Array("abc".utf8))
        }
    }

    @Test func aCutAnswerIsAnErrorAndNoShorterAnswer() async throws {
        try await MisbehavingServer.run([.truncate(body: [1, 2], promised: 3), .reply(body: [1, 2, 3])]) { server in
            let request = UpstreamClient.Request(method: "GET", url: server.baseURL, headers: [], body: .none)
            // The cut may show at the head or in the body, depending on how the packets fall.
            let error = await #expect(throws: OpenAIClientError.self) {
                try await UpstreamClient().send(request).body.collect(upTo: 9)
            }
            guard case .transport = error else {
                Issue.record("\(String(describing: error))")
                return
            }
            await #expect(throws: OpenAIClientError.responseTooLarge(limit: 2)) {
                try await UpstreamClient().send(request).body.collect(upTo: 2)
            }
        }
    }
}
