import Foundation
import Testing

/// Three primaries on ports of the loopback interface that were free a moment ago.
final class RedisCluster: Sendable {
    let servers: [RedisServer]
    let ports: [Int]

    var url: String { "redis://127.0.0.1:\(ports[0])" }

    init() async throws {
        let ports = try (0..<3).map { _ in try Self.freePort() }
        self.ports = ports
        servers = try ports.map { port in
            try RedisServer([
                "--port", String(port), "--bind", "127.0.0.1", "--cluster-enabled", "yes", "--cluster-node-timeout",
                "2000",
                "--cluster-config-file", "nodes.conf", "--protected-mode", "no",
                "--cluster-require-full-coverage", "no",
            ])
        }
        let nodes = ports.map { "127.0.0.1:\($0)" }
        _ = RedisServer.cli(["--cluster", "create"] + nodes + ["--cluster-replicas", "0", "--cluster-yes"])
        let isUp = await eventually {
            servers.allSatisfy { $0.cli("CLUSTER", "INFO").contains("cluster_state:ok") }
        }
        try #require(isUp)
    }

    /// The server that serves a slot, and one that does not.
    func servers(of slot: Int) -> (owner: Int, other: Int) {
        for index in servers.indices {
            let text =
                servers[index].cli("CLUSTER", "NODES").split(separator: "\n").first { $0.contains("myself") } ?? ""
            for range in text.split(separator: " ").dropFirst(8) {
                let bounds = range.split(separator: "-").compactMap { Int($0) }
                if let first = bounds.first, let last = bounds.last, (first...last).contains(slot) {
                    return (index, (index + 1) % servers.count)
                }
            }
        }
        return (0, 1)
    }

    func id(_ index: Int) -> String { servers[index].cli("CLUSTER", "MYID") }

    /// A port whose bus port (10,000 above) is a port, too.
    private static func freePort() throws -> Int {
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
