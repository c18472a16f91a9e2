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
            Whole sets, seed 0, with 95 % bootstrap intervals over blocks of 50 requests; the policy knows only δ, and begins with the prior of
            other streams. Kept: runs with measured error ≤ δ, of \(splits) random halves of the groups in random order, counted per
            request, with the prior and without, and, with `countsErrorsPerHit`, per hit.
            """
        )
        var rows: [[String]] = []
        for (name, title) in library.measured {
            let trace = try await library.trace(name)
            let halves = (0..<splits).map { trace.rows(ofHalf: 0, seed: UInt64($0) + 1) }
            let prior = try await library.prior(without: name)
            for delta in Self.deltas {
                let result = run(trace, nil, delta: delta, seed: 0, perHit: false, prior)
                let perRequest = halves.enumerated().map {
                    run(trace, $1, delta: delta, seed: $0, perHit: false, prior)
                }
                let plain = halves.enumerated().map { run(trace, $1, delta: delta, seed: $0, perHit: false, nil) }
                let perHit = halves.enumerated().map { run(trace, $1, delta: delta, seed: $0, perHit: true, prior) }
                rows.append([
                    title, MarkdownReport.decimal(delta, 2), interval(result.outcomes.map { $0 > 0 ? 1 : 0 }, 3),
                    interval(result.outcomes.map { $0 == 2 ? 1 : 0 }, 4),
                    kept(perRequest, delta, \.errorRate), kept(plain, delta, \.errorRate),
                    kept(perHit, delta) { 1 - $0.precision },
                ])
            }
        }
        report.table(
            ["stream", "δ", "hit", "error", "kept per request", "the same without prior", "kept per hit"],
            rows
        )
        try await writeNoise(to: &report)
        try await writeDrift(to: &report)
    }

    private func run(
        _ trace: ReplayTrace,
        _ rows: [Int]?,
        delta: Double,
        seed: Int,
        perHit: Bool,
        _ prior: ShippedPrior?
    ) -> ReplayResult {
        var settings = CalibrationSettings(maximumErrorRate: delta)
        settings.countsErrorsPerHit = perHit
        var policy = CalibratedReplayPolicy(settings: settings, seed: UInt64(seed), prior: prior)
        return Replayer.run(trace, order: trace.order(seed: seed, of: rows), policy: &policy)
    }

    private func kept(_ runs: [ReplayResult], _ delta: Double, _ error: (ReplayResult) -> Double) -> String {
        let errors = runs.map(error)
        let hit = runs.map(\.hitRate).reduce(0, +) / Double(runs.count)
        return
            "\(errors.count { $0 <= delta }) / \(runs.count), worst \(MarkdownReport.decimal(errors.max() ?? 0, 4)), hit "
            + MarkdownReport.decimal(hit)
    }

    /// How much of the error is in the labels: no policy can tell apart what has the same words.
    private func writeNoise(to report: inout MarkdownReport) async throws {
        var rows: [[String]] = []
        for (name, title) in library.measured {
            let trace = try await library.trace(name)
            let (pairs, _) = try trace.neighbourPairs()
            let twins = pairs.filter { pair in
                let (first, second) = (AnalyzedText(pair.first), AnalyzedText(pair.second))
                return first.hasSameContent(as: second)
                    && PairGuards.flags(asked: first, stored: second).conflicts.isEmpty
            }
            let differing = twins.filter { !$0.isMatch }
            let example = differing.min { $0.first.count < $1.first.count }
            rows.append([
                title, "\(twins.count)", "\(differing.count)",
                MarkdownReport.decimal(Double(differing.count) / Double(max(1, twins.count))),
                example.map { "\"\($0.first)\" / \"\($0.second)\"" } ?? "",
            ])
        }
        report.add(
            """
            The floor: requests whose nearest earlier question has the same content words and no conflict that a guard sees, and how many of those are
            labelled as another answer. Mostly the labels differ and not the questions; a promise below that share of hits cannot be kept by what
            is read in the words.
            """
        )
        report.table(["stream", "such neighbours", "labelled otherwise", "share", "for example"], rows)
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
            let prior = try await library.prior(without: "stream_banking77")
            var policy = CalibratedReplayPolicy(
                settings: CalibrationSettings(maximumErrorRate: 0.02),
                seed: 0,
                prior: prior
            )
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
