import Logging
import SemanticCaching
import SemanticCachingTesting
import Synchronization
import TestSupport
import Testing

@testable import RedisTier

/// What one replica is making while another invalidates it.
@Suite(.enabled(if: RedisServer.executable != nil, "\(RedisServer.absence)"), .serialized, .timeLimit(.minutes(5)))
struct LateStoreTests {
    private let server: RedisServer

    init() async throws { server = try await RedisServer() }

    /// Stores by the script itself, as a replica that has applied so many changes; returns what came of it.
    private func put(_ question: String, on replica: Replica, applied: [any RedisArgument]) async throws -> PutOutcome?
    {
        var generator = SystemRandomNumberGenerator()
        let now = SystemClock().now
        let entry = CacheEntry(
            id: EntryID(at: now, using: &generator),
            namespace: Replica.namespace,
            model: "m",
            reply: CachedReply(text: "Ten."),
            tags: ["product:1"],
            createdAt: now
        )
        let digest = Digest256(hashing: Array(question.utf8))
        let wording = CachedQuestion(id: 0, entry: entry.id, text: question, key: digest, check: digest, createdAt: now)
        let keys = replica.tier.keys(Replica.namespace)
        let places = [keys.meta, keys.stream, keys.ids, keys.entry(entry.id), keys.question(digest)]
        let head: [any RedisArgument] = [1000, "test", keys.prefix, entry.id.description, EntryCodec.encode(entry)]
        let tail: [any RedisArgument] = [digest.hexadecimalPrefix, EntryCodec.encode(wording), "", 0, 0]
        let command = Scripts.put.command(keys: places, head + tail + applied, isKnown: false)
        return try await replica.tier.client.execute(command).integer.flatMap { PutOutcome(rawValue: $0) }
    }

