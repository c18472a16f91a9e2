import ArgumentParser
import RedisTier
import SemanticCaching
import StrictJSON

/// Says what the shared tier holds, and which replicas are alive.
struct RedisStatusCommand: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "status",
        abstract: "Say what the shared tier holds, and which replicas are alive."
    )

    @OptionGroup var server: RedisOptions
    @OptionGroup var output: OutputOptions

    func run() async throws {
        let (usage, replicas, statistics) = try await server.withTier { tier in
            (try await tier.usage(), try await tier.replicas(), tier.statistics)
        }
        output.json ? printJSON(usage, replicas, statistics) : printText(usage, replicas, statistics)
    }

    private func printJSON(
        _ usage: [RedisSharedTier.NamespaceUsage],
        _ replicas: [SharedTierStatistics.Replica],
        _ statistics: SharedTierStatistics
    ) {
        let namespaces = usage.map { usage -> JSONValue in
            [
                "tenant": .string(usage.namespace.tenant), "namespace": .string(usage.namespace.name),
                "entries": .integer(usage.answers), "changes": .integer(usage.changes),
                "epoch": .integer(Int(clamping: usage.epoch)),
            ]
        }
        let alive = replicas.map { replica -> JSONValue in
            [
                "id": .string(replica.id), "name": .string(replica.name), "lag": .integer(Int(clamping: replica.lag)),
                "namespaces": .integer(replica.namespaces),
            ]
        }
        let result: JSONValue = [
            "command": "redis status", "is_cluster": .bool(statistics.isCluster),
            "nodes": .integer(statistics.nodeCount),
            "namespaces": .array(namespaces), "replicas": .array(alive),
        ]
        Terminal.write(result.serializedText)
    }

    private func printText(
        _ usage: [RedisSharedTier.NamespaceUsage],
        _ replicas: [SharedTierStatistics.Replica],
        _ statistics: SharedTierStatistics
    ) {
        let kind = statistics.isCluster ? "a Cluster of \(statistics.nodeCount.counted("primary"))" : "one server"
        Terminal.write(
            "\(kind), \(usage.count.counted("namespace")), \(replicas.count.counted("replica")) alive"
        )
        if !usage.isEmpty {
            Terminal.write("")
            var table = TextTable([
                .init(title: "namespace"), .init(title: "answers", alignment: .right),
                .init(title: "changes", alignment: .right), .init(title: "epoch", alignment: .right),
            ])
            for usage in usage {
                table.add([
                    usage.namespace.description, String(usage.answers), String(usage.changes), String(usage.epoch),
                ])
            }
            for line in table.lines { Terminal.write(line) }
        }
        if !replicas.isEmpty {
            Terminal.write("")
            var table = TextTable([
                .init(title: "replica"), .init(title: "changes behind", alignment: .right),
                .init(title: "namespaces", alignment: .right),
            ])
            for replica in replicas { table.add([replica.name, String(replica.lag), String(replica.namespaces)]) }
            for line in table.lines { Terminal.write(line) }
        }
    }
}
