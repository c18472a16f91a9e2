import SemanticCaching
import SemanticCachingTesting
import TestSupport
import Testing

@testable import RedisTier

/// Until when an answer is fresh, by those who know it best.
@Suite(.enabled(if: RedisServer.executable != nil, "\(RedisServer.absence)"), .serialized, .timeLimit(.minutes(5)))
struct ExpiryTests {
    private let server: RedisServer

    init() async throws { server = try await RedisServer() }

    /// Publishes another wording of an answer, as a replica does that believes in that end.
    private func publish(_ wording: String, of entry: CacheEntry, until end: Timestamp?, by replica: Replica) async {
        var entry = entry
        entry.expiresAt = end
        let digest = Digest256(hashing: Array(wording.utf8))
        let question = CachedQuestion(
            id: 0,
            entry: entry.id,
            text: wording,
            key: digest,
            check: digest,
            createdAt: entry.createdAt
        )
        replica.tier.publish(entry, question: question, isAlias: true)
        await replica.tier.drain()
    }

    @Test func aLifeThatOneReplicaShortenedIsLengthenedByNoneThatHasNotHeard() async throws {
        let (a, b) = (try Replica(server), try Replica(server))
        #expect(await b.follow())
        let id = try #require(try await a.put("What is the price of a stamp?", "One euro."))
        #expect(await eventually { await b.cache.statistics().store.entries == 1 })
        let entry = try #require(try await a.cache.store.entry(id))
        let end = Timestamp(milliseconds: SystemClock().now.milliseconds + 3_600_000)
        await publish("And today?", of: entry, until: end, by: b)
        await publish("And tomorrow?", of: entry, until: nil, by: a)
        await publish("And on Monday?", of: entry, until: end + .seconds(3_600), by: a)

        let keys = a.tier.keys(Replica.namespace)
        #expect(await server.cli("ZSCORE", keys.ids, id.description) == String(end.milliseconds))
        let script = """
            local rest = {}
            for _, key in ipairs(redis.call('KEYS', '*:[ek]:*')) do rest[#rest + 1] = redis.call('PTTL', key) end
            return rest
            """
        let times = await server.cli("EVAL", script, "0").split(separator: "\n").compactMap { Int($0) }
        #expect(times.count == 5, "the answer and its four wordings")
        #expect(times.allSatisfy { (1...3_600_000).contains($0) }, "\(times)")
        #expect(try await eventually { try await b.cache.store.entry(id)?.expiresAt == end })
        #expect(await eventually { await b.cache.statistics().store.questions == 4 })
        #expect(try await b.cache.store.entry(id)?.expiresAt == end)
    }

    @Test func aShorterLifeIsTheServersAtOnce() async throws {
        let a = try Replica(server)
        let id = try #require(try await a.put("What is the price of a stamp?", "One euro."))
        await a.tier.drain()
        let entry = try #require(try await a.cache.store.entry(id))
        let now = SystemClock().now.milliseconds
        for seconds in [7_200, 3_600] as [Int64] {
            let end = Timestamp(milliseconds: now + 1_000 * seconds)
            await publish("And in \(seconds)?", of: entry, until: end, by: a)
            let score = await server.cli("ZSCORE", a.tier.keys(Replica.namespace).ids, id.description)
            #expect(score == String(end.milliseconds))
        }
    }
}
