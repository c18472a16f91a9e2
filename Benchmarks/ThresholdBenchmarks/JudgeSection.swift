import CacheTuning
import SemanticCaching

/// How much depends on the judge.
struct JudgeSection {
    let library: DataLibrary
    let seeds: Int

    func write(to report: inout MarkdownReport) async throws {
        report.add("## The judge: what it sees, and how often it errs")
        report.add(
            """
            The judge is the label; "a / b noise" turns a share a of right answers into "wrong" and b of wrong ones into "right". With
            "repeats" a twentieth of the judgements is made three times, from which the policy learns how often the judge errs. Whole
            sets, from the prior of other streams; hit at error ≤ 1 % / 2 % / 5 %, and hit, error at δ = 2 %.
            """
        )
        typealias Judge = CalibratedReplayPolicy.Judge
        let judges: [(String, Judge)] = [
            ("every miss", Judge()), ("half of the misses", Judge(rate: 0.5)), ("a fifth", Judge(rate: 0.2)),
            ("5 % / 2 % noise", Judge(falseWrong: 0.05, falseRight: 0.02)),
            ("5 % / 2 % noise, repeats", Judge(falseWrong: 0.05, falseRight: 0.02, repeatShare: 0.05)),
            ("10 % / 5 % noise", Judge(falseWrong: 0.1, falseRight: 0.05)),
            ("10 % / 5 % noise, repeats", Judge(falseWrong: 0.1, falseRight: 0.05, repeatShare: 0.05)),
        ]
        var rows: [[String]] = judges.map { [$0.0] }
        var header = ["judge"]
        for (name, title) in library.measured {
            let trace = try await library.trace(name)
            let prior = try await library.prior(without: name)
            header += [title, "at δ = 2 %"]
            for (index, judge) in judges.enumerated() {
                let runs = await concurrently(Array(0..<seeds)) { seed in
                    StreamSection.deltas.map { Self.run(trace, $0, judge.1, seed, prior) }
                }
                let frontier = [0.01, 0.02, 0.05].map { error in
                    let hits = runs.map { ErrorFrontier($0).hitRate(atError: error) }
                    return MarkdownReport.decimal(hits.reduce(0, +) / Double(seeds))
                }
                let promised = runs.map { $0[2] }
                rows[index].append(frontier.joined(separator: " / "))
                rows[index].append(
                    MarkdownReport.decimal(promised.map(\.hitRate).reduce(0, +) / Double(seeds)) + ", "
                        + MarkdownReport.decimal(promised.map(\.errorRate).reduce(0, +) / Double(seeds), 4)
                )
            }
        }
        report.table(header, rows)
    }

    private static func run(
        _ trace: ReplayTrace,
        _ delta: Double,
        _ judge: CalibratedReplayPolicy.Judge,
        _ seed: Int,
        _ prior: ShippedPrior?
    ) -> ReplayResult {
        var policy = CalibratedReplayPolicy(
            settings: CalibrationSettings(maximumErrorRate: delta),
            judge: judge,
            seed: UInt64(seed),
            prior: prior
        )
        return Replayer.run(trace, order: trace.order(seed: seed), policy: &policy)
    }
}
