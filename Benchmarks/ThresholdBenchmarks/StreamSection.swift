import CacheTuning
import SemanticCaching

/// Hit rates at given error rates, for every policy on every stream.
struct StreamSection {
    let library: DataLibrary
    let seeds: Int

    static let deltas = [0.003, 0.01, 0.02, 0.05, 0.1]
    private static let errors = [0.01, 0.02, 0.05]

    func write(to report: inout MarkdownReport) async throws {
        report.add("## Streams: hit rate at error ≤ 1 % / 2 % / 5 %")
        report.add(
            """
            "vCache" is the policy of its paper (arXiv 2502.03771), written anew for this table from the paper alone; it is not the
            authors' library.
            """
        )
        for isHeldOut in [true, false] {
            report.add(isHeldOut ? "Held-out half of the groups:" : "Whole sets:")
            var rows: [[String]] = []
            var defaults: [[String]] = []
            var thresholds: [[String]] = []
            for (name, title) in library.measured {
                let trace = try await library.trace(name)
                let half = isHeldOut ? trace.rows(ofHalf: 1) : nil
                rows.append(await frontierRow(title, trace, half, try await library.prior(without: name)))
                guard !isHeldOut else { continue }
                defaults.append(defaultRow(title, trace))
                thresholds.append([title] + Self.errors.map { bestThreshold(trace, error: $0) })
            }
            report.table(
                [
                    "stream", "requests", "ceiling", "static, best threshold in hindsight", "guards + threshold",
                    "vCache", "calibrated", "calibrated, with the prior",
                ],
                rows
            )
            guard !isHeldOut else { continue }
            report.add("Peers' defaults on the whole sets, hit / error / precision of hits:")
            report.table(
                [
                    "stream", "same words", "GPTCache 0.8 (cosine ≥ 0.60)", "LangChain 0.2 (≥ 0.80)",
                    "RedisVL 0.1 (≥ 0.90)", "≥ 0.90 + guards",
                ],
                defaults
            )
            report.add(
                "The single threshold that would have been best, per stream: no one number serves all, so thresholds are per namespace."
            )
            report.table(["stream", "error ≤ 1 %", "≤ 2 %", "≤ 5 %"], thresholds)
        }
    }

    // MARK: - Rows

    private func frontierRow(_ title: String, _ trace: ReplayTrace, _ rows: [Int]?, _ prior: ShippedPrior?) async
        -> [String]
    {
        let orders = (0..<seeds).map { trace.order(seed: $0, of: rows) }
        let thresholds = Array(stride(from: Float(0.58), through: 0.99, by: 0.02))
        typealias Runs = @Sendable ([Int], Int) -> [ReplayResult]
        let policies: [Runs] = [
            { order, _ in thresholds.map { Self.threshold(trace, order, $0) } },
            { order, _ in thresholds.map { Self.guarded(trace, order, $0) } },
            { order, seed in
                [0.01, 0.02, 0.05, 0.1, 0.2, 0.35].map { delta in
                    var policy = VCachePolicy(delta: delta, seed: UInt64(seed))
                    return Replayer.run(trace, order: order, candidateLimit: 1, policy: &policy)
                }
            },
            { Self.calibrated(trace, $0, seed: $1, nil) },
            { Self.calibrated(trace, $0, seed: $1, prior) },
        ]
        let cells = await concurrently(policies) { [seeds] policy in
            let frontiers = orders.enumerated().map { ErrorFrontier(policy($1, $0)) }
            return Self.errors.map { error in
                MarkdownReport.decimal(frontiers.map { $0.hitRate(atError: error) }.reduce(0, +) / Double(seeds))
            }.joined(separator: " / ")
        }
        return [title, "\(orders[0].count)", MarkdownReport.decimal(trace.ceiling(of: orders[0]))] + cells
    }

    private static func calibrated(_ trace: ReplayTrace, _ order: [Int], seed: Int, _ prior: ShippedPrior?)
        -> [ReplayResult]
    {
        deltas.map { delta in
            var policy = CalibratedReplayPolicy(
                settings: CalibrationSettings(maximumErrorRate: delta),
                seed: UInt64(seed),
                prior: prior
            )
            return Replayer.run(trace, order: order, policy: &policy)
        }
    }

    private func defaultRow(_ title: String, _ trace: ReplayTrace) -> [String] {
        let order = trace.order(seed: 0)
        var exact = ExactReplayPolicy()
        let results =
            [Replayer.run(trace, order: order, candidateLimit: 5, policy: &exact)]
            + [Float(0.6), 0.8, 0.9].map { Self.threshold(trace, order, $0) } + [Self.guarded(trace, order, 0.9)]
        return [title]
            + results.map {
                [$0.hitRate, $0.errorRate, $0.precision].map { MarkdownReport.decimal($0) }.joined(separator: " / ")
            }
    }

    private func bestThreshold(_ trace: ReplayTrace, error: Double) -> String {
        let order = trace.order(seed: 0)
        let passing = stride(from: Float(0.6), through: 0.99, by: 0.03).first {
            Self.threshold(trace, order, $0).errorRate <= error
        }
        return passing.map { MarkdownReport.decimal(Double($0), 2) } ?? "> 0.99"
    }

    static func threshold(_ trace: ReplayTrace, _ order: [Int], _ threshold: Float) -> ReplayResult {
        var policy = StaticReplayPolicy(ThresholdPolicy(), threshold: threshold)
        return Replayer.run(trace, order: order, candidateLimit: 1, policy: &policy)
    }

    static func guarded(_ trace: ReplayTrace, _ order: [Int], _ threshold: Float) -> ReplayResult {
        var policy = StaticReplayPolicy(GuardedThresholdPolicy(), threshold: threshold)
        return Replayer.run(trace, order: order, policy: &policy)
    }
}
