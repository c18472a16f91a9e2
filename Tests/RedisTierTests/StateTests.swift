import SemanticCaching
import SemanticCachingTesting
import Testing

@testable import RedisTier

@Suite struct HashSlotTests {
    /// The values of the Cluster specification and of `CLUSTER KEYSLOT`.
    @Test(arguments: [
        ("123456789", 0x31C3 % 16_384), ("foo", 12_182), ("{user1000}.following", 3_443),
        ("{user1000}.followers", 3_443),
        ("foo{}{bar}", 8_363), ("foo{{bar}}zap", 4_015), ("", 0),
    ])
    func isTheSpecifications(key: String, slot: Int) {
        #expect(HashSlot.of(Array(key.utf8)) == slot)
    }
}

@Suite struct ServerFaultTests {
    @Test(arguments: [
        ("MOVED 3999 127.0.0.1:6381", ServerFault.moved(slot: 3999, node: "127.0.0.1:6381")),
        ("ASK 3999 127.0.0.1:6381", .ask(slot: 3999, node: "127.0.0.1:6381")),
        ("READONLY You can't write against a read only replica. script: 5f, on @user_script:2.", .readOnly),
        // As Redis 6 says it.
        (
            "ERR Error running script (call to f_91f1): @user_script:2: @user_script: 2: -READONLY You can't write.",
            .readOnly
        ),
        (
            "ERR Error running script (call to f_9e6b): @user_script:1: @user_script: 1: -OOM command not allowed.",
            .outOfMemory
        ),
        ("ERR Error running script (call to f_8a2f): @user_script:1: WRONGTYPE Operation against a key", .wrongType),
        ("ERR Error running script (call to f_8a2f): @user_script:1: oh dear", nil),
        ("ERR unknown command", nil), ("", nil), ("MOVED x y", nil),
    ])
    func isReadFromTheFirstWord(text: String, fault: ServerFault?) { #expect(ServerFault(text) == fault) }
}

@Suite struct AdviceTests {
    @Test(arguments: [
        ("redis://h", "h:6379 refuses PING: NOAUTH Authentication required.", "give the password"),
        ("redis://h", "h:6379 refuses AUTH: WRONGPASS invalid username-password pair", "correct the user"),
        ("redis://h", "h:6379: Connection refused", "start the server"),
        ("redis://h", "the connection broke: Connection reset by peer", "rediss://"),
        ("rediss://h", "h:6379: Redis did not answer in time", "redis://"),
        ("rediss://h", "h:6379: the server's certificate is refused: self-signed certificate", "?cacert=FILE"),
        ("redis://h", "h:6379: Name or service not known", "the host"),
    ])
    func saysWhatToDo(url: String, reason: String, advice: String) throws {
        guard let url = try? RedisURL(url) else { return }
        #expect(RedisError.unavailable(reason).advice(for: url)?.contains(advice) == true)
    }

    @Test func saysNothingWhereTheErrorSaysIt() throws {
        let url = try RedisURL("redis://h")
        #expect(RedisError.unexpectedReply("SCAN").advice(for: url) == nil)
        #expect(RedisError.timeout.advice(for: url)?.contains("overloaded") == true)
    }
}

@Suite struct CircuitBreakerTests {
    @Test func opensProbesAndCloses() {
        var generator = SeededGenerator(seed: 1)
        var breaker = CircuitBreaker()
        func allows(_ time: Int64) -> Bool { breaker.allows(at: time) }
        func fails(_ time: Int64) -> Bool { breaker.fail(at: time, using: &generator) }
        func succeeds() -> Bool { breaker.succeed() }
        for _ in 1..<CircuitBreaker.threshold { #expect(!fails(0)) }
        #expect(allows(0))
        #expect(fails(0))
        #expect(!allows(1))
        let later: Int64 = 100_000_001
        #expect(allows(later))
        #expect(!allows(later), "one probe at a time")
        #expect(!fails(later), "it was open before")
        #expect(!allows(later + 1))
        #expect(allows(later + 400_000_000))
        #expect(succeeds())
        #expect(breaker.state == .closed)
        #expect(!succeeds())
    }

    @Test func forgetsFailuresBetweenSuccesses() {
        var generator = SeededGenerator(seed: 2)
        var breaker = CircuitBreaker()
        for _ in 0..<100 {
            _ = breaker.fail(at: 0, using: &generator)
            _ = breaker.succeed()
        }
        #expect(breaker.state == .closed)
    }

    @Test func waitsGrowWithinTheirLimit() {
        var generator = SeededGenerator(seed: 3)
        var backoff = Backoff(first: .milliseconds(100), limit: .seconds(5))
        let waits = (0..<40).map { _ in backoff.next(using: &generator) }
        #expect(waits.allSatisfy { $0 >= .milliseconds(50) && $0 <= .seconds(5) })
        #expect(waits[0] <= .milliseconds(100))
        #expect(waits[39] >= .milliseconds(2500))
    }
}

@Suite struct FollowStateTests {
    private func steps(from start: StreamPosition, _ changes: [(UInt64, UInt64)]) -> (
        [FollowState.Step], StreamPosition?
    ) {
        var state = FollowState(usedAt: 0)
        state.position = start
        let steps = changes.map { state.advance(to: StreamPosition(incarnation: $0.0, number: $0.1)) }
        return (steps, state.position)
    }

