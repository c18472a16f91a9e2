import Foundation
import SemanticCaching
import TestSupport
import Testing

@testable import RedisTier

/// A primary dies or steps down, and another server takes its place.
@Suite(.enabled(if: RedisServer.executable != nil, "\(RedisServer.absence)"), .serialized, .timeLimit(.minutes(5)))
struct FailoverTests {
    /// A name that leads to one server and later to another, as names and proxies do that follow the primary.
    private struct Name {
        let path = "/tmp/semcache-name-" + UUID().uuidString.prefix(8)

        var url: String { "unix://" + path }

        func leads(to server: RedisServer) throws {
            try? FileManager.default.removeItem(atPath: path)
            try FileManager.default.createSymbolicLink(atPath: path, withDestinationPath: server.socket)
        }

        func remove() { try? FileManager.default.removeItem(atPath: path) }
    }

    private func makeServer(replicaOf primary: Int? = nil) async throws -> (server: RedisServer, port: Int) {
        let port = try RedisCluster.freePort()
        let role = primary.map { ["--replicaof", "127.0.0.1", String($0)] } ?? []
        let network = ["--port", String(port), "--bind", "127.0.0.1", "--repl-diskless-sync", "no"]
        return (try await RedisServer(network + role), port)
    }

    private func isInStep(_ replica: RedisServer, with primary: RedisServer) async -> Bool {
        await eventually {
            let state = await replica.cli("INFO", "replication")
            let count = await primary.cli("DBSIZE")
            let copied = await replica.cli("DBSIZE")
            return state.contains("master_link_status:up") && copied == count
        }
    }

