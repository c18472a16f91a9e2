import CacheTuning
import SemanticCaching

/// What a user gets who only sets the error rate, and how often the promise is kept.
struct PromiseSection {
    let library: DataLibrary
    let splits: Int

    private static let deltas = [0.01, 0.02, 0.05]
    /// The constants that were chosen by looking at results, around what they are.
    private static let pulls = [600.0, 1200, 2400]
    private static let margins = [2.0, 3, 4]

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
        var sensitivity: [[String]] = []
        for (name, title) in library.measured {
            let trace = try await library.trace(name)
            let halves = (0..<splits).map { trace.rows(ofHalf: 0, seed: UInt64($0) + 1) }
            let prior = try await library.prior(without: name)
            for delta in Self.deltas {
                let result = Promise(delta: delta, prior: prior).run(trace, nil, seed: 0)
                let promises =
                    [Promise(delta: delta)]
                    + Self.pulls.map { Promise(delta: delta, prior: prior, labelsWithAnchor: $0) }
                    + Self.margins.map { Promise(delta: delta, isPerHit: true, hitMarginFactor: $0) }
                let runs = await concurrently(promises) { promise in
                    halves.enumerated().map { promise.run(trace, $1, seed: $0) }
                }
                let (plain, pulled, perHit) = (runs[0], Array(runs[1...3]), Array(runs[4...6]))
                rows.append([
                    title, MarkdownReport.decimal(delta, 2), interval(result.outcomes.map { $0 > 0 ? 1 : 0 }, 3),
                    interval(result.outcomes.map { $0 == 2 ? 1 : 0 }, 4),
                    kept(pulled[1], delta, \.errorRate), kept(plain, delta, \.errorRate),
                    kept(perHit[1], delta) { 1 - $0.precision },
                ])
                sensitivity.append(
                    [title, MarkdownReport.decimal(delta, 2)] + pulled.map { brief($0, delta, \.errorRate) }
                        + perHit.map { runs in brief(runs, delta) { 1 - $0.precision } }
                )
            }
        }
        report.table(
            ["stream", "δ", "hit", "error", "kept per request", "the same without prior", "kept per hit"],
            rows
        )
        writeSensitivity(sensitivity, to: &report)
        try await writeNoise(to: &report)
        try await writeDrift(to: &report)
    }

    /// What is promised, and how the policy is set up to keep it.
    private struct Promise: Sendable {
        let delta: Double
        var prior: ShippedPrior?
        var isPerHit = false
        var labelsWithAnchor: Double?
        var hitMarginFactor: Double?

        func run(_ trace: ReplayTrace, _ rows: [Int]?, seed: Int) -> ReplayResult {
            var settings = CalibrationSettings(maximumErrorRate: delta)
            settings.countsErrorsPerHit = isPerHit
            if let labelsWithAnchor { settings.labelsWithAnchor = labelsWithAnchor }
            if let hitMarginFactor { settings.hitMarginFactor = hitMarginFactor }
            var policy = CalibratedReplayPolicy(settings: settings, seed: UInt64(seed), prior: prior)
            return Replayer.run(trace, order: trace.order(seed: seed, of: rows), policy: &policy)
        }
    }

    /// The two constants that were chosen by looking at results, beside half and double, or one less and one more.
    private func writeSensitivity(_ rows: [[String]], to report: inout MarkdownReport) {
        report.add(
            """
            Sensitivity. Two constants were chosen by looking at such splits: the labels with which the pull towards the prior ends (1,200, on
            Quora's splits; it concerns rates of requests), and the standard errors in the margin of a rate of hits (3, on HWU64's splits). So Quora is no held-out set
            for the first, nor HWU64 for the second; the others are. Runs kept and mean hit rate with other values:
            """
        )
        report.table(
            ["stream", "δ"] + Self.pulls.map { "\(Int($0)) labels" }
                + Self.margins.map { "\(Int($0)) standard errors, per hit" },
            rows
        )
    }

    private func brief(_ runs: [ReplayResult], _ delta: Double, _ error: (ReplayResult) -> Double) -> String {
        let hit = runs.map(\.hitRate).reduce(0, +) / Double(runs.count)
        return "\(runs.count { error($0) <= delta }), \(MarkdownReport.decimal(hit))"
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