    @Test func knowsGapsFromRepetitions() {
        let start = StreamPosition(incarnation: 5, number: 9)
        let (steps, end) = steps(from: start, [(5, 9), (5, 10), (5, 12), (6, 1)])
        #expect(steps == [.skip, .apply, .readAnew, .readAnew])
        #expect(end == StreamPosition(incarnation: 5, number: 10))
    }

    @Test func followsAnEmptyStreamFromItsFirstChange() {
        #expect(steps(from: .start, [(7, 2), (7, 1), (7, 2)]).0 == [.readAnew, .apply, .apply])
    }

    @Test func seesThatTheServerLostChanges() {
        var state = FollowState(usedAt: 0)
        state.position = .start
        #expect(!state.contradicts(nil))
        state.position = StreamPosition(incarnation: 5, number: 9)
        #expect(state.contradicts(nil))
        #expect(state.contradicts(StreamPosition(incarnation: 5, number: 8)))
        #expect(state.contradicts(StreamPosition(incarnation: 6, number: 1)))
        #expect(!state.contradicts(StreamPosition(incarnation: 5, number: 9)))
        #expect(!state.contradicts(StreamPosition(incarnation: 5, number: 12)))
        state.top = StreamPosition(incarnation: 5, number: 12)
        #expect(state.lag == 3)
    }

    @Test func positionsAreReadAsWritten() {
        let position = StreamPosition(incarnation: .max, number: 3)
        #expect(StreamPosition(position.description) == position)
        for text in ["", "1", "1-", "-1", "1-2-3", "a-b", "1--2"] { #expect(StreamPosition(text) == nil) }
    }
}

@Suite struct PublishQueueTests {
    private func publication(_ number: UInt64, bytes: Int = 10) -> PublishQueue.Publication {
        let id = EntryID(high: 0, low: number)
        let now = Timestamp(milliseconds: 0)
        let reply = CachedReply(text: String(repeating: "x", count: bytes))
        let entry = CacheEntry(id: id, namespace: NamespaceID(), model: "m", reply: reply, createdAt: now)
        let digest = Digest256(hashing: [UInt8(truncatingIfNeeded: number)])
        let question = CachedQuestion(id: 0, entry: id, text: "q", key: digest, check: digest, createdAt: now)
        return .init(entry: entry, question: question, isAlias: false)
    }

    @Test func keepsItsBoundsAndCountsWhatItDrops() {
        var queue = PublishQueue(maximumCount: 3, maximumBytes: 10_000)
        for number in 0..<5 { queue.append(publication(UInt64(number))) }
        #expect((queue.count, queue.dropped) == (3, 2))
        var small = PublishQueue(maximumCount: 100, maximumBytes: 1_000)
        small.append(publication(0, bytes: 2_000))
        #expect((small.count, small.dropped) == (0, 1))
    }