    @Test func whatAReplicaMadeBeforeItHeardOfAnInvalidationIsRefused() async throws {
        let a = try Replica(server)
        #expect(await a.follow())
        #expect(try await put("What is the price?", on: a, applied: [0, 0]) == .stored)
        try await a.cache.invalidate(InvalidationSelector(tag: "product:1"))
        let meta = await server.cli("HMGET", a.tier.keys(Replica.namespace).meta, "n", "v")
        let parts = meta.split(separator: "\n").map(String.init)
        let (incarnation, number) = (parts[0], try #require(Int(parts[1])))
        for (applied, outcome) in [
            ([incarnation, number - 1], PutOutcome.doubtful), ([0, 0], .doubtful), (["1", number], .doubtful),
            ([incarnation, number], .stored), ([0, -1], .stored),
        ] as [([any RedisArgument], PutOutcome)] {
            #expect(try await put("Outcome \(outcome) \(applied)?", on: a, applied: applied) == outcome, "\(applied)")
        }
        try await a.cache.invalidateNamespace(Replica.namespace)
        #expect(try await put("After the epoch?", on: a, applied: [incarnation, number]) != .stored)
    }

    @Test func anAnswerUnderWayElsewhereIsServedByNone() async throws {
        let (a, b) = (try Replica(server), try Replica(server))
        #expect(await a.follow())
        #expect(await b.follow())
        a.upstream.gate.close()
        var request = a.request("What is the price of the lamp?")
        request.controls.tags = ["product:1"]
        let question = request
        async let answer = a.cache.respond(to: question) { _ in try await a.upstream.answer("old") }
        try await a.upstream.waitForCalls(count: 1)
        try await b.cache.invalidate(InvalidationSelector(tag: "product:1"))
        // Only the first thing that the replica hears afterwards shows that it has heard of the invalidation.
        try await b.put("Is this behind it?", "Yes.")
        #expect(await eventually { await a.lookup("Is this behind it?").isServable })
        a.upstream.gate.open()
        _ = try await answer
        await a.tier.drain()
        for replica in [a, b] { #expect(await !replica.lookup("What is the price of the lamp?").isServable) }
        // And what is asked for from then on is kept as ever.
        try await a.put("What is the price of the lamp?", "Twelve.", tags: ["product:1"])
        #expect(await eventually { await b.lookup("What is the price of the lamp?").reply?.text == "Twelve." })
    }

    @Test func anAnswerInDoubtComesAgainAndCountsOnce() async throws {
        let (a, b) = (try Replica(server), try Replica(server))
        #expect(await a.follow())
        #expect(await b.follow())
        for number in 0..<40 {
            try await a.put("What is the price of article \(number)?", "It is \(number).")
            // It selects nothing, but until the other replica has heard of it, all that it stores is in doubt.
            if number.isMultiple(of: 8) { try await b.cache.invalidate(InvalidationSelector(tag: "none")) }
        }
        await a.tier.drain()
        #expect(a.tier.statistics.publishedAnswers == 40)
        #expect(a.tier.statistics.refusedAnswers == 0)
        #expect(await server.cli("ZCARD", a.tier.keys(Replica.namespace).ids) == "40")
    }

    @Test func anAnswerOfANamespaceThatWasLetGoHoldsUpNoOther() async throws {
        let a = try Replica(server)
        #expect(await a.follow())
        #expect(try await put("What is the price?", on: a, applied: [0, -1]) == .stored)
        try await a.cache.invalidate(InvalidationSelector(tag: "product:1"))
        await a.stop()

        let tier = RedisSharedTier(
            RedisTierConfiguration(url: try RedisURL(server.url)),
            logger: Logger(label: "test") { _ in SwiftLogNoOpLogHandler() }
        )
        let other = NamespaceID(tenant: "acme", name: "other")
        for namespace in [Replica.namespace, other] { tier.publish(in: namespace) }
        // Both are let go before they are written: of neither the replica hears any more.
        tier.state.withLock { $0.follows = [:] }
        let service = Task { try await tier.run(delivering: Deaf()) }
        defer {
            service.cancel()
            tier.close()
        }
        #expect(await eventually { tier.statistics.queuedAnswers == 0 })
        #expect(tier.statistics.refusedAnswers == 1, "the one in doubt, for ever")
        #expect(tier.statistics.publishedAnswers == 1, "the one behind it")
    }

    /// A replica may publish another wording before it hears that the answer's life was made shorter.
    @Test(arguments: [(100, 1_000, 100), (1_000, 100, 100), (nil, 100, 100), (100, nil, 100)] as [(Int?, Int?, Int)])
    func aWordingNeverLengthensTheLifeOfItsAnswer(first: Int?, second: Int?, expected: Int) async throws {
        let a = try Replica(server)
        #expect(await a.follow())
        var generator = SystemRandomNumberGenerator()
        let now = SystemClock().now
        var entry = CacheEntry(
            id: EntryID(at: now, using: &generator),
            namespace: Replica.namespace,
            model: "m",
            reply: CachedReply(text: "Ten."),
            createdAt: now
        )
        for (place, life) in [first, second].enumerated() {
            entry.expiresAt = life.map { now + .seconds($0) }
            let digest = Digest256(hashing: [UInt8(place)])
            let question = CachedQuestion(id: 0, entry: entry.id, text: "q", key: digest, check: digest, createdAt: now)
            a.tier.publish(entry, question: question, isAlias: place > 0)
        }
        await a.tier.drain()
        #expect(a.tier.statistics.publishedAnswers == 2)
        let stored = try #require(try await a.tier.entries([entry.id], in: Replica.namespace).first)
        #expect(stored.entry.expiresAt == now + .seconds(expected))
        #expect(stored.questions.count == 2)
        let keys = a.tier.keys(Replica.namespace)
        let questions = stored.questions.map { keys.question($0.key) }
        for key in [keys.entry(entry.id)] + questions {
            let left = await server.cli("PTTL", key)
            #expect(Int(left).map { $0 > 0 && $0 <= expected * 1_000 } == true, "\(key): \(left)")
        }
    }
}

extension RedisSharedTier {
    /// Publishes some answer.
    fileprivate func publish(in namespace: NamespaceID) {
        var generator = SystemRandomNumberGenerator()
        let now = SystemClock().now
        let entry = CacheEntry(
            id: EntryID(at: now, using: &generator),
            namespace: namespace,
            model: "m",
            reply: CachedReply(text: "Ten."),
            createdAt: now
        )
        let digest = Digest256(hashing: Array("late".utf8))
        let question = CachedQuestion(id: 0, entry: entry.id, text: "q", key: digest, check: digest, createdAt: now)
        publish(entry, question: question, isAlias: false)
    }
}

/// Takes changes and drops them.
private struct Deaf: SharedTierReceiver {
    func apply(_ changes: [SharedChange], in namespace: NamespaceID) async {}
    func entries(in namespace: NamespaceID) async throws -> Set<EntryID> { [] }
    func isStrict(_ namespace: NamespaceID) -> Bool { false }
    func position(in namespace: NamespaceID) async -> String? { nil }
    func setPosition(_ position: String?, in namespace: NamespaceID) async {}
    func byteCount(of namespace: NamespaceID) -> Int { 0 }
    func release(_ namespace: NamespaceID) async {}
}
