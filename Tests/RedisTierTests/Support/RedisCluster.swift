import Foundation
import TestSupport
import Testing

/// Primaries, and replicas of the first, on ports of the loopback interface that were free a moment ago.
final class RedisCluster: Sendable {
    private static let slotCount = 16_384

    let servers: [RedisServer]
    let ports: [Int]
    /// How many of the servers are primaries at first; those behind them are replicas of the first.
    let primaryCount: Int

    var url: String { "redis://127.0.0.1:\(ports[0])" }

    init(primaries: Int = 3, replicas: Int = 0) async throws {
        let ports = try (0..<primaries + replicas).map { _ in try Self.freePort() }
        self.ports = ports
        primaryCount = primaries
        var servers: [RedisServer] = []
        for port in ports {
            servers.append(
                try await RedisServer([
                    "--port", String(port), "--bind", "127.0.0.1", "--cluster-enabled", "yes",
                    // A machine that is too busy to exchange pings must not make the nodes give each other up.
                    "--cluster-node-timeout", "60000", "--cluster-config-file", "nodes.conf", "--protected-mode", "no",
                    "--cluster-require-full-coverage", "no",
                ])
            )
        }
        self.servers = servers
        try await join()
    }

    /// Does what `redis-cli --cluster create` does, without its pauses.
    private func join() async throws {
        let share = (Self.slotCount + primaryCount - 1) / primaryCount
        for index in 0..<primaryCount {
            let slots = (index * share..<min((index + 1) * share, Self.slotCount)).map(String.init)
            _ = await RedisServer.cli(["-s", servers[index].socket, "CLUSTER", "ADDSLOTS"] + slots)
            await servers[index].cli("CLUSTER", "SET-CONFIG-EPOCH", String(index + 1))
        }
        for port in ports.dropFirst() { await servers[0].cli("CLUSTER", "MEET", "127.0.0.1", String(port)) }
        let nodes = "cluster_known_nodes:\(ports.count)\r"
        let haveMet = await everyNode { $0.contains(nodes) }
        try #require(haveMet)
        let first = await id(0)
        for index in primaryCount..<servers.count {
            let isReplica = await eventually { await servers[index].cli("CLUSTER", "REPLICATE", first) == "OK" }
            try #require(isReplica)
        }
        let isUp = await everyNode {
            $0.contains("cluster_state:ok") && $0.contains("cluster_slots_assigned:\(Self.slotCount)\r")
        }
        try #require(isUp)
    }

    /// Waits until what every node says of the cluster meets a condition.
    private func everyNode(_ condition: @escaping (String) -> Bool) async -> Bool {
        for server in servers {
            let isMet = await eventually { condition(await server.cli("CLUSTER", "INFO")) }
            guard isMet else { return false }
        }
        return true
    }

    /// The server that serves a slot, and one that does not.
    func servers(of slot: Int) async -> (owner: Int, other: Int) {
        for index in servers.indices {
            let nodes = await servers[index].cli("CLUSTER", "NODES").split(separator: "\n")
            for range in (nodes.first { $0.contains("myself") } ?? "").split(separator: " ").dropFirst(8) {
                let bounds = range.split(separator: "-").compactMap { Int($0) }
                if let first = bounds.first, let last = bounds.last, (first...last).contains(slot) {
                    return (index, (index + 1) % servers.count)
                }
            }
        }
        return (0, 1)
    }

    func id(_ index: Int) async -> String { await servers[index].cli("CLUSTER", "MYID") }

    /// A port whose bus port (10,000 above) is a port, too.
    static func freePort() throws -> Int {
        for _ in 0..<100 {
            let port = Int.random(in: 20_000...50_000)
            if isFree(port), isFree(port + 10_000) { return port }
        }
        throw CocoaError(.fileNoSuchFile)
    }

    private static func isFree(_ port: Int) -> Bool {
        let descriptor = socket(AF_INET, Int32(SOCK_STREAM.rawValue), 0)
        defer { close(descriptor) }
        var address = sockaddr_in()
        address.sin_family = sa_family_t(AF_INET)
        address.sin_port = in_port_t(port).bigEndian
        address.sin_addr.s_addr = UInt32(0x7F00_0001).bigEndian
        return withUnsafePointer(to: &address) { pointer in
            pointer.withMemoryRebound(to: sockaddr.self, capacity: 1) {
                bind(descriptor, $0, socklen_t(MemoryLayout<sockaddr_in>.size)) == 0
            }
        }
    }
}
