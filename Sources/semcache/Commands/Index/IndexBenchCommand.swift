import ArgumentParser
import SemanticCaching
import StrictJSON
import VectorSearch

/// Measures all kinds of index on the user's own vectors.
struct IndexBenchCommand: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "bench",
        abstract: "Measure every kind of index on a namespace of a cache, or on a file of vectors.",
        discussion: """
            Some vectors, drawn at random, are the queries; the others are indexed. Recall@1 is the share of queries for \
            which the nearest vector was found, against an exact search. One thread asks, one query after the other.

            A file of vectors has the .fbin layout: rows and dimension as 32-bit integers, then the rows as 32-bit \
            floats, all little-endian.
            """
    )

    @Argument(help: ArgumentHelp("Vectors to measure on, instead of a cache.", valueName: "file.fbin"))
    var file: String?

    @Option(name: .long, help: ArgumentHelp("The namespace.", valueName: "name"))
    var namespace = "default"

    @Option(name: .long, help: ArgumentHelp("Owner of the namespace. [default: none]", valueName: "name"))
    var tenant = ""

    @Option(name: .long, help: ArgumentHelp("Queries, at most a fifth of the vectors.", valueName: "count"))
    var queries = 1000

    @Option(name: .long, help: ArgumentHelp("Vectors to read, at most.", valueName: "count"))
    var limit = 200_000

    @Option(name: .long, help: ArgumentHelp("Seed of what is drawn at random.", valueName: "number"))
    var seed: UInt64 = 1

    @OptionGroup var data: StoreOptions
    @OptionGroup var output: OutputOptions

    /// Fewer say nothing about recall.
    private static let fewest = 20

    func validate() throws {
        guard queries > 0, limit > 0 else { throw ValidationError("--queries and --limit must be greater than 0") }
        guard file == nil || data.data == nil else { throw ValidationError("give a file or --data, not both") }
    }

    func run() async throws {
        let vectors = try await read()
        guard vectors.rows.count >= Self.fewest else {
            throw UsageError(
                message:
                    "\(vectors.source) has \(vectors.rows.count) vectors; at least \(Self.fewest) are needed to measure"
            )
        }
        var generator = SplitMix64(seed: seed)
        let order = vectors.rows.indices.shuffled(using: &generator)
        let queryCount = min(queries, vectors.rows.count / 5)
        let trial = try IndexTrial(
            dimension: vectors.dimension,
            queries: order.prefix(queryCount).map { vectors.rows[$0] },
            rows: order.dropFirst(queryCount).map { vectors.rows[$0] }
        )
        defer { Terminal.clearProgress() }
        var results: [IndexTrial.Result] = []
        for kind in IndexTrial.kinds {
            try Task.checkCancellation()
            Terminal.showProgress("measuring \(kind.name)")
            results += try trial.run(kind)
        }
        Terminal.clearProgress()
        output.json
            ? printJSON(results, vectors: vectors, trial: trial) : printText(results, vectors: vectors, trial: trial)
    }

    private func read() async throws -> VectorSet {
        if let file { return try VectorSet(file: file, limit: limit) }
        let id = NamespaceID(tenant: tenant, name: namespace)
        let limit = limit
        return try await data.withStore(for: .reading) {
            try await VectorSet(namespace: id, of: $0, limit: limit)
        }
    }

    private func printJSON(_ results: [IndexTrial.Result], vectors: VectorSet, trial: IndexTrial) {
        let rows = results.map { result -> JSONValue in
            [
                "index": .string(result.name), "effort": result.effort.map { .integer($0) } ?? .null,
                "build_seconds": .rounded(result.buildSeconds), "bytes": .integer(result.memory.total),
                "bytes_per_entry": .rounded(Double(result.memory.total) / Double(trial.rows.count)),
                "recall_at_1": .rounded(result.recall), "queries_per_second": .rounded(result.rate),
                "p50_us": .rounded(result.median), "p99_us": .rounded(result.tail),
            ]
        }
        let value: JSONValue = [
            "command": "index bench", "source": .string(vectors.source), "vectors": .integer(trial.rows.count),
            "dimension": .integer(vectors.dimension), "queries": .integer(trial.queries.count),
            "seed": .integer(Int(truncatingIfNeeded: seed)), "results": .array(rows),
        ]
        Terminal.write(value.serializedText)
    }

    private func printText(_ results: [IndexTrial.Result], vectors: VectorSet, trial: IndexTrial) {
        Terminal.write(
            "\(vectors.source): \(trial.rows.count.counted("vector")) × \(vectors.dimension), "
                + "\(trial.queries.count) queries, seed \(seed)"
        )
        if vectors.leftOut > 0 {
            Terminal.write("\(vectors.leftOut.counted("vector")) of another model or dimension left out")
        }
        Terminal.write("")
        var table = TextTable(
            [.init(title: "index")]
                + ["build", "bytes/entry", "recall@1", "queries/s", "p50", "p99"].map {
                    .init(title: $0, alignment: .right)
                }
        )
        for result in results {
            table.add([
                result.effort.map { "\(result.name), effort \($0)" } ?? result.name,
                Duration.seconds(result.buildSeconds).shortText,
                String(result.memory.total / trial.rows.count),
                result.recall.formatted(decimals: 4),
                result.rate.formatted(decimals: 0),
                Duration.microseconds(result.median).shortText,
                Duration.microseconds(result.tail).shortText,
            ])
        }
        for line in table.lines { Terminal.write(line) }
    }
}
