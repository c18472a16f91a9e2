import SemanticCaching
import SemanticCachingTesting
import TestSupport
import Testing

@testable import RedisTier

/// What happens to a real server, and what the replicas make of it.
@Suite(.enabled(if: RedisServer.executable != nil, "\(RedisServer.absence)"), .serialized, .timeLimit(.minutes(5)))
struct HarmTests {
    private let server: RedisServer

    init() async throws { server = try await RedisServer() }

    @Test func aServerThatIsAwayCostsNoAnswer() async throws {
        let a = try Replica(server, url: "unix:///tmp/semcache-nobody-is-here.sock")
        #expect(
            try await a.respond("How do I reset my password?").reply.text == "answer to How do I reset my password?"
        )
        #expect(await a.lookup("How do I reset my password?").outcome == .hit)
        #expect(!a.tier.isConnected)
        // But who removes is told that others did not hear of it.
        await #expect { try await a.cache.invalidate(InvalidationSelector(tag: "x")) } throws: { error in
            (error as? CacheError)?.code == .sharedTierUnavailable
        }
    }

    @Test func aServerThatCrashesComesBackEmptyAndIsFilledAgain() async throws {
        let (a, b) = (try Replica(server), try Replica(server))
        #expect(await a.follow())
        #expect(await b.follow())
        try await a.put("How do I reset my password?", "Choose it.")
        #expect(await eventually { await b.cache.statistics().store.entries == 1 })
        await server.kill9()
        // Local tiers go on, and what is stored meanwhile waits.
        #expect(await b.lookup("How do I reset my password?").outcome == .hit)
        #expect(await eventually { !a.tier.isConnected })
        try await a.put("Where is my parcel now?", "On its way.")
        #expect(a.tier.statistics.queuedAnswers == 1)
        try await server.start()
        #expect(await eventually { await b.cache.statistics().store.entries == 2 })
        #expect(await b.lookup("Where is my parcel right now?").reply?.text == "On its way.")
        // A server that lost everything is no reason to forget what was right.
        #expect(await b.lookup("How do I reset my password?").outcome == .hit)
        #expect(a.tier.statistics.queuedAnswers == 0)
    }

    @Test func aSlowServerIsPassedBy() async throws {
        let a = try Replica(server, tier: { $0.lookupDeadline = .milliseconds(20) })
        #expect(await a.lookup("Is anybody there at all?").outcome == .miss)
        server.freeze()
        let isOpen = await eventually {
            let verdict = await a.lookup("Is anybody there at all?")
            #expect(verdict.outcome == .miss)
            let match = a.tier.statistics.commands["match"]
            return (match?.timeouts ?? 0) >= CircuitBreaker.threshold && (match?.unavailable ?? 0) > 0
        }
        #expect(isOpen)
        server.thaw()
        #expect(await eventually { await server.cli("PING") == "PONG" })
        #expect(await eventually { a.tier.isConnected })
        try await a.put("Is anybody there at all?", "Yes.")
        let b = try Replica(server)
        #expect(await eventually { await b.lookup("Is anybody there at all?").isServable })
    }

    @Test func cutConnectionsAreMadeAnew() async throws {
        let (a, b) = (try Replica(server), try Replica(server))
        #expect(await b.follow())
        for round in 0..<5 {
            await server.cli("CLIENT", "KILL", "TYPE", "normal")
            try await a.put("What does article number \(round) cost today?", "\(round) euros")
            #expect(await eventually { await b.cache.statistics().store.entries == round + 1 })
        }
        #expect(a.tier.statistics.droppedAnswers == 0)
    }

    @Test func aFullServerDropsAndCountsAndStillForgets() async throws {
        let a = try Replica(server)
        #expect(await a.follow())
        let id = try #require(try await a.put("How do I reset my password?", "Choose it."))
        await a.tier.drain()
        await server.cli("CONFIG", "SET", "maxmemory", "1kb")
        try await a.put("Where is my parcel now?", "On its way.")
        #expect(await eventually { a.tier.statistics.droppedAnswers == 1 })
        #expect(await a.lookup("Where is my parcel now?").outcome == .hit)
        await server.cli("CONFIG", "SET", "maxmemory", "0")
        try await a.cache.remove([id])
        #expect(await server.cli("EVAL", "return #redis.call('KEYS', '*:e:*')", "0") == "0")
    }

    @Test func aFlushedServerIsNoticed() async throws {
        let (a, b) = (try Replica(server), try Replica(server))
        #expect(await b.follow())
        try await a.put("How do I reset my password?", "Choose it.")
        #expect(await eventually { await b.cache.statistics().store.entries == 1 })
        await server.cli("FLUSHALL")
        #expect(await eventually { b.tier.statistics.gaps > 0 && b.state?.phase == .following })
        #expect(await b.lookup("How do I reset my password?").outcome == .hit)
        try await a.put("Where is my parcel now?", "On its way.")
        #expect(await eventually { await b.cache.statistics().store.entries == 2 })
    }

    /// A replica that was away for longer than the stream reaches back reads anew, and drops what was removed meanwhile.
    @Test func aTrimmedStreamIsNoticed() async throws {
        let a = try Replica(server, tier: { $0.streamLength = 1 })
        let store = MemoryStore()
        let b = try Replica(server, store: store)
        #expect(await b.follow())
        let id = try #require(try await a.put("How do I reset my password?", "Choose it."))
        try await a.put("Where is my parcel now?", "On its way.")
        #expect(await eventually { await b.cache.statistics().store.entries == 2 })
        await b.stop()
        try await a.cache.remove([id])
        for number in 0..<300 { try await a.put("What does article number \(number) cost today?", "\(number) euros") }
        await a.tier.drain()
        // `MAXLEN ~` trims by whole nodes of 100 changes: the removal is gone.
        #expect(Int(await server.cli("XLEN", a.tier.keys(Replica.namespace).stream)).map { $0 < 250 } == true)
        let again = try Replica(server, store: store)
        try await again.cache.open()
        #expect(await again.follow())
        #expect(again.tier.statistics.gaps == 1)
        #expect(await !again.lookup("How do I reset my password?").isServable)
        #expect(await again.cache.statistics().store.entries == 301)
    }

    /// A replica that was away for a short time applies what it missed, and reads nothing else.
    @Test func aShortAbsenceIsMadeUpFor() async throws {
        let a = try Replica(server)
        let store = MemoryStore()
        let b = try Replica(server, store: store)
        #expect(await b.follow())
        let id = try #require(try await a.put("How do I reset my password?", "Choose it."))
        try await a.put("Where is my parcel now?", "On its way.")
        #expect(await eventually { await b.cache.statistics().store.entries == 2 })
        await b.stop()
        try await a.cache.remove([id])
        let again = try Replica(server, store: store)
        try await again.cache.open()
        #expect(await again.follow())
        #expect(await eventually { await again.cache.statistics().store.entries == 1 })
        #expect((again.tier.statistics.gaps, again.state?.hydrated) == (0, 0))
    }

    @Test func keysOfAnotherKindAndGarbageAreSkipped() async throws {
        let a = try Replica(server)
        let keys = a.tier.keys(Replica.namespace)
        let question = "How do I reset my password?"
        let key = RequestKey(a.request(question), namespace: Replica.namespace).exact
        await server.cli("LPUSH", keys.question(key), "x")
        #expect(await a.lookup(question).outcome == .miss)
        await server.cli("DEL", keys.question(key))
        try await a.put("Where is my parcel now?", "On its way.")
        let id = try #require(try await a.put(question, "Choose it."))
        await a.tier.drain()
        await server.cli("HSET", keys.entry(id), "a", "garbage", "zzz", "more of it")
        // An id without an answer, an answer of another kind.
        await server.cli("ZADD", keys.ids, "1", EntryID(high: 1, low: 1).description, "2", "no id at all")
        let list = EntryID(high: 2, low: 2)
        await server.cli("ZADD", keys.ids, "+inf", list.description)
        await server.cli("LPUSH", keys.entry(list), "x")
        let b = try Replica(server)
        #expect(await b.follow())
        #expect(await b.cache.statistics().store.entries == 1)
        #expect(b.tier.statistics.skippedValues >= 2)
        #expect(await !b.lookup(question).isServable)
        // A change that nobody can read is no gap.
        await server.cli("DEL", keys.stream)
        await server.cli("SET", keys.stream, "not a stream")
        try await a.put("Can I pay by invoice?", "Yes.")
        #expect(await eventually { a.tier.statistics.droppedAnswers == 1 })
        await server.cli("DEL", keys.stream)
        try await a.put("Do you ship to Norway?", "Yes.")
        #expect(await eventually { await b.lookup("Do you ship to Norway?").isServable })
    }

    /// Whoever may write to the server can raise an epoch, but not so far that the next one is no number any more.
    @Test func anEpochOfASizeThatIsNoneOfOursIsSkipped() async throws {
        let (a, b) = (try Replica(server), try Replica(server))
        #expect(await b.follow())
        try await a.put("How do I reset my password?", "Choose it.")
        #expect(await eventually { await b.cache.statistics().store.entries == 1 })
        let keys = a.tier.keys(Replica.namespace)
        let script = """
            redis.call('HSET', KEYS[1], 'e', ARGV[1])
            local place = redis.call('HGET', KEYS[1], 'n') .. '-' .. redis.call('HINCRBY', KEYS[1], 'c', 1)
            return redis.call('XADD', KEYS[2], place, 'o', 'n', 'd', ARGV[1], 'k', '', 'r', 'somebody')
            """
        await server.cli("EVAL", script, "2", keys.meta, keys.stream, String(UInt64.max))
        try await a.put("Where is my parcel now?", "On its way.")
        #expect(await eventually { await b.cache.statistics().store.entries == 2 })
        #expect(await b.lookup("How do I reset my password?").isServable)
        #expect(b.tier.statistics.skippedValues == 1)
        // And the namespace can be emptied as ever.
        try await b.cache.invalidateNamespace(Replica.namespace)
        #expect(await eventually { await !a.lookup("How do I reset my password?").isServable })
        #expect(await !b.lookup("Where is my parcel now?").isServable)
    }

    /// Somebody who may write to the server, but makes a mistake, makes no wrong answers.
    @Test func anAnswerUnderAWrongKeyIsNotServed() async throws {
        let (a, b) = (try Replica(server), try Replica(server, tier: { $0.followsChanges = false }))
        let id = try #require(try await a.put("How do I reset my password?", "Choose it."))
        await a.tier.drain()
        let keys = a.tier.keys(Replica.namespace)
        func key(_ question: String) -> Digest256 {
            RequestKey(b.request(question), namespace: Replica.namespace).exact
        }
        let (right, wrong) = (key("How do I reset my password?"), key("May I have a refund?"))
        await server.cli("SET", keys.question(wrong), id.description)
        await server.cli(
            "EVAL",
            "redis.call('HSET', KEYS[1], ARGV[2], redis.call('HGET', KEYS[1], ARGV[1]))",
            "1",
            keys.entry(id),
            KeySpace.field(right),
            KeySpace.field(wrong)
        )
        #expect(await b.lookup("May I have a refund?").outcome == .miss)
        #expect(await b.lookup("How do I reset my password?").outcome == .hit)
    }

    @Test func strictNamespacesServeOnlyWhatIsKnownToBeRight() async throws {
        let configure: (inout CacheConfiguration) -> Void = { configuration in
            configuration.namespaces.freshness = .strict
            configuration.namespaces.strictFreshnessBound = .milliseconds(700)
        }
        let (a, b) = (
            try Replica(server), try Replica(server, configure, tier: { $0.lookupDeadline = .milliseconds(50) })
        )
        #expect(await b.follow())
        let id = try #require(try await a.put("How do I reset my password?", "Choose it."))
        #expect(await eventually { await b.lookup("How do I reset my password?").isServable })
        // It may have come word for word and by the stream at once: then the second replaces the first, which leaves the exact tier
        // until it is asked for again.
        let isInMemory = await eventually {
            await b.lookup("How do I reset my password?").isServable
                && b.cache.lookupInMemory(b.request("How do I reset my password?")) != nil
        }
        #expect(isInMemory)
        server.freeze()
        // What the server had sent before may be read late: behind is who stays it for twice the bound.
        var beginning = ContinuousClock.now
        let staysBehind = await eventually {
            if await b.lookup("How do I reset my password?").reason != .sharedTierBehind { beginning = .now }
            return beginning.duration(to: .now) > .milliseconds(1_400)
        }
        #expect(staysBehind)
        #expect(b.cache.lookupInMemory(b.request("How do I reset my password?")) == nil)
        #expect(await b.lookup("How do I reset my password please?").reason == .sharedTierBehind)
        // Requests are answered all the same.
        #expect(
            try await b.respond("How do I reset my password?").reply.text == "answer to How do I reset my password?"
        )
        server.thaw()
        #expect(await eventually { await b.lookup("Can I pay by invoice?").reason != .sharedTierBehind })
        _ = try? await a.cache.remove([id])
    }

    @Test func loginsAreMade() async throws {
        await server.cli("ACL", "SETUSER", "bot", "on", ">secret", "~*", "+@all")
        await server.cli("CONFIG", "SET", "requirepass", "other")
        let bot = try Replica(server, url: "unix://bot:secret@\(server.socket)?db=3&prefix=shop")
        try await bot.put("How do I reset my password?", "Choose it.")
        #expect(await eventually { bot.tier.statistics.publishedAnswers == 1 })
        let login = ["--user", "bot", "--pass", "secret", "--no-auth-warning", "-n", "3"]
        let keys = await RedisServer.cli(["-s", server.socket] + login + ["KEYS", "*:e:*"])
        #expect(keys.hasPrefix("shop:{"))
        let stranger = try Replica(server)
        #expect(try await stranger.respond("How do I reset my password?").reply.text.hasPrefix("answer"))
        #expect(!stranger.tier.isConnected)
        let usual = try Replica(server, url: "unix://:other@\(server.socket)?db=3&prefix=shop")
        #expect(await eventually { await usual.lookup("How do I reset my password?").tier == .shared })
    }

    @Test func forgottenScriptsAreSentAgain() async throws {
        let (a, b) = (try Replica(server), try Replica(server, tier: { $0.followsChanges = false }))
        try await a.put("How do I reset my password?", "Choose it.")
        await a.tier.drain()
        await server.cli("SCRIPT", "FLUSH")
        #expect(await b.lookup("How do I reset my password?").tier == .shared)
        try await a.put("Where is my parcel now?", "On its way.")
        await a.tier.drain()
        #expect(a.tier.statistics.publishedAnswers == 2)
    }

    @Test func operatorsSeeAndEmpty() async throws {
        let (a, b) = (try Replica(server), try Replica(server))
        #expect(await a.follow())
        #expect(await b.follow())
        try await a.put("How do I reset my password?", "Choose it.")
        await a.tier.drain()
        await server.cli("SET", "somebody:else", "1")
        #expect(try await eventually { try await a.tier.replicas().count == 2 })
        let usage = try await a.tier.usage()
        #expect(usage.map(\.namespace) == [Replica.namespace])
        #expect(usage.map(\.answers) == [1])
        // Who follows a namespace that is emptied begins it anew.
        for replica in [a, b] { await replica.stop() }
        let c = try Replica(server, tier: { $0.followsChanges = false })
        await c.tier.start()
        #expect(try await c.tier.flush(Replica.namespace) >= 4)
        #expect(try await c.tier.usage().isEmpty)
        #expect(await server.cli("GET", "somebody:else") == "1")
    }

    @Test func aQueueThatIsFullDropsAndCounts() async throws {
        let a = try Replica(
            server,
            url: "unix:///tmp/semcache-nobody-is-here.sock",
            tier: { $0.maximumQueuedAnswers = 5 }
        )
        for number in 0..<20 { try await a.put("What does article number \(number) cost today?", "\(number) euros") }
        #expect(a.tier.statistics.queuedAnswers == 5)
        #expect(a.tier.statistics.droppedAnswers == 15)
        #expect(await a.cache.statistics().store.entries == 20)
    }
}
