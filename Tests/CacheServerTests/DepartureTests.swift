import NIOCore
import OpenAI
import SemanticCaching
import Synchronization
import Testing

@testable import CacheServer

/// What becomes of a request whose caller goes before he is answered.
@Suite struct DepartureTests {
    private struct NoConnection: Error {}

    /// Sends a request, and closes the connection once it has reached the upstream.
    private func sendAndLeave(_ request: String, _ rig: Rig) async throws {
        guard let connection = RawConnection(port: rig.port) else { throw NoConnection() }
        connection.send(request)
        try await rig.until { rig.stub.calls.count == 1 }
        // It is open until here.
        connection.send("")
    }

    private func chat(_ text: String, model: String) -> String {
        let body = #"{"model":"\#(model)","messages":[{"role":"user","content":"\#(text)"}]}"#
        return "POST /v1/chat/completions HTTP/1.1\r\nHost: h\r\nContent-Length: \(body.utf8.count)\r\n\r\n\(body)"
    }

    @Test(.timeLimit(.minutes(5))) func theUpstreamIsLetGoWithTheCaller() async throws {
        try await Rig.run { (rig: Rig) async throws in
            rig.stub.hold()
            try await sendAndLeave("GET /v1/watched HTTP/1.1\r\nHost: h\r\n\r\n", rig)
            // The upstream sees its connection end, though it never answers.
            try await rig.until { rig.stub.departures == 1 }
            try await rig.until { await rig.requestsInFlight == 0 }
            try await rig.until { rig.log.all.contains { $0.contains(#""status":499"#) } }
        }
    }

    @Test(.timeLimit(.minutes(5))) func anAnswerThatStallsIsLetGoWithItsCaller() async throws {
        try await Rig.run { (rig: Rig) async throws in
            rig.stub.hold()
            try await sendAndLeave("GET /v1/stalled HTTP/1.1\r\nHost: h\r\n\r\n", rig)
            try await rig.until { await rig.requestsInFlight == 0 }
            rig.stub.release()
        }
    }

    @Test(.timeLimit(.minutes(5)), arguments: [false, true])
    func theConfigurationDecidesWhetherAnAnswerIsReadToItsEnd(completes: Bool) async throws {
        let settings = Rig.Settings(server: { $0.completesAbandonedAnswers = completes })
        try await Rig.run(settings) { (rig: Rig) async throws in
            rig.stub.hold()
            try await sendAndLeave(chat("a", model: "held"), rig)
            // Either way his place is free at once.
            try await rig.until { await rig.requestsInFlight == 0 }
            if !completes { try await rig.until { await rig.exchangesUnderWay == 0 } }
            rig.stub.release()
            guard completes else {
                #expect(await rig.cache.statistics().store.entries == 0)
                return
            }
            try await rig.until { await rig.cache.statistics().store.entries == 1 }
        }
    }

    // MARK: - Parts

    @Test func whoWatchesIsToldOnceAndWhoDoesNoMoreIsNot() {
        let departure = Departure()
        let told = Mutex<[String]>([])
        let first = departure.watch { told.withLock { $0.append("first") } }
        departure.watch { told.withLock { $0.append("second") } }.end()
        #expect(departure.watchCount == 1)
        departure.come()
        departure.come()
        #expect(told.withLock { $0 } == ["first"])
        first.end()
        _ = departure.watch { told.withLock { $0.append("late") } }
        #expect(told.withLock { $0 } == ["first", "late"])
        #expect(departure.watchCount == 0)
    }

    private func exchange(completesAbandoned: Bool = true, maximumBytes: Int = 1_000) -> LiveExchange {
        LiveExchange(
            form: WireForm(isStream: true, includesUsage: false),
            completesAbandoned: completesAbandoned,
            maximumBytes: maximumBytes
        )
    }

    /// One who reads nothing sets the pace, until he is gone.
    @Test(.timeLimit(.minutes(5))) func theOthersGetAllOfItWhenASlowOneGoes() async throws {
        let exchange = exchange(maximumBytes: 10)
        let departure = Departure()
        let slow = try #require(Membership(joining: exchange, until: departure))
        let other = try #require(Membership(joining: exchange))
        exchange.start { exchange in
            do {
                for _ in 0..<5 { try await exchange.publish(ByteBuffer(repeating: 1, count: 8)) }
                exchange.end(reply: nil)
            } catch {
                exchange.fail(error)
            }
        }
        for index in 0..<2 { _ = try await other.piece(index) }
        departure.come()
        var count = 2
        while try await other.piece(count) != nil { count += 1 }
        #expect(count == 5)
        await #expect(throws: CancellationError.self) { try await slow.piece(0) }
    }

    /// The caller may go before the exchange that he is alone with has begun.
    @Test(.timeLimit(.minutes(5))) func whoHasGoneAlreadyIsNotWorkedFor() async throws {
        let departure = Departure()
        departure.come()
        let exchange = exchange(completesAbandoned: false)
        let membership = try #require(Membership(joining: exchange, until: departure))
        let (ends, end) = AsyncStream.makeStream(of: Bool.self)
        exchange.start { _ in
            while !Task.isCancelled { await Task.yield() }
            end.yield(true)
        }
        await #expect(throws: CancellationError.self) { try await membership.head() }
        for await isCancelled in ends {
            #expect(isCancelled)
            break
        }
        #expect(exchange.join() == nil)
    }

    @Test func aPlaceThatIsGivenUpWatchesNoMore() throws {
        let departure = Departure()
        do {
            let membership = try #require(Membership(joining: exchange(), until: departure))
            #expect(departure.watchCount == 1)
            withExtendedLifetime(membership) {}
        }
        #expect(departure.watchCount == 0)
    }
}
