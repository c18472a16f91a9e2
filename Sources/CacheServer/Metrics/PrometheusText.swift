internal import SemanticCaching

/// Writes metrics in the text format of Prometheus (version 0.0.4).
struct PrometheusText {
    private(set) var text = ""

    /// Starts a metric.
    mutating func begin(_ name: String, _ type: String, _ help: String) {
        text += "# HELP \(name) \(help)\n# TYPE \(name) \(type)\n"
    }

    /// Adds a sample.
    mutating func sample(_ name: String, _ labels: [(String, String)] = [], _ value: Double) {
        let list = labels.map { "\($0.0)=\"\(Self.escaped($0.1))\"" }.joined(separator: ",")
        text += name + (list.isEmpty ? "" : "{\(list)}") + " " + Self.number(value) + "\n"
    }

    /// Adds a metric of a single sample.
    mutating func single(_ name: String, _ type: String, _ help: String, _ value: Double) {
        begin(name, type, help)
        sample(name, [], value)
    }

    /// Adds a histogram, its buckets cumulative.
    mutating func histogram(_ name: String, _ help: String, _ series: [(labels: [(String, String)], Histogram)]) {
        begin(name, "histogram", help)
        for (labels, histogram) in series {
            var total = 0
            for (index, count) in histogram.counts.enumerated() {
                total += count
                let bound = index < histogram.bounds.count ? Self.number(histogram.bounds[index]) : "+Inf"
                sample(name + "_bucket", labels + [("le", bound)], Double(total))
            }
            sample(name + "_sum", labels, histogram.sum)
            sample(name + "_count", labels, Double(total))
        }
    }

    private static func number(_ value: Double) -> String {
        value == value.rounded() && abs(value) < 1e15 ? String(Int(value)) : String(value)
    }

    private static func escaped(_ text: String) -> String {
        text.replacing("\\", with: "\\\\").replacing("\"", with: "\\\"").replacing("\n", with: "\\n")
    }
}

extension PrometheusText {
    /// All metrics of the server and its cache.
    init(_ values: ServerMetrics.Values, _ statistics: CacheStatistics, inFlight: Int, exchanges: Int) {
        begin("semcache_requests_total", "counter", "Requests by how they were answered.")
        let requests = values.requests.map { labels, count in
            (labels.outcome.rawValue.lowercased(), labels.tier?.rawValue ?? "none", labels.namespace, count)
        }
        for (outcome, tier, namespace, count) in requests.sorted(by: { $0 < $1 }) {
            let labels = [("outcome", outcome), ("tier", tier), ("namespace", namespace)]
            sample("semcache_requests_total", labels, Double(count))
        }
        begin("semcache_responses_total", "counter", "Responses by status code.")
        for (status, count) in values.statuses.sorted(by: { $0.key < $1.key }) {
            sample("semcache_responses_total", [("status", String(status))], Double(count))
        }
        begin("semcache_upstream_responses_total", "counter", "Answers of the upstream by status code.")
        for (status, count) in values.upstreamStatuses.sorted(by: { $0.key < $1.key }) {
            sample("semcache_upstream_responses_total", [("status", String(status))], Double(count))
        }
        histogram("semcache_lookup_seconds", "Time of a lookup.", [([], values.lookup)])
        histogram(
            "semcache_embed_seconds",
            "Time to embed a question that was not remembered.",
            [([], Histogram(statistics.embedding))]
        )
        histogram("semcache_upstream_seconds", "Time to the head of the upstream's answer.", [([], values.upstream)])
        histogram(
            "semcache_time_to_first_byte_seconds",
            "Time to the first byte of an answer.",
            [([("outcome", "hit")], values.firstByteHit), ([("outcome", "miss")], values.firstByteMiss)]
        )
        histogram("semcache_similarity", "Similarity of the nearest question.", [([], values.similarity)])
        let lookups = statistics.lookups
        begin("semcache_removals_total", "counter", "Answers that left the cache, by cause.")
        for cause in DeletionCause.allCases {
            sample("semcache_removals_total", [("cause", cause.rawValue)], Double(lookups.removals[cause] ?? 0))
        }
        single("semcache_stores_total", "counter", "Answers stored.", Double(lookups.stores))
        single("semcache_aliases_total", "counter", "Of those, new wordings of an answer.", Double(lookups.aliases))
        single(
            "semcache_quota_evictions_total",
            "counter",
            "Answers that a tenant gave up because of its quota.",
            Double(values.quotaEvictions)
        )
        single(
            "semcache_coalesced_total",
            "counter",
            "Requests that took over another's answer.",
            Double(lookups.coalesced)
        )
        begin("semcache_shed_total", "counter", "Requests that the server itself refused, by the limit they met.")
        for cause in ShedCause.allCases {
            sample("semcache_shed_total", [("cause", cause.rawValue)], Double(values.shed[cause] ?? 0))
        }
        single(
            "semcache_upstream_errors_total",
            "counter",
            "Exchanges without an answer.",
            Double(values.upstreamErrors)
        )
        single(
            "semcache_store_failures_total",
            "counter",
            "Answers that could not be stored.",
            Double(values.storeFailures)
        )
        single(
            "semcache_tier_failures_total",
            "counter",
            "Lookups that went on without a tier.",
            Double(lookups.failures)
        )
        single(
            "semcache_drift_alarms_total",
            "counter",
            "Times that a learned policy found its topics changed.",
            Double(lookups.driftAlarms)
        )
        single(
            "semcache_quota_refusals_total",
            "counter",
            "Answers not stored because of a quota.",
            Double(values.quotaRefusals)
        )
        single(
            "semcache_saved_tokens_total",
            "counter",
            "Tokens that served answers had cost.",
            Double(lookups.savedTokens)
        )
        single("semcache_saved_usd_total", "counter", "US dollars that served answers had cost.", lookups.savedCost)
        single(
            "semcache_saved_seconds_total",
            "counter",
            "Seconds the model had taken for served answers.",
            lookups.savedSeconds
        )
        single("semcache_entries", "gauge", "Answers stored.", Double(statistics.store.entries))
        single("semcache_questions", "gauge", "Questions stored.", Double(statistics.store.questions))
        single("semcache_bytes", "gauge", "Bytes stored.", Double(statistics.store.bytes))
        single("semcache_index_bytes", "gauge", "Bytes of the vector indexes.", Double(statistics.indexBytes))
        single("semcache_requests_in_flight", "gauge", "Requests under way.", Double(inFlight))
        single(
            "semcache_exchanges_in_flight",
            "gauge",
            "Exchanges with the upstream that can be joined.",
            Double(exchanges)
        )
    }
}
