import SemanticCaching
import SemanticCachingTesting
import TestSupport
import Testing

@testable import RedisTier

/// Two and three replicas in one process, over a real server.
@Suite(.enabled(if: RedisServer.executable != nil, "\(RedisServer.absence)"), .serialized, .timeLimit(.minutes(5)))
struct FleetTests {
    private let server: RedisServer

    init() async throws { server = try await RedisServer() }

    @Test func anAnswerOfOneIsFoundByTheOtherWordForWord() async throws {
        let a = try Replica(server)
        let b = try Replica(server, { $0.namespaces.matchesMeaning = false }, tier: { $0.followsChanges = false })
        try await a.put("How do I reset my password?", "Choose it.", tags: ["doc:1"])
        await a.tier.drain()
        let verdict = await b.lookup("How do I reset my password?")
        #expect((verdict.outcome, verdict.tier, verdict.reply?.text) == (.hit, .shared, "Choose it."))
        // It is in the exact tier of the other then, and needs the server no more.
        #expect(await eventually { await b.lookup("How do I reset my password?").tier == .exact })
        #expect(await b.lookup("How do I reset my passwords?").outcome == .miss)
        #expect(b.cache.settings(of: Replica.namespace).freshness == .relaxed)
    }

    @Test func anAnswerOfOneIsFoundByTheOtherInMeaning() async throws {
        let (a, b) = (try Replica(server), try Replica(server))
        #expect(await b.follow())
        try await a.put("How do I reset my password?", "Choose it.")
        #expect(await eventually { await b.cache.statistics().indexedQuestions == 1 })
        let verdict = await b.lookup("How do I reset my password please?")
        #expect((verdict.outcome, verdict.tier, verdict.reply?.text) == (.hit, .semantic, "Choose it."))
    }

    @Test func aNewReplicaReadsWhatIsThere() async throws {
        let a = try Replica(server)
        for number in 0..<700 { try await a.put("What does article number \(number) cost today?", "\(number) euros") }
        await a.tier.drain()
        let b = try Replica(server)
        #expect(await b.follow())
        #expect(await b.cache.statistics().store.entries == 700)
        #expect(b.state?.hydrated == 700)
        #expect(await b.lookup("What does article number 77 cost today?").tier == .store)
    }

    /// The server holds writes up meanwhile: the import waits for room, where requests would be dropped.
    @Test func anImportOnOneReachesTheOthers() async throws {
        let source = try Replica(server, url: "unix:///tmp/semcache-nobody-is-here.sock")
        for number in 0..<400 { try await source.put("What does article number \(number) cost?", "\(number) euros") }
        var lines: [UInt8] = []
        for entry in try await source.cache.store.entries(matching: EntryFilter(), after: nil, limit: 1000) {
            var record = AnswerRecord(entry: entry, questions: try await source.cache.store.questions(of: entry.id))
            var alias = try #require(record.questions.first)
            alias.text += " Tell me."
            var request = source.request(alias.text)
            request.controls.mode = .exact
            alias.key = RequestKey(request, namespace: Replica.namespace).exact
            alias.check = RequestKey(request, namespace: Replica.namespace).makeCheck()
            record.questions.append(alias)
            lines += record.jsonLine(withVectors: true) + [0x0A]
        }
        let a = try Replica(server, tier: { $0.maximumQueuedAnswers = 128 })
        let b = try Replica(server)
        #expect(await a.follow())
        #expect(await b.follow())
        await server.cli("CLIENT", "PAUSE", "700", "WRITE")
        var importer = CacheImporter { record in
            guard case .answer(let answer) = record else { return .present }
            return try await a.cache.add(answer) ? .added : .present
        }
        importer.concurrency = 16
        let chunks = AsyncStream { continuation in
            continuation.yield(lines)
            continuation.finish()
        }
        let summary = try await importer.run(chunks)
        #expect(summary.added == 400)
        await a.tier.drain()
        #expect(a.tier.statistics.droppedAnswers == 0)
        #expect(await eventually { await b.cache.statistics().store.questions == 800 })
        #expect(await b.cache.statistics().store.entries == 400)
        #expect(await b.lookup("What does article number 399 cost?").reply?.text == "399 euros")
    }

