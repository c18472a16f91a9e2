import ArgumentParser
import CacheTuning
import Embeddings
import SemanticCaching

/// Plays a labelled stream against policies, and against the engine as configurations make it.
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
            The stream has a question and the name of its answer (text, group), as CSV or JSONL, and may have times (time, \
            in seconds), what the model said (reply) and charged (tokens, or usage), and namespaces. Requests without \
            times are played in a random order. The calibrated policy learns from every miss.
            With --config, --compare or --set the engine itself plays, with tiers, expiry and eviction by the times of \
            the stream; without them and without --policy, both do. Only the files and the flags count, not the environment.
            """
    )

    @Argument(help: "The file.")
    var trace: String

    @Option(
        name: .customLong("policy"),
        help: "exact, threshold, guards, calibrated or vcache; may be repeated. [default: all but vcache]"
    )
    var policies: [Policy] = []

    @Option(name: .long, help: "The similarity that a match must reach, from 0 to 1. [default: 0.9]")
    var threshold: Float?

    @Option(
        name: .long,
        help: ArgumentHelp(
            "The share of wrong answers that the learning policies stay within. [default: 0.01]",
            valueName: "share"
        )
    )
    var maxError: Double?

    @Option(
        name: .long,
        help: ArgumentHelp("Play against the engine as this file of serve makes it.", valueName: "file")
    )
    var config: String?

    @Option(
        name: .long,
        parsing: .upToNextOption,
        help: ArgumentHelp("Play against two or more such files, side by side.", valueName: "file")
    )
    var compare: [String] = []

    @Option(
        name: .customLong("set"),
        help: ArgumentHelp(
            "A setting of the engine, as in defaults.time_to_live=1h (repeatable).",
            valueName: "name=value"
        )
    )
    var assignments: [String] = []

    @Option(
        name: .long,
        help: "given (as in the file), random, or time. [default: time, or random where times are missing]"
    )
    var order: ReplaySchedule.Order?

    @Option(
        name: .long,
        help: ArgumentHelp("Time between requests of a stream without times. [default: 1s]", valueName: "duration")
    )
    var interval: DurationArgument?

    @Option(name: .long, help: ArgumentHelp("Namespace of requests that name none.", valueName: "name"))
    var namespace: String?

    @Option(name: .long, help: ArgumentHelp("Play only so many requests, drawn at random.", valueName: "count"))
    var limit = 5000

    @Option(name: .long, help: "Seed of the order.")
    var seed: UInt64 = 0

    @OptionGroup var embedding: EmbedderOptions
    @OptionGroup var output: OutputOptions

    func validate() throws {
        guard threshold.map({ (0...1).contains($0) }) ?? true else {
            throw ValidationError("--threshold must be from 0 to 1")
        }
        guard maxError.map({ (1e-6...0.5).contains($0) }) ?? true else {
            throw ValidationError("--max-error must be from 0.000001 to 0.5")
        }
        guard (1...20_000).contains(limit) else { throw ValidationError("--limit must be from 1 to 20000") }
    }

    func run() async throws {
        // What is wrong with a configuration is told before the trace is read and embedded.
        let contenders = try contenders
        let source = TuningFile(path: trace)
        let queries = TuningData.sample(try source.queries(), limit, seed: seed)
        guard !queries.isEmpty else { throw source.named(.tooFewRows(found: 0, needed: 1)) }
        let seconds = interval?.duration.inSeconds ?? 1
        let schedule = try source.measured { () throws(TuningError) in
            try ReplaySchedule(queries, order: order, seed: seed, interval: seconds)
        }
        var report = ReplayReport(schedule: schedule, ceiling: Self.ceiling(of: queries))
        var embedders = ReplayEmbedders(texts: queries.map(\.text))
        if !isForEngine {
            let embedder = try await embedders.memo(of: embedding.choice)
            let trace = try await TuningData.trace(of: queries, embedder: embedder)
            let chosen = policies.isEmpty ? [.exact, .threshold, .guards, .calibrated] : policies
            let prior = ShippedPrior.prior(for: embedder.model.id)
            report.policies = chosen.map { ($0.rawValue, play(trace, schedule.rows, $0, prior)) }
        }
        for contender in contenders {
            let replay = try await contender.replay(&embedders)
            Terminal.showProgress("playing \(queries.count.counted("request")) against \(contender.name)")
            defer { Terminal.clearProgress() }
            report.engines.append((contender.name, try await replay.run(queries, schedule: schedule)))
        }
        output.json ? report.printJSON() : report.printText()
    }

    /// Whether the engine is asked for, and it alone.
    private var isForEngine: Bool { config != nil || !compare.isEmpty || !assignments.isEmpty }

    /// What the engine plays as.
    private var contenders: [ReplayContender] {
        get throws {
            guard isForEngine || policies.isEmpty else { return [] }
            guard config == nil || compare.isEmpty else {
                throw UsageError(message: "give --config or --compare, not both")
            }
            guard compare.count != 1 else { throw UsageError(message: "--compare needs two files or more") }
            let files: [String?] = compare.isEmpty ? [config] : compare
            let flags = try flags
            return try files.flatMap { file in
                let base = try ReplayContender(file: file, flags: flags)
                guard isForEngine, !policies.isEmpty else { return [base] }
                return try policies.map { try base.deciding(by: $0, maximumError: maxError ?? Self.standardError) }
            }
        }
    }

    /// The flags that are settings.
    private var flags: [String: SettingsReader.Flag] {
        get throws {
            var flags = try SettingsReader.Flag.assigned(assignments)
            let named = [
                ("defaults.threshold", "--threshold", threshold.map { "\($0)" }),
                ("defaults.maximum_error_rate", "--max-error", maxError.map { "\($0)" }),
                ("default_namespace", "--namespace", namespace), ("embedder.model", "--model", embedding.model),
                ("embedder.url", "--embedding-url", embedding.embeddingURL),
                ("embedder.name", "--embedding-model", embedding.embeddingModel),
                ("embedder.dimension", "--embedding-dimension", embedding.embeddingDimension.map { "\($0)" }),
            ]
            for case (let path, let name, let text?) in named { flags[path] = .init(name: name, text: text) }
            return flags
        }
    }

    private static let standardError = 0.01

    /// The hit rate that nothing can beat: every request but the first of each group.
    private static func ceiling(of queries: [StreamQuery]) -> Double {
        1 - Double(Set(queries.map(\.group)).count) / Double(queries.count)
    }

    private func play(
        _ trace: ReplayTrace,
        _ order: [Int],
        _ policy: Policy,
        _ prior: ShippedPrior?
    ) -> ReplayResult {
        let threshold = threshold ?? NamespaceSettings().threshold
        let maxError = maxError ?? Self.standardError
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
            var policy = CalibratedReplayPolicy(
                settings: settings,
                coldThreshold: threshold,
                seed: seed,
                prior: prior
            )
            return Replayer.run(trace, order: order, policy: &policy)
        case .vcache:
            var policy = VCachePolicy(delta: maxError, seed: seed)
            return Replayer.run(trace, order: order, policy: &policy)
        }
    }
}