    @Test func keepsTheOrderOfWhatComesBack() {
        var queue = PublishQueue(maximumCount: 10, maximumBytes: 1 << 20)
        for number in 0..<6 { queue.append(publication(UInt64(number))) }
        let taken = queue.takeFirst(4)
        #expect(queue.count == 2)
        queue.giveBack(Array(taken.suffix(2)))
        queue.remove { $0.entry.id.low == 3 }
        let order = queue.takeFirst(10).compactMap {
            if case .publication(let item) = $0 { item.entry.id.low } else { nil }
        }
        #expect(order == [2, 4, 5])
        #expect((queue.count, queue.isEmpty) == (0, true))
    }
}

@Suite struct PipelineOutcomeTests {
    private func item(_ number: UInt64, isAlias: Bool = false) -> PublishQueue.Item {
        let id = EntryID(high: 0, low: number)
        let reply = CachedReply(text: "x")
        let now = Timestamp(milliseconds: 0)
        let entry = CacheEntry(id: id, namespace: NamespaceID(), model: "m", reply: reply, createdAt: now)
        let digest = Digest256(hashing: [UInt8(truncatingIfNeeded: number), isAlias ? 1 : 0])
        let question = CachedQuestion(id: 0, entry: id, text: "q", key: digest, check: digest, createdAt: now)
        return .publication(.init(entry: entry, question: question, isAlias: isAlias))
    }

    private func reply(_ outcome: PutOutcome) -> RedisValue { .integer(outcome.rawValue) }

    private func ids(_ items: [PublishQueue.Item]) -> [UInt64] {
        items.compactMap { if case .publication(let item) = $0 { item.entry.id.low } else { nil } }
    }

    @Test func onlyWhatIsInDoubtAndWhatHangsOnItComesBack() {
        let release = PublishQueue.Item.release(
            SharedLease.Token(key: Digest256(hashing: []), namespace: NamespaceID(), secret: "s")
        )
        let items = [item(1), item(2), release, item(2, isAlias: true), item(3), item(4), item(5)]
        let replies = [
            reply(.stored), reply(.doubtful), .integer(1), reply(.missing), reply(.stored), reply(.superseded),
            .error("OOM command not allowed"),
        ]
        let outcome = PipelineOutcome(replies, of: items, hearsChanges: true)
        #expect(ids(outcome.waiting) == [2, 2])
        #expect(outcome.waiting.count == 2, "a lease is given back once")
        #expect((outcome.published, outcome.refused, outcome.dropped) == (2, 1, 1))
        #expect(!outcome.isOutage)
        #expect(outcome.reason == "OOM command not allowed")
    }

    @Test func doubtIsNoReasonToWaitWithoutNewsOfTheNamespace() {
        let outcome = PipelineOutcome([reply(.doubtful)], of: [item(1)], hearsChanges: false)
        #expect(outcome.waiting.isEmpty)
        #expect((outcome.published, outcome.refused) == (0, 1))
    }

    @Test func whatAServerTookBeforeItsOutageCountsOnce() {
        let replies: [RedisValue] = [reply(.stored), .error("READONLY You can't write against a read only replica.")]
        let outcome = PipelineOutcome(replies, of: [item(1), item(2)], hearsChanges: true)
        #expect(outcome.isOutage)
        #expect(ids(outcome.waiting) == [2])
        #expect(outcome.published == 1)
    }
}

@Suite struct CallersTurnTests {
    @Test func isOneCallersAndPausesForASlowServer() throws {
        var turn = CallersTurn()
        func begins(_ time: Int64) -> Bool { turn.begin(at: time) }
        /// A look that ends without a reply, and the caller's suspension.
        func isLate(_ time: Int64) {
            #expect(begins(time))
            turn.endLook(at: time)
            #expect(turn.takeOutcome() == nil)
            turn.end()
        }
        #expect(begins(0))
        #expect(!begins(0), "one at a time")
        #expect(turn.isLooking)
        turn.note(FlightQueue.Landing(waiter: .caller, outcome: .success([.integer(7)])))
        turn.endLook(at: 0)
        #expect(!turn.isLooking)
        let outcome = turn.takeOutcome()
        #expect(try outcome?.get() == [.integer(7)])
        #expect(!turn.isTaken)
        for time in 1..<4 as Range<Int64> { isLate(time) }
        #expect(begins(4), "a busy machine is late now and then")
        turn.endLook(at: 4)
        turn.end()
        #expect(!begins(5), "but not always")
        isLate(20_000_000)
        #expect(!begins(30_000_000), "each pause is longer than the one before")
        #expect(begins(60_000_000))
    }

    @Test func anOutcomeThatTheThreadHadIsNotLost() throws {
        var turn = CallersTurn()
        let isBegun = turn.begin(at: 0)
        #expect(isBegun)
        turn.endLook(at: 0)
        turn.note(FlightQueue.Landing(waiter: .caller, outcome: .failure(.timeout)))
        let outcome = turn.takeOutcome()
        #expect(throws: RedisError.timeout) { try outcome?.get() }
        #expect(!turn.isTaken)
    }
}
