internal import SemanticCaching
internal import StrictJSON

extension AdminJSON {
    /// How the tier that replicas share stands; null without one.
    static func sharedTier(_ statistics: SharedTierStatistics?) -> JSONValue {
        guard let statistics else { return .null }
        let sorted = statistics.namespaces.sorted { $0.key.description < $1.key.description }
        let namespaces = sorted.map { id, namespace -> JSONValue in
            [
                "namespace": .string(id.description), "phase": .string(namespace.phase.rawValue),
                "lag": .integer(Int(clamping: namespace.lag)),
                "seconds_since_heard": namespace.secondsSinceHeard.map(JSONValue.double) ?? .null,
                "hydrated": .integer(namespace.hydrated), "to_hydrate": .integer(namespace.hydrationTotal),
            ]
        }
        let replicas = statistics.replicas.map { replica -> JSONValue in
            [
                "id": .string(replica.id), "name": .string(replica.name), "lag": .integer(Int(clamping: replica.lag)),
                "namespaces": .integer(replica.namespaces),
            ]
        }
        var commands = JSONObject()
        for (name, command) in statistics.commands {
            commands[name] = [
                "calls": .integer(command.calls), "errors": .integer(command.errors),
                "timeouts": .integer(command.timeouts), "unavailable": .integer(command.unavailable),
                "seconds": .double(command.seconds), "maximum_seconds": .double(command.maximumSeconds),
            ]
        }
        return [
            "connected": .bool(statistics.isConnected), "is_cluster": .bool(statistics.isCluster),
            "nodes": .integer(statistics.nodeCount), "queued": .integer(statistics.queuedAnswers),
            "published": .integer(statistics.publishedAnswers), "dropped": .integer(statistics.droppedAnswers),
            "refused": .integer(statistics.refusedAnswers), "applied_changes": .integer(statistics.appliedChanges),
            "gaps": .integer(statistics.gaps), "skipped_values": .integer(statistics.skippedValues),
            "leases": .integer(statistics.leases), "lease_waits": .integer(statistics.leaseWaits),
            "namespaces": .array(namespaces), "replicas": .array(replicas), "commands": .object(commands),
        ]
    }
}
