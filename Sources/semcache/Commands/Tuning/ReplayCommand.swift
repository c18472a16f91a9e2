import ArgumentParser
import CacheTuning
import SemanticCaching
import StrictJSON

/// Plays a labelled stream against policies.
struct ReplayCommand: AsyncParsableCommand {
    /// What decides.
    enum Policy: String, ExpressibleByArgument, CaseIterable {
        case exact
        case threshold
        case guards
        case calibrated
        case vcache
    }

    static let configuration = CommandConfiguration(
        commandName: "replay",
        abstract: "Play a labelled stream of requests against policies; count hits and wrong answers.",
        discussion: """
            The stream has a question and the name of its answer (text, group), as CSV or JSONL, and may have times. \
            Requests without times are played in a random order. The calibrated policy learns from every miss.
            """
    )

    @Argument(help: "The file.")
    var trace: String

    @Option(
        name: .customLong("policy"),
        help: "exact, threshold, guards, calibrated or vcache; may be repeated. [default: all but vcache]"
    )
    var policies: [Policy] = []

    @Option(name: .long, help: "The similarity that a match must reach, from 0 to 1.")
    var threshold = NamespaceSettings().threshold

    @Option(name: .long, help: "The share of wrong answers that the learning policies stay within.")
    var maxError = 0.01

    @Option(name: .long, help: ArgumentHelp("Play only so many requests, drawn at random.", valueName: "count"))
    var limit = 5000

    @Option(name: .long, help: "Seed of the order.")
    var seed: UInt64 = 0

    @OptionGroup var embedding: EmbedderOptions
    @OptionGroup var output: OutputOptions

    func validate() throws {
        guard (0...1).contains(threshold) else { throw ValidationError("--threshold must be from 0 to 1") }
        guard (1e-6...0.5).contains(maxError) else {
            throw ValidationError("--max-error must be from 0.000001 to 0.5")
        }
        guard (1...20_000).contains(limit) else { throw ValidationError("--limit must be from 1 to 20000") }
    }

    func run() async throws {
        let queries = TuningData.sample(try StreamReader.queries(ofFile: trace), limit, seed: seed)
        guard !queries.isEmpty else { throw TuningError.tooFewRows(found: 0, needed: 1) }
        let trace = try await TuningData.trace(of: queries, embedder: embedding.makeEmbedder())
        let order = TuningData.order(of: queries, seed: seed)
        let chosen = policies.isEmpty ? [.exact, .threshold, .guards, .calibrated] : policies
        let results = chosen.map { ($0, play(trace, order, $0)) }
        output.json
            ? printJSON(results, ceiling: trace.ceiling(of: order))
            : printTable(results, ceiling: trace.ceiling(of: order))
    }

    private func play(_ trace: ReplayTrace, _ order: [Int], _ policy: Policy) -> ReplayResult {
        switch policy {
        case .exact:
            var policy = ExactReplayPolicy()
            return Replayer.run(trace, order: order, policy: &policy)
        case .threshold:
            var policy = StaticReplayPolicy(ThresholdPolicy(), threshold: threshold)
            return Replayer.run(trace, order: order, candidateLimit: 1, policy: &policy)
        case .guards:
            var policy = StaticReplayPolicy(GuardedThresholdPolicy(), threshold: threshold)
            return Replayer.run(trace, order: order, policy: &policy)
        case .calibrated:
            let settings = CalibrationSettings(maximumErrorRate: maxError)
            var policy = CalibratedReplayPolicy(settings: settings, coldThreshold: threshold, seed: seed)
            return Replayer.run(trace, order: order, policy: &policy)
        case .vcache:
            var policy = VCachePolicy(delta: maxError, seed: seed)
            return Replayer.run(trace, order: order, policy: &policy)
        }
    }

    private func printJSON(_ results: [(Policy, ReplayResult)], ceiling: Double) {
        let rows = results.map { policy, result -> JSONValue in
            [
                "policy": .string(policy.rawValue), "requests": .integer(result.requestCount),
                "hits": .integer(result.hits), "wrong_hits": .integer(result.wrongHits),
                "needless_misses": .integer(result.needlessMisses), "stored": .integer(result.storedCount),
                "hit_rate": .rounded(result.hitRate), "error_rate": .rounded(result.errorRate),
                "precision": .rounded(result.precision),
            ]
        }
        let result: JSONValue = [
            "command": "replay", "ceiling": .rounded(ceiling), "policies": .array(rows),
        ]
        Terminal.write(result.serializedText)
    }

    private func printTable(_ results: [(Policy, ReplayResult)], ceiling: Double) {
        func percent(_ share: Double) -> String { "\((share * 100).formatted(decimals: 2)) %" }
        var table = TextTable([
            .init(title: "policy"), .init(title: "hits", alignment: .right), .init(title: "wrong", alignment: .right),
            .init(title: "hit rate", alignment: .right), .init(title: "wrong of requests", alignment: .right),
            .init(title: "right of hits", alignment: .right), .init(title: "stored", alignment: .right),
        ])
        for (policy, result) in results {
            table.add([
                policy.rawValue, String(result.hits), String(result.wrongHits), percent(result.hitRate),
                percent(result.errorRate), percent(result.precision), String(result.storedCount),
            ])
        }
        for line in table.lines { Terminal.write(line) }
        let count = results.first?.1.requestCount ?? 0
        Terminal.write("\n\(count.counted("request")); no policy can hit more than \(percent(ceiling))")
    }
}