    /// Namespaces that take too much room are let go, least recently used first, and read again when they are used again.
    @Test func namespacesAreHeldByUseWithinBytes() async throws {
        let a = try Replica(server)
        let b = try Replica(server, tier: { $0.maximumFollowedBytes = 40_000 })
        let names = ["first", "second", "third"].map { NamespaceID(tenant: "acme", name: $0) }
        func request(_ number: Int, _ namespace: NamespaceID) -> CacheRequest {
            var request = a.request("What does article number \(number) cost?")
            request.scope.namespace = namespace
            return request
        }
        for namespace in names {
            for number in 0..<30 {
                try await a.cache.store(CachedReply(text: "\(number) euros"), for: request(number, namespace))
            }
        }
        await a.tier.drain()
        func state(_ namespace: NamespaceID) -> SharedTierStatistics.Namespace.Phase? {
            b.tier.statistics.namespaces[namespace]?.phase
        }
        for namespace in names {
            b.tier.noteUse(of: namespace)
            #expect(await eventually { state(namespace) == .following })
        }
        // Thirty answers take some 17 kB: two namespaces have room.
        #expect(await eventually { state(names[0]) == nil })
        #expect(await eventually { await b.cache.statistics().store.entries == 60 })
        #expect(state(names[1]) == .following && state(names[2]) == .following)
        b.tier.noteUse(of: names[0])
        #expect(await eventually { state(names[0]) == .following && state(names[1]) == nil })
        #expect(await eventually { await b.cache.statistics().store.entries == 60 })
        #expect(await b.cache.lookup(request(7, names[0])).reply?.text == "7 euros")
    }

    @Test func aLaterAnswerReplacesTheEarlierEverywhere() async throws {
        let (a, b) = (try Replica(server), try Replica(server))
        #expect(await a.follow())
        #expect(await b.follow())
        try await a.put("What is the price of a stamp?", "old")
        #expect(await eventually { await b.lookup("What is the price of a stamp?").reply?.text == "old" })
        // Ids carry milliseconds; the later answer must have a later one.
        try await Task.sleep(for: .milliseconds(3))
        try await b.put("What is the price of a stamp?", "new")
        #expect(await eventually { await a.lookup("What is the price of a stamp?").reply?.text == "new" })
        #expect(await eventually { await a.cache.statistics().store.entries == 1 })
        #expect(await server.cli("EVAL", "return #redis.call('KEYS', '*:e:*')", "0") == "1")
    }

    @Test func anotherWordingTravelsAsAnAlias() async throws {
        let (a, b) = (try Replica(server), try Replica(server))
        #expect(await b.follow())
        let upstream = StubUpstream(fallback: { _ in CachedReply(text: "the same") })
        for question in ["When do you open on a Monday?", "When will you open on some Monday?"] {
            _ = try await a.cache.respond(to: a.request(question)) { try await upstream.answer($0.question ?? "") }
        }
        let stored = await a.cache.statistics().store
        await a.tier.drain()
        #expect(await eventually { await b.cache.statistics().store.questions == stored.questions })
        #expect(await b.cache.statistics().store.entries == stored.entries)
    }

    @Test func whatIsRemovedOnOneIsServedByNone() async throws {
        let (a, b) = (try Replica(server), try Replica(server))
        #expect(await b.follow())
        let id = try #require(try await a.put("How do I reset my password?", "Choose it.", tags: ["doc:1"]))
        try await a.put("Where is my parcel now?", "On its way.", tags: ["doc:2"])
        try await a.put("Can I pay by invoice?", "Yes.", tags: ["doc:3"])
        #expect(await eventually { await b.cache.statistics().store.entries == 3 })
        for question in ["How do I reset my password?", "Where is my parcel now?"] {
            #expect(await b.lookup(question).isServable)
        }

        try await a.cache.remove([id])
        #expect(await eventually { await !b.lookup("How do I reset my password?").isServable })
        // An answer that the replica that removes it never had.
        try await b.cache.invalidate(InvalidationSelector(tag: "doc:2"))
        #expect(await eventually { await !a.lookup("Where is my parcel now?").isServable })
        // An epoch, from either side.
        try await b.cache.invalidateNamespace(Replica.namespace)
        #expect(await eventually { await !a.lookup("Can I pay by invoice?").isServable })
        let late = try Replica(server)
        #expect(await late.follow())
        for question in ["How do I reset my password?", "Where is my parcel now?", "Can I pay by invoice?"] {
            #expect(await !late.lookup(question).isServable)
            #expect(await !late.lookup(question + " Please.").isServable)
        }
    }

    /// The pattern concerns what only the other replica holds: the server lost it meanwhile.
    @Test func aRuleReachesWhatTheServerDoesNotHold() async throws {
        let (a, b) = (try Replica(server), try Replica(server))
        #expect(await a.follow())
        #expect(await b.follow())
        try await b.put("What is the price of a stamp?", "One euro.")
        await b.tier.drain()
        #expect(await eventually { await a.cache.statistics().store.entries == 1 })
        await server.cli("EVAL", "for _,k in ipairs(redis.call('KEYS','*:e:*')) do redis.call('DEL',k) end", "0")
        let pattern = try QuestionPattern(glob: "*price*")
        try await a.cache.invalidate(InvalidationSelector(question: pattern))
        #expect(await eventually { await b.cache.statistics().store.entries == 0 })
        #expect(await !b.lookup("What is the price of a stamp?").isServable)
    }

