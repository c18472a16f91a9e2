import ArgumentParser
import CacheTuning
import Embeddings
import SQLiteStorage
import SemanticCaching

/// Recommends a threshold from labelled data.
struct TuneCommand: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "tune",
        abstract: "Recommend a threshold from labelled pairs or a labelled stream of requests.",
        discussion: """
            Pairs have two questions and a label (a, b, label, and the spellings of other caches); a request log has \
            question, stored and verdict (good or bad); streams have a question and the name of its answer (text, group); \
            all as CSV or JSONL. Settings are chosen on one half of the data and measured on the other.
            """
    )

    @Argument(help: "The file.")
    var file: String

    @Option(name: .long, help: "The share of wrong answers to stay within: of hits for pairs, of requests for streams.")
    var maxError = 0.01

    @Option(name: .long, help: ArgumentHelp("Use only so many rows, drawn at random.", valueName: "count"))
    var limit = 5000

    @Option(name: .long, help: "Seed of the split.")
    var seed: UInt64 = 0

    @Option(name: .long, help: ArgumentHelp("Write a report as one HTML page.", valueName: "file"))
    var html: String?

    @Flag(name: .long, help: "Keep what is recommended beside the cache of --data, for --namespace.")
    var apply = false

    @Option(name: .long, help: ArgumentHelp("The namespace of --apply.", valueName: "name"))
    var namespace = "default"

    @Option(name: .long, help: ArgumentHelp("Owner of that namespace. [default: none]", valueName: "name"))
    var tenant = ""

    @OptionGroup var data: StoreOptions

    @OptionGroup var embedding: EmbedderOptions
    @OptionGroup var output: OutputOptions

    func validate() throws {
        guard (1e-6...0.5).contains(maxError) else {
            throw ValidationError("--max-error must be from 0.000001 to 0.5")
        }
        guard (1...20_000).contains(limit) else { throw ValidationError("--limit must be from 1 to 20000") }
    }

    private var source: TuningFile { TuningFile(path: file) }

    func run() async throws {
        // Told before the file is read and embedded, which may take minutes.
        if apply { _ = try data.folder }
        if let pairs = try source.pairs() {
            return try await tune(TuningData.sample(pairs, limit, seed: seed))
        }
        let queries = TuningData.sample(try source.queries(), limit, seed: seed)
        let embedder = try embedding.makeEmbedder()
        let trace = try await TuningData.trace(of: queries, embedder: embedder)
        let prior = ShippedPrior.prior(for: embedder.model.id)
        let tuning = try source.measured { () throws(TuningError) in
            try StreamTuning(trace, maximumError: maxError, seed: seed, prior: prior)
        }
        try write(HTMLReport.page(title: file, tuning: tuning))
        let report = StreamTuningReport(tuning: tuning)
        output.json ? report.printJSON() : report.printText()
        try await keep(
            threshold: tuning.levels.last?.threshold,
            maximumErrorRate: tuning.recommendsCalibration ? maxError : nil,
            model: embedder.model
        )
    }

    private func write(_ page: @autoclosure () -> String) throws {
        guard let html else { return }
        let file = try OutputFile(path: html)
        try file.write(Array(page().utf8))
        try file.finish()
    }

    /// Keeps what was found beside the cache, if that was asked for.
    private func keep(threshold: Float?, maximumErrorRate: Double?, model: EmbeddingModel) async throws {
        guard apply else { return }
        guard threshold != nil || maximumErrorRate != nil else {
            return Terminal.writeError("semcache: nothing to apply: no threshold is sure enough on this data")
        }
        let id = NamespaceID(tenant: tenant, name: namespace)
        let settings = TunedSettings(
            threshold: threshold,
            maximumErrorRate: maximumErrorRate,
            embeddingModel: model.id,
            tunedAt: SystemClock().now,
            source: file
        )
        try await data.withStore(for: .writing) { try await $0.setTunedSettings(settings, of: id) }
        Terminal.writeError("semcache: the namespace \(id) uses this from the next start on")
    }

    private func tune(_ pairs: [LabelledPair]) async throws {
        let embedder = try embedding.makeEmbedder()
        let metrics = try await TuningData.metrics(of: pairs, embedder: embedder)
        let tuning = try source.measured { () throws(TuningError) in
            try PairTuning(metrics, maximumError: maxError, seed: seed)
        }
        try write(HTMLReport.page(title: file, tuning: tuning, metrics: metrics))
        let report = PairTuningReport(tuning: tuning)
        output.json ? report.printJSON() : report.printText()
        try await keep(threshold: tuning.threshold, maximumErrorRate: nil, model: embedder.model)
    }
}
