import SemanticCaching
import TestSupport
import Testing

@testable import RedisTier

/// What the tier asks of a server: nothing that came after Redis 6.0.
@Suite(.enabled(if: RedisServer.executable != nil, "\(RedisServer.absence)"), .timeLimit(.minutes(5)))
struct CommandTests {
    private let server: RedisServer

    init() async throws { server = try await RedisServer() }

    /// The commands that the server counted, those in scripts among them.
    private func counted() async -> Set<String> {
        let lines = await server.cli("INFO", "commandstats").split(whereSeparator: \.isNewline)
        return Set(
            lines.compactMap { $0.split(separator: ":").first }.filter { $0.hasPrefix("cmdstat_") }.map {
                String($0.dropFirst(8))
            }
        )
    }

    /// The version with which a command came; nil if the server does not tell, as those before 7 do not.
    private func origin(of command: String) async -> String? {
        let lines = await server.cli("COMMAND", "DOCS", command).split(whereSeparator: \.isNewline)
        return lines.firstIndex(of: "since").flatMap { lines.indices.contains($0 + 1) ? String(lines[$0 + 1]) : nil }
    }

    @Test func everyCommandIsAsOldAsRedis6() async throws {
        let (a, b) = (try Replica(server), try Replica(server))
        #expect(await a.follow())
        let id = try #require(try await a.put("How do I reset my password?", "Choose it.", tags: ["doc:1"]))
        try await a.put("Where is my parcel now?", "On its way.", tags: ["doc:2"])
        #expect(try await b.respond("Can I pay by invoice?").reply.text.hasPrefix("answer"))
        await a.tier.drain()
        #expect(await b.follow())
        #expect(await b.lookup("How do I reset my password?").isServable)
        try await a.put("Where is my parcel now?", "It has arrived.", tags: ["doc:2"])
        try await a.cache.remove([id])
        try await a.cache.invalidate(InvalidationSelector(tag: "doc:2"))
        try await b.cache.invalidateNamespace(Replica.namespace)
        _ = try await a.tier.replicas()
        _ = try await a.tier.usage()
        _ = try await a.tier.flush(Replica.namespace)
        await b.stop()

        let ours = await counted().subtracting(["info", "command", "command|docs", "config", "config|get"])
        // Enough of them to be sure that the list is one.
        #expect(
            ours.isSuperset(of: ["evalsha", "hset", "xadd", "zscan", "scan", "unlink", "hmget"]),
            "\(ours)"
        )
        for command in ours.sorted() {
            guard let origin = await origin(of: command) else { continue }
            let major = try #require(Int(origin.prefix { $0 != "." }), "\(command) came with \(origin)")
            #expect(major < 6 || origin.hasPrefix("6.0"), "\(command) came with \(origin)")
        }
    }
}