    /// They print alike, and are counted apart.
    @Test func namespacesThatPrintAlikeAreTwo() async throws {
        let a = try Replica(server)
        let namespaces: Set = [NamespaceID(tenant: "a", name: "b"), NamespaceID(name: "a:b")]
        for namespace in namespaces { a.tier.noteUse(of: namespace) }
        #expect(await eventually { a.tier.statistics.namespaces.values.count { $0.phase == .following } == 2 })
        #expect(Set(a.tier.statistics.namespaces.keys) == namespaces)
    }

    @Test func tenantsShareNothing() async throws {
        let (a, b) = (try Replica(server), try Replica(server))
        try await a.put("How do I reset my password?", "Choose it.")
        await a.tier.drain()
        var scope = Replica.scope
        scope.namespace = NamespaceID(tenant: "other", name: "faq")
        await b.tier.start()
        let verdict = await b.cache.lookup(CacheRequest("How do I reset my password?", scope: scope))
        #expect(verdict.outcome == .miss)
    }

    @Test func expiryIsTheServersToo() async throws {
        let a = try Replica(server) { $0.namespaces.timeToLive = .seconds(3600) }
        try await a.put("How do I reset my password?", "Choose it.")
        await a.tier.drain()
        let script = """
            local rest = {}
            for _, key in ipairs(redis.call('KEYS', '*:[ek]:*')) do rest[#rest + 1] = redis.call('PTTL', key) end
            return rest
            """
        let rest = await server.cli("EVAL", script, "0")
        let times = rest.split(separator: "\n").compactMap { Int($0) }
        #expect(times.count == 2)
        #expect(times.allSatisfy { (1...3_600_000).contains($0) })
    }

    private func key(of replica: Replica) -> Digest256 {
        RequestKey(replica.request("How do I reset my password?"), namespace: Replica.namespace).exact
    }

    @Test func aStampedeAsksTheModelOnce() async throws {
        let upstream = StubUpstream()
        upstream.gate.close()
        // However long a busy machine takes to renew the lease, it must not end meanwhile.
        let replicas = try (0..<3).map { _ in
            try Replica(server, upstream: upstream, tier: { $0.leaseDuration = .seconds(600) })
        }
        for replica in replicas { #expect(await replica.follow()) }
        let texts = try await withThrowingTaskGroup(of: String.self) { group in
            for number in 0..<300 {
                let replica = replicas[number % 3]
                group.addTask { try await replica.respond("Who wrote the opera Fidelio?").reply.text }
            }
            group.addTask {
                // The first is under way; the others must find that out before it ends.
                try await upstream.waitForCalls(count: 1)
                let waits = await eventually { replicas.count { $0.tier.statistics.leaseWaits > 0 } == 2 }
                upstream.gate.open()
                return waits ? "answer to Who wrote the opera Fidelio?" : "two replicas did not wait"
            }
            return try await group.reduce(into: Set()) { $0.insert($1) }
        }
        #expect(texts == ["answer to Who wrote the opera Fidelio?"])
        #expect(upstream.callCount == 1)
    }

    @Test func aDeadLeaderCostsItsLeaseAtMost() async throws {
        let (a, b) = (try Replica(server, tier: { $0.leaseDuration = .seconds(600) }), try Replica(server))
        let key = key(of: a)
        let lease = a.tier.keys(Replica.namespace).lease(key)
        await a.tier.start()
        await b.tier.start()
        guard case .granted(let token) = try await a.tier.lease(key: key, in: Replica.namespace) else {
            Issue.record("the lease was free")
            return
        }
        guard case .taken = try await b.tier.lease(key: key, in: Replica.namespace) else {
            Issue.record("the lease was held")
            return
        }
        #expect(await server.cli("GET", lease) == token.secret)
        #expect((1...600_000).contains(Int(await server.cli("PTTL", lease)) ?? 0))
        a.tier.close()
        // Its time passes in a moment, instead of ten minutes.
        #expect(await server.cli("PEXPIRE", lease, "100") == "1")
        #expect(
            try await b.respond("How do I reset my password?").reply.text == "answer to How do I reset my password?"
        )
        #expect(b.upstream.callCount == 1)
    }

    @Test func aLeaseIsRenewedAsLongAsItsHolderLives() async throws {
        let a = try Replica(server, tier: { $0.leaseDuration = .milliseconds(900) })
        let key = key(of: a)
        let lease = a.tier.keys(Replica.namespace).lease(key)
        await a.tier.start()
        // The renewal sets the time anew, here from far above: a busy machine may be late without losing the lease.
        let isHeld = try await eventually {
            guard case .granted = try await a.tier.lease(key: key, in: Replica.namespace) else { return false }
            return await server.cli("PEXPIRE", lease, "600000") == "1"
        }
        #expect(isHeld)
        let isRenewed = await eventually {
            let left = Int(await server.cli("PTTL", lease)) ?? 0
            return (-2...900).contains(left) && a.tier.statistics.commands["renew"]?.calls ?? 0 >= 1
        }
        #expect(isRenewed)
    }
}
