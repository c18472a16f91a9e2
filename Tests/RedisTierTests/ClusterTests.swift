import SemanticCaching
import TestSupport
import Testing

@testable import RedisTier

/// Replicas over a real Cluster of three primaries.
@Suite(.enabled(if: RedisServer.executable != nil, "\(RedisServer.absence)"), .serialized, .timeLimit(.minutes(5)))
struct ClusterTests {
    private func request(_ question: String, _ namespace: String) -> CacheRequest {
        CacheRequest(question, scope: CacheScope(tenant: "acme", namespace: namespace, model: "m"))
    }

    private func namespace(_ name: String) -> NamespaceID { NamespaceID(tenant: "acme", name: name) }

    @Test func namespacesSpreadOverTheNodesAndSlotsMove() async throws {
        let cluster = try await RedisCluster()
        let (a, b) = (
            try Replica(cluster.servers[0], url: cluster.url),
            try Replica(cluster.servers[0], url: "redis://127.0.0.1:\(cluster.ports[2])")
        )
        let names = (0..<9).map { "bot-\($0)" }
        for name in names { b.tier.noteUse(of: namespace(name)) }
        for name in names {
            try await a.cache.store(CachedReply(text: "of \(name)"), for: request("Where is my parcel now?", name))
        }
        for name in names {
            #expect(
                await eventually {
                    await b.cache.lookup(request("Where is my parcel right now?", name)).reply?.text == "of \(name)"
                }
            )
        }
        #expect(a.tier.statistics.isCluster)
        #expect(a.tier.statistics.nodeCount == 3)
        for server in cluster.servers { #expect(Int(await server.cli("DBSIZE")) ?? 0 > 0) }

        try await moveSlot(of: "bot-0", in: cluster, a, b)

        // An invalidation of all namespaces finds all nodes.
        try await a.cache.invalidate(InvalidationSelector(model: "m"))
        for name in names {
            #expect(await eventually { await !b.cache.lookup(request("Where is my parcel now?", name)).isServable })
        }
    }

    /// Moves a slot as `redis-cli --cluster reshard` does, and uses it in every state on the way.
    private func moveSlot(of name: String, in cluster: RedisCluster, _ a: Replica, _ b: Replica) async throws {
        let keys = a.tier.keys(namespace(name))
        let slot = HashSlot.of(Array(keys.meta.utf8))
        let (source, target) = await cluster.servers(of: slot)
        let (from, to) = (cluster.servers[source], cluster.servers[target])
        await to.cli("CLUSTER", "SETSLOT", String(slot), "IMPORTING", await cluster.id(source))
        await from.cli("CLUSTER", "SETSLOT", String(slot), "MIGRATING", await cluster.id(target))
        // Half way: commands of several keys are refused, and misses are all that comes of it.
        let verdict = await a.cache.lookup(request("Is anything there at this moment?", name))
        #expect(verdict.outcome == .miss)
        for key in await from.cli("CLUSTER", "GETKEYSINSLOT", String(slot), "1000").split(separator: "\n") {
            await from.cli("MIGRATE", "127.0.0.1", String(cluster.ports[target]), String(key), "0", "5000")
        }
        let owner = await cluster.id(target)
        for server in cluster.servers { await server.cli("CLUSTER", "SETSLOT", String(slot), "NODE", owner) }
        try await a.cache.store(CachedReply(text: "Yes."), for: request("Can I pay by invoice?", name))
        let isFound = await eventually {
            await b.cache.lookup(request("Can I pay by an invoice?", name)).reply?.text == "Yes."
        }
        #expect(isFound)
        #expect(await to.cli("EXISTS", keys.stream) == "1")
    }
}
