import CacheServer
import Embeddings
import OpenAI
import SemanticCaching
import SemanticCachingTesting
import StrictJSON
import Testing

@Suite struct ExchangeTests {
    /// The number of callers who take part in an exchange.
    private func followers(_ rig: Rig) async throws -> Int? {
        try await rig.admin("GET", "/api/stats").json["exchange_followers"]?.intValue
    }

    @Test func sixteenIdenticalRequestsMakeOneCall() async throws {
        try await Rig.run { (rig: Rig) async throws in
            rig.stub.hold()
            let answers = try await withThrowingTaskGroup(of: Rig.Answer.self) { group in
                for _ in 0..<16 { group.addTask { try await rig.chat("same", model: "held") } }
                try await rig.until { try await followers(rig) == 16 }
                try await rig.until { rig.stub.calls.count == 1 }
                rig.stub.release()
                return try await group.reduce(into: []) { $0.append($1) }
            }
            #expect(rig.stub.calls.count == 1)
            #expect(Set(answers.map(\.text)).count == 1)
            #expect(answers.filter { $0["x-semcache"] == "MISS" }.count == 1)
            #expect(answers.filter { $0["x-semcache"] == "COALESCED" }.count == 15)
            // Only the caller whose request went upstream gets what was meant for him.
            #expect(answers.filter { $0["set-cookie"] != nil }.count == 1)
        }
    }

    @Test func whoJoinsALiveStreamGetsItFromItsBeginning() async throws {
        try await Rig.run { (rig: Rig) async throws in
            rig.stub.hold()
            async let leader = rig.chat("a b c", model: "held", stream: true)
            try await rig.until { rig.stub.calls.count == 1 }
            async let follower = rig.chat("a b c", model: "held", stream: true)
            async let plain = rig.chat("a b c", model: "held")
            try await rig.until { try await followers(rig) == 3 }
            rig.stub.release()
            let answers = try await [leader, follower]
            #expect(answers[0].body == answers[1].body)
            #expect(answers[1].streamedText == "Echo of a b c!")
            #expect(answers[1]["x-semcache"] == "COALESCED")
            let whole = try await plain
            #expect(whole.json["choices"]?[0]?["message"]?["content"] == "Echo of a b c!")
            #expect(rig.stub.calls.count == 1)
        }
    }

    @Test func theLeadersDepartureHarmsNoFollower() async throws {
        try await Rig.run { (rig: Rig) async throws in
            rig.stub.hold()
            let leader = Task { try await rig.chat("a", model: "held", stream: true) }
            try await rig.until { rig.stub.calls.count == 1 }
            async let follower = rig.chat("a", model: "held", stream: true)
            try await rig.until { try await followers(rig) == 2 }
            leader.cancel()
            _ = try? await leader.value
            rig.stub.release()
            #expect(try await follower.streamedText == "Echo of a!")
            #expect(rig.stub.calls.count == 1)
        }
    }

    @Test func anAnswerThatNobodyWaitsForIsStillStored() async throws {
        try await Rig.run { (rig: Rig) async throws in
            rig.stub.hold()
            let caller = Task { try await rig.chat("a", model: "held", stream: true) }
            try await rig.until { rig.stub.calls.count == 1 }
            caller.cancel()
            _ = try? await caller.value
            rig.stub.release()
            try await rig.until { await rig.cache.statistics().store.entries == 1 }
            #expect(try await rig.chat("a", model: "held")["x-semcache"] == "HIT")
        }
    }

    @Test func aFailureIsSharedOnceAndNotCached() async throws {
        try await Rig.run { (rig: Rig) async throws in
            rig.stub.hold()
            let answers = try await withThrowingTaskGroup(of: Rig.Answer.self) { group in
                for _ in 0..<4 { group.addTask { try await rig.chat("same", model: "heldfail") } }
                try await rig.until { try await followers(rig) == 4 }
                try await rig.until { rig.stub.calls.count == 1 }
                rig.stub.release()
                return try await group.reduce(into: []) { $0.append($1) }
            }
            #expect(answers.map(\.status) == [503, 503, 503, 503])
            #expect(rig.stub.calls.count == 1)
            #expect(try await rig.chat("same", model: "heldfail").status == 503)
            #expect(rig.stub.calls.count == 2)
        }
    }

    /// Beyond the limit an answer is neither kept for others nor stored, and reaches its callers all the same.
    @Test func anAnswerThatIsTooLongToKeepIsRelayedWhole() async throws {
        let settings = Rig.Settings(server: { $0.limits.maximumCapturedBytes = 2_000 })
        try await Rig.run(settings) { (rig: Rig) async throws in
            let words = (0..<400).map { "word\($0)" }.joined(separator: " ")
            rig.stub.hold()
            async let leader = rig.chat(words, model: "held", stream: true)
            async let follower = rig.chat(words, model: "held", stream: true)
            async let plain = rig.chat(words, model: "held")
            try await rig.until { try await followers(rig) == 3 }
            rig.stub.release()
            #expect(
                try await [leader, follower].map(\.streamedText) == Array(repeating: "Echo of \(words)!", count: 2)
            )
            #expect(try await plain.json["choices"]?[0]?["message"]?["content"]?.stringValue == "Echo of \(words)!")
            #expect(await rig.cache.statistics().store.entries == 0)
        }
    }

    @Test func requestsOfDifferentCallersAreNotJoined() async throws {
        try await Rig.run { (rig: Rig) async throws in
            rig.stub.hold()
            async let one = rig.chat("a", model: "held", [("authorization", "Bearer one")])
            async let two = rig.chat("a", model: "held", [("authorization", "Bearer two")])
            try await rig.until { rig.stub.calls.count == 2 }
            rig.stub.release()
            #expect(try await [one, two].map { $0["x-semcache"] } == ["MISS", "MISS"])
        }
    }
}

@Suite struct ShutdownTests {
    @Test func whatIsUnderWayFinishesAndNothingNewBegins() async throws {
        try await Rig.run { (rig: Rig) async throws in
            rig.stub.hold()
            async let stream = rig.chat("a b", model: "held", stream: true)
            try await rig.until { rig.stub.calls.count == 1 }
            rig.shutDown()
            // The listener goes first; then a new connection is refused.
            try await rig.until {
                (try? await rig.send("GET", "/v1/models", headers: [("connection", "close")])) == nil
            }
            rig.stub.release()
            #expect(try await stream.streamedText == "Echo of a b!")
        }
    }
}
