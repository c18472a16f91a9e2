import ArgumentParser
import CacheTuning
import Embeddings

/// Recommends a threshold from labelled data.
struct TuneCommand: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "tune",
        abstract: "Recommend a threshold from labelled pairs or a labelled stream of requests.",
        discussion: """
            Pairs have two questions and a label (a, b, label, and the spellings of other caches); streams have a \
            question and the name of its answer (text, group); both as CSV or JSONL. Settings are chosen on one half of \
            the data and measured on the other.
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

    @Option(name: .long, help: ArgumentHelp("Write a report on pairs as one HTML page.", valueName: "file"))
    var html: String?

    @OptionGroup var embedding: EmbedderOptions
    @OptionGroup var output: OutputOptions

    func validate() throws {
        guard (1e-6...0.5).contains(maxError) else {
            throw ValidationError("--max-error must be from 0.000001 to 0.5")
        }
        guard (1...20_000).contains(limit) else { throw ValidationError("--limit must be from 1 to 20000") }
    }

    func run() async throws {
        if let pairs = try pairs {
            return try await tune(TuningData.sample(pairs, limit, seed: seed))
        }
        let queries = TuningData.sample(try StreamReader.queries(ofFile: file), limit, seed: seed)
        guard html == nil else { throw UsageError(message: "--html is for pairs, and \(file) is a stream") }
        let trace = try await TuningData.trace(of: queries, embedder: embedding.makeEmbedder())
        let report = StreamTuningReport(tuning: try StreamTuning(trace, maximumError: maxError, seed: seed))
        output.json ? report.printJSON() : report.printText()
    }

    /// The pairs of the file; nil if it is a stream.
    private var pairs: [LabelledPair]? {
        get throws {
            do throws(TuningError) { return try PairReader.pairs(ofFile: file) } catch {
                guard case .missingColumns = error else { throw error }
                return nil
            }
        }
    }

    private func tune(_ pairs: [LabelledPair]) async throws {
        let metrics = try await TuningData.metrics(of: pairs, embedder: embedding.makeEmbedder())
        let tuning = try PairTuning(metrics, maximumError: maxError, seed: seed)
        if let html {
            let page = try OutputFile(path: html)
            try page.write(Array(HTMLReport.page(title: file, tuning: tuning, metrics: metrics).utf8))
            try page.finish()
        }
        let report = PairTuningReport(tuning: tuning)
        output.json ? report.printJSON() : report.printText()
    }
}
