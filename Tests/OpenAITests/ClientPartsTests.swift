import OpenAI
import Testing

@Suite struct CircuitBreakerTests {
    private let configuration = CircuitBreaker.Configuration(
        failureThreshold: 3,
        coolDown: .seconds(5),
        maximumCoolDown: .seconds(12)
    )

    private func admitted(_ breaker: inout CircuitBreaker, at seconds: Int) throws
        -> CircuitBreaker.Ticket
    {
        guard case .admitted(let ticket) = breaker.admit(at: .seconds(seconds)) else {
            throw Refused()
        }
        return ticket
    }

    private struct Refused: Error {}

    private func opened(at seconds: Int) throws -> CircuitBreaker {
        var breaker = CircuitBreaker(configuration)
        for _ in 0..<3 {
            breaker.record(.failure, of: try admitted(&breaker, at: seconds), at: .seconds(seconds))
        }
        return breaker
    }

    @Test func failuresInARowOpenIt() throws {
        var breaker = CircuitBreaker(configuration)
        for outcome in [
            CircuitBreaker.Outcome.failure, .failure, .success, .failure, .failure, .abandoned,
        ] {
            breaker.record(outcome, of: try admitted(&breaker, at: 0), at: .zero)
            #expect(breaker.isClosed)
        }
        breaker.record(.failure, of: try admitted(&breaker, at: 0), at: .zero)
        #expect(!breaker.isClosed)
        #expect(breaker.admit(at: .seconds(2)) == .refused(retryAfter: .seconds(3)))
    }

    @Test func oneProbeAtATimeDecides() throws {
        var breaker = try opened(at: 0)
        let probe = try admitted(&breaker, at: 5)
        #expect(breaker.admit(at: .seconds(5)) == .refused(retryAfter: .seconds(5)))
        breaker.record(.success, of: probe, at: .seconds(6))
        #expect(breaker.isClosed)
    }

    @Test func failedProbesWaitTwiceAsLongUpToABound() throws {
        var breaker = try opened(at: 0)
        breaker.record(.failure, of: try admitted(&breaker, at: 5), at: .seconds(5))
        #expect(breaker.admit(at: .seconds(5)) == .refused(retryAfter: .seconds(10)))
        breaker.record(.failure, of: try admitted(&breaker, at: 15), at: .seconds(15))
        #expect(breaker.admit(at: .seconds(15)) == .refused(retryAfter: .seconds(12)))
    }

    @Test func anAbandonedProbeMakesRoomForTheNext() throws {
        var breaker = try opened(at: 0)
        breaker.record(.abandoned, of: try admitted(&breaker, at: 5), at: .seconds(5))
        breaker.record(.success, of: try admitted(&breaker, at: 5), at: .seconds(5))
        #expect(breaker.isClosed)
    }

    @Test func lateOutcomesOfAnEarlierStateChangeNothing() throws {
        var breaker = CircuitBreaker(configuration)
        let early = try admitted(&breaker, at: 0)
        for _ in 0..<3 { breaker.record(.failure, of: try admitted(&breaker, at: 0), at: .zero) }
        breaker.record(.success, of: early, at: .seconds(1))
        #expect(!breaker.isClosed)
        let probe = try admitted(&breaker, at: 5)
        breaker.record(.failure, of: early, at: .seconds(5))
        breaker.record(.success, of: probe, at: .seconds(5))
        #expect(breaker.isClosed)
    }
}

@Suite struct RetryPolicyTests {
    private let policy = RetryPolicy(
        maximumAttempts: 5,
        initialBackoff: .milliseconds(100),
        maximumBackoff: .milliseconds(300)
    )

    @Test func waitsGrowToTheirBoundAndEnd() {
        let waits = (1...5).map { policy.backoff(afterAttempt: $0, retryAfter: nil, random: 0.5) }
        #expect(
            waits == [.milliseconds(50), .milliseconds(100), .milliseconds(150), .milliseconds(150), nil]
        )
    }

    @Test func theServersWishIsALowerBound() {
        #expect(policy.backoff(afterAttempt: 1, retryAfter: .seconds(7), random: 0) == .seconds(7))
        #expect(
            policy.backoff(afterAttempt: 1, retryAfter: .seconds(7), random: 0.5) == .milliseconds(7_050)
        )
        #expect(policy.backoff(afterAttempt: 5, retryAfter: .seconds(7), random: 0) == nil)
    }
}

