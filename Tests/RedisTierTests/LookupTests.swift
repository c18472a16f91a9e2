import SemanticCaching
import SemanticCachingTesting
import TestSupport
import Testing

@testable import RedisTier

/// Lookups on a real server: with and without scripts, and what other versions left there.
@Suite(.enabled(if: RedisServer.executable != nil, "\(RedisServer.absence)"), .serialized, .timeLimit(.minutes(5)))
struct LookupTests {
    private let server: RedisServer

    init() async throws { server = try await RedisServer() }

    /// How often the server ran a command.
    private func calls(of command: String) async -> Int {
        let lines = await server.cli("INFO", "commandstats").split(whereSeparator: \.isNewline)
        let line = lines.first { $0.hasPrefix("cmdstat_\(command):") }
        return line.flatMap { $0.split(separator: "=").dropFirst().first }.flatMap { Int($0.prefix { $0 != "," }) } ?? 0
    }

    /// Puts an answer there and returns a replica that has it only from the server, and the key of the question.
    private func replica(asking question: String) async throws -> (Replica, EntryID, key: String) {
        let a = try Replica(server)
        let id = try #require(try await a.put(question, "Choose it."))
        await a.tier.drain()
        await a.stop()
        let prefix = a.tier.keys(Replica.namespace).prefix
        let key = await server.cli("--scan", "--pattern", prefix + "k:*")
        return (try Replica(server, tier: { $0.followsChanges = false }), id, key)
    }

    @Test func aLookupNeedsNoScript() async throws {
        let (b, _, _) = try await replica(asking: "How do I reset my password?")
        await server.cli("CONFIG", "RESETSTAT")
        #expect(await b.lookup("How do I reset my password?").reply?.text == "Choose it.")
        #expect(await calls(of: "sort") == 1)
        #expect(b.tier.statistics.commands["match"]?.calls == 1)
    }

    @Test func aServerThatAllowsNoPlainLookupIsAskedByScript() async throws {
        let (b, _, _) = try await replica(asking: "How do I reset my password?")
        await server.cli("ACL", "SETUSER", "default", "-sort")
        let start = ContinuousClock.now
        #expect(await b.lookup("How do I reset my password?").reply?.text == "Choose it.")
        let other = await b.lookup("What was never asked before?")
        #expect(other.outcome == .miss)
        // Behind a pause of one second it tries again.
        if start.duration(to: .now) < .seconds(1) {
            #expect(b.tier.statistics.commands["match"]?.errors == 1, "the second lookup does not try again")
        }
        #expect(b.tier.isConnected)
    }

    @Test func aQuestionOfAnEarlierVersionIsRead() async throws {
        let (b, id, key) = try await replica(asking: "How do I reset my password?")
        // As versions before wrote it.
        await server.cli("SET", key, id.description)
        #expect(await b.lookup("How do I reset my password?").reply?.text == "Choose it.")
        // And what replaces it is written as today.
        let c = try Replica(server)
        #expect(await c.follow())
        try await c.put("How do I reset my password?", "Ask us.")
        await c.tier.drain()
        #expect(await server.cli("TYPE", key) == "list")
        #expect(await server.cli("LLEN", key) == "1")
        #expect(c.tier.statistics.droppedAnswers == 0)
        let d = try Replica(server, tier: { $0.followsChanges = false })
        #expect(await d.lookup("How do I reset my password?").reply?.text == "Ask us.")
    }

    @Test func aRemovalTakesTheQuestionAlong() async throws {
        for asEarlier in [false, true] {
            let (b, id, key) = try await replica(asking: "How do I reset my password?")
            if asEarlier { await server.cli("SET", key, id.description) }
            try await b.cache.remove([id])
            #expect(await server.cli("EXISTS", key) == "0", "as an earlier version: \(asEarlier)")
        }
    }

    @Test func aQuestionOfAnotherKindIsAMiss() async throws {
        let (b, _, key) = try await replica(asking: "How do I reset my password?")
        await server.cli("DEL", key)
        await server.cli("HSET", key, "a", "b")
        #expect(await b.lookup("How do I reset my password?").outcome == .miss)
        await server.cli("DEL", key)
        await server.cli("RPUSH", key, "one", "two")
        #expect(await b.lookup("How do I reset my password?").outcome == .miss)
        await server.cli("DEL", key)
        await server.cli("RPUSH", key, "e:*->x")
        #expect(await b.lookup("How do I reset my password?").outcome == .miss)
    }

    @Test func manyLookupsAtOnceEachGetTheirOwnAnswer() async throws {
        let a = try Replica(server)
        let questions = (0..<64).map { "What is the price of article \($0)?" }
        for (number, question) in questions.enumerated() { try await a.put(question, "It is \(number).") }
        await a.tier.drain()
        let b = try Replica(server, tier: { $0.followsChanges = false })
        await b.tier.start()
        let keys = questions.map { RequestKey(b.request($0), namespace: Replica.namespace).exact }
        await withTaskGroup(of: Void.self) { group in
            for lane in 0..<8 {
                group.addTask {
                    for round in 0..<40 {
                        let number = (lane * 13 + round * 7) % keys.count
                        let match = try? await b.tier.match(key: keys[number], in: Replica.namespace)
                        #expect(match?.entry.reply.text == "It is \(number).")
                    }
                }
            }
        }
    }
}
