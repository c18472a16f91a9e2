import CacheTuning
import StrictJSON

/// What came of a replay, for people and for programs.
struct ReplayReport {
    let schedule: ReplaySchedule
    /// The hit rate that nothing can beat.
    let ceiling: Double
    /// The results of policies over everything stored.
    var policies: [(name: String, result: ReplayResult)] = []
    /// The results of engines, by their configurations.
    var engines: [(name: String, result: EngineReplayResult)] = []

    // MARK: - JSON

    func printJSON() {
        let rows = policies.map { policy, result -> JSONValue in
            [
                "policy": .string(policy), "requests": .integer(result.requestCount),
                "hits": .integer(result.hits), "wrong_hits": .integer(result.wrongHits),
                "needless_misses": .integer(result.needlessMisses), "stored": .integer(result.storedCount),
                "hit_rate": .rounded(result.hitRate), "error_rate": .rounded(result.errorRate),
                "precision": .rounded(result.precision),
            ]
        }
        let result: JSONValue = [
            "command": "replay", "ceiling": .rounded(ceiling), "order": .string(schedule.order.rawValue),
            "has_times": .bool(schedule.hasTimes), "policies": .array(rows),
            "configurations": .array(engines.map { Self.json($0.name, $0.result) }),
        ]
        Terminal.write(result.serializedText)
    }

    private static func json(_ name: String, _ result: EngineReplayResult) -> JSONValue {
        [
            "configuration": .string(name), "requests": .integer(result.requestCount),
            "hits": .integer(result.hits), "exact_hits": .integer(result.exactHits),
            "semantic_hits": .integer(result.semanticHits), "stale_hits": .integer(result.staleHits),
            "wrong_hits": .integer(result.wrongHits), "hit_rate": .rounded(result.hitRate),
            "error_rate": .rounded(result.errorRate), "precision": .rounded(result.precision),
            "tokens": .integer(result.tokens), "saved_tokens": .integer(result.tokensSaved),
            "estimated_token_counts": .integer(result.estimatedTokenCounts), "failures": .integer(result.failures),
            "verified": [
                "confirmed": .integer(result.confirmations), "refused": .integer(result.refusals),
                "deferred": .integer(result.deferrals), "failed": .integer(result.verifierFailures),
            ],
            "entries": .integer(result.entries), "questions": .integer(result.questions),
            "evicted": .integer(result.evictions), "expired": .integer(result.expirations),
            "bytes": .integer(result.bytes),
        ]
    }

    // MARK: - Text

    func printText() {
        if !policies.isEmpty { printPolicies() }
        if !policies.isEmpty, !engines.isEmpty { Terminal.write("\nThe engine itself:\n") }
        if !engines.isEmpty { printEngines() }
    }

    private func printPolicies() {
        var table = TextTable([
            .init(title: "policy"), .init(title: "hits", alignment: .right), .init(title: "wrong", alignment: .right),
            .init(title: "hit rate", alignment: .right), .init(title: "wrong of requests", alignment: .right),
            .init(title: "right of hits", alignment: .right), .init(title: "stored", alignment: .right),
        ])
        for (policy, result) in policies {
            table.add([
                policy, String(result.hits), String(result.wrongHits), Self.percent(result.hitRate),
                Self.percent(result.errorRate), Self.percent(result.precision), String(result.storedCount),
            ])
        }
        for line in table.lines { Terminal.write(line) }
        let count = policies.first?.result.requestCount ?? 0
        Terminal.write("\n\(count.counted("request")); no policy can hit more than \(Self.percent(ceiling))")
    }

    private func printEngines() {
        var table = TextTable([.init(title: "")] + titles.map { .init(title: $0, alignment: .right) })
        let isVerified = engines.contains { $0.result.verifications > 0 }
        for (title, value) in Self.measures + (isVerified ? Self.verifierMeasures : []) {
            table.add([title] + engines.map { value($0.result) })
        }
        for line in table.lines { Terminal.write(line) }
        let count = engines.first?.result.requestCount ?? 0
        Terminal.write(
            "\n\(count.counted("request")), \(orderText); no configuration can answer more than \(Self.percent(ceiling)) rightly"
        )
        let estimated = engines.first?.result.estimatedTokenCounts ?? 0
        if estimated > 0 {
            Terminal.write(
                "tokens of \(estimated.counted("request")) are estimated from what the trace has of their texts"
            )
        }
        let failures = engines.map(\.result.failures).max() ?? 0
        if failures > 0 {
            Terminal.write("\(failures.counted("request")) could not be embedded and went by their words")
        }
    }

    /// The names of the configurations: files without their folders, where that tells them apart.
    private var titles: [String] {
        let short = engines.map { engine in engine.name.split(separator: "/").last.map(String.init) ?? engine.name }
        return Set(short).count == short.count ? short : engines.map(\.name)
    }

    private static let measures: [(String, @Sendable (EngineReplayResult) -> String)] = [
        ("hits", { String($0.hits) }),
        ("  word for word", { String($0.exactHits) }),
        ("  in meaning", { String($0.semanticHits) }),
        ("  stale", { String($0.staleHits) }),
        ("wrong answers", { String($0.wrongHits) }),
        ("hit rate", { percent($0.hitRate) }),
        ("wrong of requests", { percent($0.errorRate) }),
        ("right of hits", { percent($0.precision) }),
        ("tokens saved", { "\($0.tokensSaved) of \($0.tokens)" }),
        ("answers at the end", { String($0.entries) }),
        ("  driven out by limits", { String($0.evictions) }),
        ("  expired", { String($0.expirations) }),
        ("memory", { $0.bytes.byteText }),
    ]

    private static let verifierMeasures: [(String, @Sendable (EngineReplayResult) -> String)] = [
        ("verifier asked", { String($0.verifications) }),
        ("  agreed", { String($0.confirmations) }),
        ("  refused", { String($0.refusals) }),
        ("  asked afterwards", { String($0.deferrals) }),
        ("  failed", { String($0.verifierFailures) }),
    ]

    private var orderText: String {
        let order =
            switch schedule.order {
            case .given: "in the order of the file"
            case .random: "in a random order"
            case .time: "in the order of their times"
            }
        return schedule.hasTimes || schedule.arrivals.count < 2
            ? order : "\(order), one every \(Duration.seconds(schedule.arrivals[1]).shortText) for want of times"
    }

    private static func percent(_ share: Double) -> String { "\((share * 100).formatted(decimals: 2)) %" }
}