    @Test func aReplicaTakesOverBehindTheSameName() async throws {
        let (old, port) = try await makeServer()
        let (new, newPort) = try await makeServer(replicaOf: port)
        let name = Name()
        defer { name.remove() }
        try name.leads(to: old)
        let (a, b) = (try Replica(old, url: name.url), try Replica(old, url: name.url))
        #expect(await a.follow())
        #expect(await b.follow())
        let id = try #require(try await a.put("How do I reset my password?", "Choose it."))
        #expect(await eventually { await b.cache.statistics().store.entries == 1 })
        #expect(await isInStep(new, with: old))

        await old.kill9()
        // Nobody is there: what is known is served, what is not is a miss, what is stored waits.
        #expect(await b.lookup("How do I reset my password?").outcome == .hit)
        #expect(await b.lookup("Where is my parcel now?").outcome == .miss)
        #expect(await eventually { !a.tier.isConnected })
        try await a.put("Where is my parcel now?", "On its way.")
        #expect(await new.cli("REPLICAOF", "NO", "ONE") == "OK")
        try name.leads(to: new)
        #expect(await eventually { await b.cache.statistics().store.entries == 2 })
        #expect(a.tier.statistics.droppedAnswers == 0)
        #expect((a.tier.statistics.gaps, b.tier.statistics.gaps) == (0, 0), "the new primary had everything")

        // The old one comes back, and takes over again while the connections to the new one stay.
        try await old.start()
        #expect(await old.cli("REPLICAOF", "127.0.0.1", String(newPort)) == "OK")
        #expect(await isInStep(old, with: new))
        #expect(await old.cli("REPLICAOF", "NO", "ONE") == "OK")
        #expect(await new.cli("REPLICAOF", "127.0.0.1", String(port)) == "OK")
        try name.leads(to: old)
        // A replica refuses writes (READONLY): that makes the tier look where the name leads.
        try await a.put("Can I pay by invoice?", "Yes.")
        #expect(
            await eventually { await b.cache.statistics().store.entries == 3 },
            "\(a.tier.statistics) \(b.tier.statistics)"
        )
        #expect(await eventually { (try? await a.cache.remove([id])) != nil })
        #expect(await eventually { await !b.lookup("How do I reset my password?").isServable })
        #expect(a.tier.statistics.droppedAnswers == 0)
    }

    /// What the primary had acknowledged and its successor has not: replicas notice, and read anew.
    @Test func whatTheSuccessorDoesNotHaveIsNoticed() async throws {
        let (old, port) = try await makeServer()
        let (new, _) = try await makeServer(replicaOf: port)
        let name = Name()
        defer { name.remove() }
        try name.leads(to: old)
        let (a, b) = (try Replica(old, url: name.url), try Replica(old, url: name.url))
        #expect(await b.follow())
        let id = try #require(try await a.put("How do I reset my password?", "Choose it."))
        #expect(await eventually { await b.cache.statistics().store.entries == 1 })
        #expect(await isInStep(new, with: old))
        // From here on nothing more arrives there, as with a replica that cannot keep up.
        #expect(await new.cli("REPLICAOF", "NO", "ONE") == "OK")
        try await a.put("Where is my parcel now?", "On its way.")
        #expect(await eventually { await b.cache.statistics().store.entries == 2 })
        try await a.cache.remove([id])
        #expect(await eventually { await !b.lookup("How do I reset my password?").isServable })
        await old.kill9()
        try name.leads(to: new)
        #expect(await eventually { b.tier.statistics.gaps == 1 && b.state?.phase == .following })
        // The server does not tell what it lost from what was removed: it is a miss more.
        #expect(await !b.lookup("Where is my parcel now?").isServable)
        // The removal is lost to the server as well, and so to replicas that come later; not to those that had heard it.
        #expect(await !b.lookup("How do I reset my password?").isServable)
        let late = try Replica(new)
        #expect(await late.follow())
        #expect(await late.cache.statistics().store.entries == 1)
        try await a.put("Can I pay by invoice?", "Yes.")
        #expect(await eventually { await late.cache.statistics().store.entries == 2 })
        #expect(await eventually { await b.lookup("Can I pay by invoice?").isServable })
    }

    @Test func aClustersReplicaTakesOver() async throws {
        let cluster = try await RedisCluster(primaries: 3, replicas: 1)
        // One of them knows the node that dies by its URL alone.
        let (a, b) = (
            try Replica(cluster.servers[0], url: cluster.url),
            try Replica(cluster.servers[1], url: "redis://127.0.0.1:\(cluster.ports[1])")
        )
        await a.tier.start()
        let scopes = (0..<50).map { CacheScope(tenant: "acme", namespace: "bot-\($0)", model: "m") }
        // A namespace on the node that dies, and one that is not.
        var owners: [Int: CacheScope] = [:]
        for scope in scopes {
            let slot = HashSlot.of(Array(a.tier.keys(scope.namespace).meta.utf8))
            owners[await cluster.servers(of: slot).owner, default: scope] = scope
        }
        let (lost, kept) = (try #require(owners[0]), try #require(owners[1]))
        func request(_ question: String, _ scope: CacheScope) -> CacheRequest { CacheRequest(question, scope: scope) }
        for scope in [lost, kept] {
            b.tier.noteUse(of: scope.namespace)
            try await a.cache.store(CachedReply(text: "Choose it."), for: request("How do I reset it?", scope))
            #expect(await eventually { await b.cache.lookup(request("How do I reset it now?", scope)).isServable })
        }
        let (primary, replica) = (cluster.servers[0], cluster.servers[3])
        #expect(await isInStep(replica, with: primary))

        await primary.kill9()
        // The other nodes' namespaces go on, and what was on the lost one is a miss or local, and never an error.
        #expect(await b.cache.lookup(request("How do I reset it?", lost)).outcome == .hit)
        #expect(await b.cache.lookup(request("Is anybody there?", lost)).outcome == .miss)
        try await a.cache.store(CachedReply(text: "Yes."), for: request("Is anybody there?", lost))
        try await a.cache.store(CachedReply(text: "Yes."), for: request("Is anybody there?", kept))
        #expect(await eventually { await b.cache.lookup(request("Is anybody there?", kept)).isServable })
        #expect(await replica.cli("CLUSTER", "FAILOVER", "TAKEOVER") == "OK")
        #expect(await eventually { await b.cache.lookup(request("Is anybody there?", lost)).isServable })
        #expect(a.tier.statistics.droppedAnswers == 0)
        for tier in [a.tier, b.tier] {
            let successor = RedisEndpoint.tcp(host: "127.0.0.1", port: cluster.ports[3])
            #expect(await eventually { tier.client.topology.primaries.contains(successor) })
        }
        // A removal reaches everyone by the new way, too.
        #expect(await eventually { (try? await a.cache.invalidate(InvalidationSelector(model: "m"))) != nil })
        for scope in [lost, kept] {
            #expect(await eventually { await !b.cache.lookup(request("How do I reset it?", scope)).isServable })
        }
    }
}
