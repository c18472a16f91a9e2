internal import HTTPTypes
internal import Hummingbird
internal import SemanticCaching
internal import StrictJSON

extension AdminResponder {
    func readiness(_ request: AdminRequest) async throws -> Response {
        do {
            _ = try await cache.store.usage()
            return .json(["status": "ready"])
        } catch {
            // Requests still pass to the upstream; but an operator must see that nothing is cached.
            return .json(["status": "degraded", "reason": "store-unavailable"], status: .serviceUnavailable)
        }
    }

    func prometheus(_ request: AdminRequest) async throws -> Response {
        var text = PrometheusText(
            metrics.values,
            await cache.statistics(),
            inFlight: proxy.gate.count,
            exchanges: proxy.exchanges.count
        )
        if let shared = cache.sharedTierStatistics { text.add(shared) }
        return .bytes(Array(text.text.utf8), type: "text/plain; version=0.0.4; charset=utf-8")
    }

    func statistics(_ request: AdminRequest) async throws -> Response {
        let statistics = await cache.statistics()
        let values = metrics.values
        func quantiles(_ histogram: Histogram) -> JSONValue {
            let shares: [(String, Double)] = [("p50", 0.5), ("p90", 0.9), ("p99", 0.99)]
            var object = JSONObject()
            for (name, share) in shares { object[name] = histogram.quantile(share).map(JSONValue.double) ?? .null }
            return .object(object)
        }
        return .json([
            "lookups": .object(AdminJSON.statistics(statistics.lookups)),
            "store": [
                "entries": .integer(statistics.store.entries), "questions": .integer(statistics.store.questions),
                "bytes": .integer(statistics.store.bytes),
            ],
            "index": [
                "questions": .integer(statistics.indexedQuestions), "partitions": .integer(statistics.partitions),
                "bytes": .integer(statistics.indexBytes),
            ],
            "first_byte_seconds": ["hit": quantiles(values.firstByteHit), "miss": quantiles(values.firstByteMiss)],
            "lookup_seconds": quantiles(values.lookup),
            "similarity": [
                "bounds": .array(values.similarity.bounds.map(JSONValue.double)),
                "counts": .array(values.similarity.counts.map { .integer($0) }),
            ],
            "threshold": AdminJSON.number(
                cache.configuration.settings(for: NamespaceID(name: configuration.defaultNamespace)).threshold
            ),
            "requests_in_flight": .integer(proxy.gate.count),
            "exchange_followers": .integer(proxy.exchanges.followerCount), "shed": .object(AdminJSON.shed(values.shed)),
            "upstream_errors": .integer(values.upstreamErrors), "store_failures": .integer(values.storeFailures),
            "shared_tier": AdminJSON.sharedTier(cache.sharedTierStatistics),
        ])
    }

    func history(_ request: AdminRequest) async throws -> Response {
        .json([
            "samples": .array(
                metrics.values.history.map { sample in
                    var object = AdminJSON.statistics(sample.lookups)
                    object["time"] = AdminJSON.time(sample.time)
                    return .object(object)
                }
            )
        ])
    }

    func nearMisses(_ request: AdminRequest) async throws -> Response {
        let limit = try request.query("limit", default: LookupRecorder.capacity, in: 1...LookupRecorder.capacity)
        return .json([
            "near_misses": .array(
                recorder.recent.prefix(limit).map { miss in
                    [
                        "time": AdminJSON.time(miss.time), "tenant": .string(miss.namespace.tenant),
                        "namespace": .string(miss.namespace.name), "question": .string(miss.question),
                        "nearest": .object(AdminJSON.nearest(miss.nearest)),
                        "threshold": AdminJSON.number(miss.threshold), "reason": .string(miss.reason.rawValue),
                    ]
                }
            )
        ])
    }
}