@Suite struct RetryAfterTests {
    @Test(arguments: [
        ("0", 0.0), ("120", 120), (" 7 ", 7), ("Sun, 06 Nov 1994 08:49:37 GMT", 37),
        ("Sun, 06 Nov 1994 08:48:59 GMT", 0), ("Thu, 29 Feb 2024 00:00:00 GMT", 925_053_060),
    ])
    func secondsAndDatesAreRead(text: String, expected: Double) {
        // 1994-11-06 08:49:00 UTC
        #expect(RetryAfter.wait(parsing: text, unixTime: 784_111_740) == .seconds(expected))
    }

    @Test(arguments: [
        "", "-1", "1.5", "soon", "Sun, 06 Nov 1994 08:49:37", "Sun, 06 Foo 1994 08:49:37 GMT",
        "Sun, 06 Nov 1994 25:49:37 GMT", "Sun, 06 Nov 1994 08:49 GMT", "Sunday, 06-Nov-94 08:49:37 GMT",
    ])
    func otherTextIsNoWait(text: String) {
        #expect(RetryAfter.wait(parsing: text, unixTime: 0) == nil)
    }
}

@Suite struct APIKeyTests {
    @Test func itShowsNothing() throws {
        let key = try #require(APIKey("sk-very-secret"))
        var dumped = ""
        dump([key], to: &dumped)
        for text in ["\(key)", "\([key])", String(reflecting: key), dumped] {
            #expect(!text.contains("secret"))
        }
    }

    @Test func itIsTrimmedAndMustFitAHeader() {
        #expect(APIKey(" sk-1\n")?.secret == "sk-1")
        #expect(APIKey("") == nil)
        #expect(APIKey(" \n") == nil)
        #expect(APIKey("sk\r\nx-evil: 1") == nil)
        #expect(APIKey("schlüssel") == nil)
    }

    @Test func itComesFromTheEnvironment() {
        #expect(APIKey(environmentVariable: "K", environment: ["K": "v"])?.secret == "v")
        #expect(APIKey(environmentVariable: "K", environment: [:]) == nil)
    }
}

@Suite struct BaseURLTests {
    @Test func slashesAtTheEndDoNotMatter() throws {
        #expect(
            try BaseURL("https://api.openai.com/v1//").appending("/embeddings")
                == "https://api.openai.com/v1/embeddings"
        )
        #expect(try BaseURL("HTTP://[::1]:8080").text == "HTTP://[::1]:8080")
    }

    @Test(arguments: [
        "", "api.openai.com/v1", "ftp://x", "http://", "http:///v1", "http://:80",
        "https://user:pw@host/v1",
        "https://host/v1?a=b", "https://host/v1#x", "https://ho st/", "https://host\r\nx: y",
    ])
    func otherTextIsRefused(text: String) {
        #expect(throws: OpenAIClientError.self) { try BaseURL(text) }
    }
}

@Suite struct Base64Tests {
    @Test func everyLengthAndByteComesBack() {
        for length in 0...66 {
            let bytes = (0..<length).map { UInt8(truncatingIfNeeded: $0 &* 37 &+ length) }
            #expect(Base64.decode(Base64.encode(bytes)) == bytes)
        }
        // The examples of RFC 4648, section 10.
        for (plain, encoded) in [("f", "Zg=="), ("fo", "Zm8="), ("foo", "Zm9v"), ("foob", "Zm9vYg==")] {
            #expect(Base64.encode(Array(plain.utf8)) == encoded)
        }
    }

    @Test(arguments: ["A", "AB", "ABC", "AB=C", "A===", "????", "AB C"])
    func otherTextIsRefused(text: String) {
        #expect(Base64.decode(text) == nil)
    }
}
