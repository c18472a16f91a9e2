internal import SemanticCaching

extension PrometheusText {
    /// All metrics of the server and its cache.
    init(_ values: ServerMetrics.Values, _ statistics: CacheStatistics, inFlight: Int, exchanges: Int) {
        addRequests(values)
        addTimes(values, statistics)
        addAnswers(values, statistics.lookups)
        addFailures(values, statistics.lookups)
        addSavings(statistics.lookups)
        addSizes(statistics)
        single("semcache_requests_in_flight", "gauge", "Requests under way.", Double(inFlight))
        single(
            "semcache_exchanges_in_flight",
            "gauge",
            "Exchanges with the upstream that can be joined.",
            Double(exchanges)
        )
    }

    private mutating func addRequests(_ values: ServerMetrics.Values) {
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
    }

    private mutating func addTimes(_ values: ServerMetrics.Values, _ statistics: CacheStatistics) {
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
    }

    private mutating func addAnswers(_ values: ServerMetrics.Values, _ lookups: LookupStatistics) {
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
    }

    private mutating func addFailures(_ values: ServerMetrics.Values, _ lookups: LookupStatistics) {
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
            "semcache_access_log_dropped_total",
            "counter",
            "Lines of the access log that its reader was too slow for.",
            Double(values.droppedLines)
        )
    }

    private mutating func addSavings(_ lookups: LookupStatistics) {
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
    }

    private mutating func addSizes(_ statistics: CacheStatistics) {
        single("semcache_entries", "gauge", "Answers stored.", Double(statistics.store.entries))
        single("semcache_questions", "gauge", "Questions stored.", Double(statistics.store.questions))
        single("semcache_bytes", "gauge", "Bytes stored.", Double(statistics.store.bytes))
        single("semcache_index_bytes", "gauge", "Bytes of the vector indexes.", Double(statistics.indexBytes))
    }
}
