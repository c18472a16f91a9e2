import CacheServer
import HTTPTypes
import NIOCore
import OpenAI
import SemanticCaching
import StrictJSON
import Testing

/// What of an answer is relayed, when, and in which words.
@Suite struct RelayTests {
    private struct NoConnection: Error {}

    /// Streams tell no usage unless they are asked to; whoever is answered from one gets an estimate.
    @Test func anAnswerWithoutUsageIsReplayedWithAnEstimate() async throws {
        try await Rig.run { (rig: Rig) async throws in
            _ = try await rig.chat("one two three", stream: true)
            try await rig.until { await rig.cache.statistics().store.entries == 1 }
            let plain = try await rig.chat("one two three")
            #expect(plain["x-semcache"] == "HIT")
            let usage = plain.json["usage"]
            let (prompt, completion) = (usage?["prompt_tokens"]?.intValue, usage?["completion_tokens"]?.intValue)
            #expect((prompt ?? 0) > 3)
            #expect((completion ?? 0) > 3)
            #expect(usage?["total_tokens"]?.intValue == (prompt ?? 0) + (completion ?? 0))
            let options: JSONObject = ["stream_options": ["include_usage": true]]
            let streamed = try await rig.chat("one two three", stream: true, extra: options)
            #expect(streamed["x-semcache"] == "HIT")
            #expect(streamed.text.contains(#""total_tokens":"#))
        }
    }

    @Test func followersOfAnEncodedAnswerAreToldSo() async throws {
        try await Rig.run { (rig: Rig) async throws in
            rig.stub.hold()
            let headers: [(name: String, value: String)] = [("accept-encoding", "gzip")]
            async let one = rig.chat("a", model: "heldpacked", headers)
            async let two = rig.chat("a", model: "heldpacked", headers)
            try await rig.until {
                try await rig.admin("GET", "/api/stats").json["exchange_followers"]?.intValue == 2
            }
            rig.stub.release()
            #expect(try await [one, two].map { $0["content-encoding"] } == ["x-odd", "x-odd"])
            #expect(rig.stub.calls.map { $0.headers[.acceptEncoding] } == ["identity"])
        }
    }

    @Test(.timeLimit(.minutes(5)), arguments: [false, true])
    func whatIsTooLongToKeepIsRelayedAsItComes(stream: Bool) async throws {
        let limit = stream ? 1 << 20 : 4 << 10
        try await Rig.run(.init(server: { $0.limits.maximumCapturedBytes = limit })) { (rig: Rig) async throws in
            rig.stub.hold()
            let body: JSONValue = [
                "model": "flood", "stream": .bool(stream), "messages": [["role": "user", "content": "x"]],
            ]
            // The head is there while the answer is not complete: it waits for nothing but the first bytes.
            let answer = try await UpstreamClient().send(
                .init(
                    method: "POST",
                    url: "http://127.0.0.1:\(rig.port)/v1/chat/completions",
                    headers: [("content-type", "application/json")],
                    body: .bytes(ByteBuffer(bytes: body.serialized()))
                )
            )
            rig.stub.release()
            #expect(try await answer.body.collect(upTo: 1 << 20).readableBytes == 16 << 10)
        }
    }

    /// More exchanges than a client has connections to one host by default.
    @Test(.timeLimit(.minutes(5))) func theUpstreamIsAskedByAsManyAsMayBeUnderWay() async throws {
        try await Rig.run { (rig: Rig) async throws in
            rig.stub.hold()
            for number in 1...260 {
                // Each caller leaves; his exchange goes on, for the store.
                guard let connection = RawConnection(port: rig.port) else { throw NoConnection() }
                let body = #"{"model":"held","messages":[{"role":"user","content":"\#(number)"}]}"#
                connection.send(
                    "POST /v1/chat/completions HTTP/1.1\r\nHost: x\r\nContent-Length: \(body.utf8.count)\r\n\r\n\(body)"
                )
                try await rig.until { rig.stub.calls.count == number }
                // It is open until here.
                connection.send("")
            }
            rig.stub.release()
        }
    }
}
