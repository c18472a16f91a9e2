internal import SemanticCaching

extension PrometheusText {
    /// Adds the metrics of the tier that replicas share.
    mutating func add(_ statistics: SharedTierStatistics) {
        single(
            "semcache_shared_connected",
            "gauge",
            "1 if the shared tier is connected.",
            statistics.isConnected ? 1 : 0
        )
        single("semcache_shared_replicas", "gauge", "Replicas that are alive.", Double(statistics.replicas.count))
        single(
            "semcache_shared_queued",
            "gauge",
            "Answers that wait to be published.",
            Double(statistics.queuedAnswers)
        )
        let counters: [(String, String, Int)] = [
            ("semcache_shared_published_total", "Answers published to other replicas.", statistics.publishedAnswers),
            ("semcache_shared_dropped_total", "Answers not published for want of room.", statistics.droppedAnswers),
            (
                "semcache_shared_applied_changes_total", "Changes of other replicas that were applied.",
                statistics.appliedChanges
            ),
            ("semcache_shared_gaps_total", "Times that a namespace was read anew.", statistics.gaps),
            (
                "semcache_shared_skipped_values_total", "Values in the shared tier that are none of ours.",
                statistics.skippedValues
            ),
            (
                "semcache_shared_lease_waits_total", "Times that a request waited for another replica.",
                statistics.leaseWaits
            ),
        ]
        for (name, help, value) in counters {
            single(name, "counter", help, Double(value))
        }
        let lag = statistics.namespaces.values.reduce(UInt64(0)) { $0 &+ $1.lag }
        single("semcache_shared_lag", "gauge", "Changes of other replicas not applied yet.", Double(lag))
        let heard = statistics.namespaces.values.compactMap(\.secondsSinceHeard).max()
        single("semcache_shared_seconds_since_heard", "gauge", "Age of the oldest news of a namespace.", heard ?? 0)
        let commands = statistics.commands.sorted { $0.key < $1.key }
        begin("semcache_shared_commands_total", "counter", "Commands to the shared tier.")
        for (name, command) in commands {
            let failed = command.errors + command.timeouts + command.unavailable
            let outcomes = [
                ("ok", max(0, command.calls - failed)), ("error", command.errors), ("timeout", command.timeouts),
                ("unavailable", command.unavailable),
            ]
            for (outcome, count) in outcomes where count > 0 || outcome == "ok" {
                sample("semcache_shared_commands_total", [("command", name), ("outcome", outcome)], Double(count))
            }
        }
        begin("semcache_shared_command_seconds_total", "counter", "Time of commands to the shared tier.")
        for (name, command) in commands {
            sample("semcache_shared_command_seconds_total", [("command", name)], command.seconds)
        }
    }
}
