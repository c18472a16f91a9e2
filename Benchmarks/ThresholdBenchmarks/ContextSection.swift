import CacheTuning
import SemanticCaching

/// Conversations of several turns: whether the context may be left out of sight, and what the engine's rule costs.
struct ContextSection {
    let library: DataLibrary
    let seeds: Int

    private static let name = "stream_sgd_multiturn"

    func write(to report: inout MarkdownReport) async throws {
        guard library.has(Self.name) else { return }
        let aware = try await library.trace(Self.name)
        let blind = try ReplayTrace(queries: aware.queries.map { $0.withoutContext }, vectors: aware.vectors)
        let opening = aware.queries.indices.filter { aware.queries[$0].context == "[]" }
        let prior = try await library.prior(without: Self.name)
        report.add("## Conversations")
        report.add(
            """
            Turns of the Schema-Guided Dialogues (\(aware.queries.count), \(opening.count) of them first turns): an answer is right if the state of
            the dialogue and the act are the same. The engine matches a turn in meaning only where everything before it is the same, word for word; peers
            compare the last turn alone. Hit / error, \(seeds) orders; no prior has seen the set. Of a Chinese stream the labelled data has none: the Chinese
            pairs are in the first table, and the default model hardly knows the language.
            """
        )
        var rows: [[String]] = []
        for (title, trace, part) in [
            ("last turn alone", blind, nil), ("same context", aware, nil), ("first turns only", aware, opening),
        ] as [(String, ReplayTrace, [Int]?)] {
            let orders = (0..<seeds).map { trace.order(seed: $0, of: part) }
            func cell(_ run: ([Int], Int) -> ReplayResult) -> String {
                let results = orders.enumerated().map { run($1, $0) }
                return MarkdownReport.decimal(results.map(\.hitRate).reduce(0, +) / Double(seeds)) + " / "
                    + MarkdownReport.decimal(results.map(\.errorRate).reduce(0, +) / Double(seeds), 4)
            }
            rows.append(
                [title, MarkdownReport.decimal(trace.ceiling(of: orders[0]))]
                    + [cell { order, _ in StreamSection.threshold(trace, order, 0.9) }]
                    + [cell { order, _ in StreamSection.guarded(trace, order, 0.9) }]
                    + [0.01, 0.02, 0.05].map { delta in
                        cell { order, seed in
                            var policy = CalibratedReplayPolicy(
                                settings: CalibrationSettings(maximumErrorRate: delta),
                                seed: UInt64(seed),
                                prior: prior
                            )
                            return Replayer.run(trace, order: order, policy: &policy)
                        }
                    }
            )
        }
        report.table(
            ["compared", "ceiling", "≥ 0.90", "≥ 0.90 + guards", "calibrated, δ = 1 %", "2 %", "5 %"],
            rows
        )
    }
}

extension StreamQuery {
    fileprivate var withoutContext: StreamQuery {
        var query = self
        query.context = nil
        return query
    }
}
