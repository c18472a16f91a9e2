internal import SemanticCaching
internal import StrictJSON

/// The engine's values as the admin API shows them.
enum AdminJSON {
    static func statistics(_ statistics: LookupStatistics) -> JSONObject {
        [
            "exact_hits": .integer(statistics.exactHits), "store_hits": .integer(statistics.storeHits),
            "shared_hits": .integer(statistics.sharedHits), "semantic_hits": .integer(statistics.semanticHits),
            "coalesced": .integer(statistics.coalesced), "stale": .integer(statistics.stale),
            "misses": .integer(statistics.misses), "bypasses": .integer(statistics.bypasses),
            "stores": .integer(statistics.stores), "aliases": .integer(statistics.aliases),
            "failures": .integer(statistics.failures), "drift_alarms": .integer(statistics.driftAlarms),
            "hit_rate": .double(statistics.hitRate),
            "saved_tokens": .integer(statistics.savedTokens), "saved_usd": .double(statistics.savedCost),
            "saved_seconds": .double(statistics.savedSeconds),
        ]
    }

    static func entry(_ entry: CacheEntry, questions: [CachedQuestion]) -> JSONObject {
        [
            "id": .string("\(entry.id)"), "tenant": .string(entry.namespace.tenant),
            "namespace": .string(entry.namespace.name), "model": .string(entry.model),
            "questions": .array(questions.map { .string($0.text) }), "answer": .string(entry.reply.text),
            "finish_reason": .string(entry.reply.finishReason.rawValue),
            "tags": .array(entry.tags.map(JSONValue.string)), "created_at": .string(entry.createdAt.iso8601),
            "expires_at": entry.expiresAt.map { .string($0.iso8601) } ?? .null,
            "bytes": .integer(entry.byteCount(with: questions)),
            "cost_usd": entry.cost.map(JSONValue.double) ?? .null,
            "latency_seconds": entry.upstreamLatency.map { .double($0.inSeconds) } ?? .null,
        ]
    }

    static func verdict(_ verdict: Verdict) -> JSONObject {
        [
            "outcome": .string(verdict.outcome.rawValue), "reason": .string(verdict.reason.rawValue),
            "tier": verdict.tier.map { .string($0.rawValue) } ?? .null,
            "entry": verdict.entry.map { .string("\($0)") } ?? .null,
            "similarity": number(verdict.similarity), "threshold": number(verdict.threshold),
            "probability": verdict.probability.map(JSONValue.double) ?? .null,
            "age_seconds": verdict.age.map { .double($0.inSeconds) } ?? .null,
            "answer": verdict.reply.map { .string($0.text) } ?? .null,
            "nearest": .array(verdict.nearest.map { .object(nearest($0)) }),
        ]
    }

    static func nearest(_ nearest: Verdict.Nearest) -> JSONObject {
        [
            "entry": .string("\(nearest.entry)"), "question": .string(nearest.question),
            "similarity": number(nearest.similarity),
        ]
    }

    static func settings(_ settings: NamespaceSettings) -> JSONObject {
        [
            "threshold": number(settings.threshold), "matches_meaning": .bool(settings.matchesMeaning),
            "time_to_live_seconds": settings.timeToLive.map { .double($0.inSeconds) } ?? .null,
            "idle_timeout_seconds": settings.idleTimeout.map { .double($0.inSeconds) } ?? .null,
            "stale_while_revalidate_seconds": .double(settings.staleWhileRevalidate.inSeconds),
            "stale_if_error_seconds": .double(settings.staleIfError.inSeconds),
            "maximum_entries": .integer(settings.maximumEntries), "maximum_bytes": .integer(settings.maximumBytes),
            "maximum_temperature": .double(settings.maximumTemperature),
            "deterministic_only": .bool(settings.deterministicOnly),
            "stores_tool_calls": .bool(settings.storesToolCalls),
            "maximum_reply_bytes": .integer(settings.maximumReplyBytes), "is_shadow": .bool(settings.isShadow),
            "maximum_error_rate": settings.maximumErrorRate.map(JSONValue.double) ?? .null,
            "judge_rate": .double(settings.judgeRate),
        ]
    }

    static func shed(_ counts: [ShedCause: Int]) -> JSONObject {
        var object = JSONObject()
        for cause in ShedCause.allCases { object[cause.rawValue] = .integer(counts[cause] ?? 0) }
        return object
    }

    static func time(_ time: Timestamp) -> JSONValue { .integer(Int(time.milliseconds)) }

    /// A similarity with the digits that it has: a float32 shown as a double would pretend to more.
    static func number(_ value: Float?) -> JSONValue {
        value.flatMap { JSONNumber("\($0)") }.map { .number($0) } ?? .null
    }
}
