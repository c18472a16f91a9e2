import BenchmarkSupport
import CacheTuning
import SemanticCaching

/// What a decision costs, in processor time.
struct CostSection {
    let library: DataLibrary

    func write(to report: inout MarkdownReport) async throws {
        guard let (name, title) = DataLibrary.streams.first(where: { library.has($0.0) }) else { return }
        let trace = try await library.trace(name)
        _ = AnalyzedText("warm up: 10 km in 2 hours, not 3")
        let texts = trace.queries.map(\.text)
        let analysis = Self.microseconds { for text in texts { _ = AnalyzedText(text) } } / Double(texts.count)
        let candidates = (0..<5).map { index in
            HitCandidate(
                questionID: UInt64(index),
                entry: EntryID(high: 0, low: UInt64(index)),
                text: trace.texts[index],
                similarity: 0.95
            )
        }
        let context = DecisionContext(namespace: NamespaceID(), threshold: 0.9)
        var learned = CalibratedReplayPolicy(settings: CalibrationSettings(maximumErrorRate: 0.02))
        _ = Replayer.run(trace, order: trace.order(seed: 0), policy: &learned)
        let policy = learned.learner.policy
        let guarded = GuardedThresholdPolicy()
        let guardCost = Self.percentiles(
            trace.texts.map { text in
                Self.microseconds { _ = guarded.decide(text, among: candidates, context: context) }
            }
        )
        let learnedCost = Self.percentiles(
            trace.texts.map { text in
                Self.microseconds { _ = policy.decide(text, among: candidates, context: context) }
            }
        )
        let problem = learned.learner.problem
        let fitCost = Self.microseconds { _ = problem.fitted() } / 1000
        report.add("## Cost")
        report.add(
            "Processor time on one core, questions of \(title); a decision sees five candidates, whose texts were analysed when stored."
        )
        report.table(
            ["step", "median", "99 %"],
            [
                ["analysis of a question", MarkdownReport.decimal(analysis, 1) + " µs (mean)", ""],
                ["threshold and guards, five candidates", guardCost.0 + " µs", guardCost.1 + " µs"],
                ["calibrated policy, five candidates", learnedCost.0 + " µs", learnedCost.1 + " µs"],
                ["fit, off the path", MarkdownReport.decimal(fitCost, 1) + " ms", ""],
            ]
        )
    }

    private static func microseconds(_ body: () -> Void) -> Double { 1e6 * BenchmarkClock.thread.seconds(body) }

    private static func percentiles(_ values: [Double]) -> (String, String) {
        let quantiles = values.quantiles([0.5, 0.99])
        return (MarkdownReport.decimal(quantiles[0], 1), MarkdownReport.decimal(quantiles[1], 1))
    }
}
