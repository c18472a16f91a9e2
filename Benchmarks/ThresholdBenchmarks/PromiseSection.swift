import CacheTuning
import SemanticCaching

/// What a user gets who only sets the error rate, and how often the promise is kept.
struct PromiseSection {
    let library: DataLibrary
    let splits: Int

    private static let deltas = [0.01, 0.02, 0.05]

    func write(to report: inout MarkdownReport) async throws {
        report.add("## The promise: hit and error for a set error rate δ")
        report.add(
            """
            Whole sets, seed 0, with 95 % bootstrap intervals over blocks of 50 requests; the policy knows only δ. Kept: runs with measured
            error ≤ δ, of \(splits) random halves of the groups in random order, counted per request and, with `countsErrorsPerHit`, per hit.
            """
        )
        var rows: [[String]] = []
        for (name, title) in DataLibrary.streams where library.has(name) {
            let trace = try await library.trace(name)
            let halves = (0..<splits).map { trace.rows(ofHalf: 0, seed: UInt64($0) + 1) }
            for delta in Self.deltas {
                let result = run(trace, nil, delta: delta, seed: 0, perHit: false)
                let perRequest = halves.enumerated().map { run(trace, $1, delta: delta, seed: $0, perHit: false) }
                let perHit = halves.enumerated().map { run(trace, $1, delta: delta, seed: $0, perHit: true) }
                let worst = perRequest.map(\.errorRate).max() ?? 0
                rows.append([
                    title, MarkdownReport.decimal(delta, 2), interval(result.outcomes.map { $0 > 0 ? 1 : 0 }, 3),
                    interval(result.outcomes.map { $0 == 2 ? 1 : 0 }, 4),
                    "\(perRequest.count { $0.errorRate <= delta }) / \(splits), worst \(MarkdownReport.decimal(worst, 4))",
                    "\(perHit.count { 1 - $0.precision <= delta }) / \(splits), hit "
                        + MarkdownReport.decimal(perHit.map(\.hitRate).reduce(0, +) / Double(splits)),
                ])
            }
        }
        report.table(["stream", "δ", "hit", "error", "kept per request", "kept per hit"], rows)
        try await writeDrift(to: &report)
    }

    private func run(
        _ trace: ReplayTrace,
        _ rows: [Int]?,
        delta: Double,
        seed: Int,
        perHit: Bool
    ) -> ReplayResult {
        var settings = CalibrationSettings(maximumErrorRate: delta)
        settings.countsErrorsPerHit = perHit
        // Of hits, a promise can be kept from the first fit on only: until then word-for-word equality decides.
        let coldThreshold: Float = perHit ? 1 : 0.95
        var policy = CalibratedReplayPolicy(settings: settings, coldThreshold: coldThreshold, seed: UInt64(seed))
        return Replayer.run(trace, order: trace.order(seed: seed, of: rows), policy: &policy)
    }

    private func interval(_ values: [Double], _ digits: Int) -> String {
        let interval = BootstrapInterval(meanOf: values)
        return MarkdownReport.decimal(interval.estimate, digits) + " [" + MarkdownReport.decimal(interval.lower, digits)
            + ", "
            + MarkdownReport.decimal(interval.upper, digits) + "]"
    }

    /// A stream whose topics change in the middle.
    private func writeDrift(to report: inout MarkdownReport) async throws {
        guard library.has("stream_banking77"), library.has("stream_hwu64_slots") else { return }
        let first = try await library.trace("stream_banking77")
        let second = try await library.trace("stream_hwu64_slots")
        let offset = (first.queries.map(\.group).max() ?? 0) + 1
        let queries = first.queries + second.queries.map { StreamQuery(text: $0.text, group: $0.group + offset) }
        let vectors = EmbeddingTable(
            dimension: first.vectors.dimension,
            values: first.vectors.values + second.vectors.values
        )
        let joined = try ReplayTrace(queries: queries, vectors: vectors)
        let steady = first.order(seed: 0)
        let changing = steady + second.order(seed: 0).map { $0 + first.queries.count }
        var rows: [[String]] = []
        for (title, order) in [("Banking77 alone", steady), ("Banking77, then HWU64 with slots", changing)] {
            var policy = CalibratedReplayPolicy(settings: CalibrationSettings(maximumErrorRate: 0.02), seed: 0)
            let result = Replayer.run(joined, order: order, policy: &policy)
            rows.append([
                title, MarkdownReport.decimal(result.hitRate), MarkdownReport.decimal(result.errorRate, 4),
                "\(policy.learner.drift.alarmCount)",
            ])
        }
        report.add("A stream whose topics change (δ = 2 %):")
        report.table(["stream", "hit", "error", "drift alarms"], rows)
    }
}
