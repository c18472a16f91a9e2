import ArgumentParser
import Embeddings
import SQLiteStorage
import SemanticCaching
import StrictJSON
import Synchronization

/// Reads a file of answers into a cache.
struct ImportCommand: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "import",
        abstract: "Read answers from a file into a cache; lines that are there already are skipped.",
        discussion: """
            Reads exports of semcache, JSONL with "question" and "answer" or "prompt" and "response" (redis-vl), pairs \
            with "origin" and "similar" (GPTCache), JSON arrays of these, and CSV with a line of column names. Lines \
            that cannot be used go to a side file and do not stop it; an import that was interrupted is started again.
            """
    )

    @Argument(help: "The file.")
    var file: String

    @Option(
        name: .long,
        help: ArgumentHelp("Side file for lines that cannot be used. [default: <file>.rejected]", valueName: "file")
    )
    var rejects: String?

    @Option(name: .long, help: "How long answers from pairs are fresh, such as 30d. [default: for ever]")
    var ttl: DurationArgument?

    @Flag(name: .long, help: "Put the answers of the file in place of those that are there.")
    var replace = false

    @Flag(name: .long, help: "Import for matches word for word only; needs no model.")
    var exact = false

    @Option(
        name: .long,
        help: ArgumentHelp(
            "Afterwards, train the namespace on its answers of several wordings, for this share of wrong answers.",
            valueName: "share"
        )
    )
    var train: Double?

    @OptionGroup var scope: ScopeOptions
    @OptionGroup var data: StoreOptions
    @OptionGroup var rules: RuleOptions
    @OptionGroup var embedding: EmbedderOptions
    @OptionGroup var output: OutputOptions

    func validate() throws {
        guard train.map({ (1e-6...0.5).contains($0) }) ?? true else {
            throw ValidationError("--train must be from 0.000001 to 0.5")
        }
        guard train == nil || !exact else { throw ValidationError("--train needs vectors, and --exact makes none") }
    }

    func run() async throws {
        let configuration = try rules.configuration
        let chunks = FileChunks(path: file)
        let embedder = exact ? nil : BatchingEmbedder(base: try embedding.makeEmbedder())
        let side = RejectedLines(path: rejects ?? file + ".rejected")
        let counter = StoredCounter()
        Interruption.setReport { "\(counter.value.counted("answer")) stored; start the import again to go on" }
        defer { Interruption.setReport(nil) }
        let summary = try await data.withStore(for: .writing) { store in
            let writer = try await AnswerWriter.make(
                store: store,
                embedder: embedder,
                scope: scope.scope,
                timeToLive: ttl?.duration,
                configuration: configuration,
                conflict: replace ? .replace : .keep
            )
            let importer = CacheImporter { record in
                let id =
                    switch record {
                    case .answer(let answer): try await writer.write(answer)
                    case .pair(let pair): try await writer.write(pair)
                    }
                guard id != nil else { return .present }
                counter.increment()
                return .added
            }
            defer { Terminal.clearProgress() }
            do {
                return try await importer.run(
                    chunks,
                    totalBytes: chunks.byteCount,
                    onReject: { try side.append($0) },
                    onProgress: { Terminal.showProgress("importing: " + $0.text) }
                )
            } catch let error as CacheError {
                // The error is of one answer; those before it are stored.
                let before = "\(counter.value.counted("answer")) stored before it, start the import again to go on"
                throw CacheError(error.code, "\(error.message); \(before)", cause: error)
            }
        }
        try side.finish()
        let labels = try await trainNamespace(configuration.home(of: scope.scope.namespace), embedder)
        report(summary, side, labels)
    }

    /// Trains the namespace and keeps its error rate beside the cache; nil if that was not asked for.
    private func trainNamespace(_ id: NamespaceID, _ embedder: (any Embedder)?) async throws -> Int? {
        guard let train, let embedder else { return nil }
        var configuration = CacheConfiguration()
        configuration.namespaces.maximumErrorRate = train
        return try await data.withStore(for: .writing) { store in
            let tuned = TunedSettings(
                threshold: try await store.tunedSettings(of: id)?.threshold,
                maximumErrorRate: train,
                embeddingModel: embedder.model.id,
                tunedAt: SystemClock().now,
                source: file
            )
            try await store.setTunedSettings(tuned, of: id)
            let cache = try await StoredCache.open(store, embedder: embedder, configuration: configuration)
            return try await cache.train(id)
        }
    }

    private func report(_ summary: ImportSummary, _ side: RejectedLines, _ labels: Int?) {
        if output.json {
            let result: JSONValue = [
                "command": "import", "added": .integer(summary.added), "present": .integer(summary.present),
                "rejected": .integer(summary.rejected), "rejects": summary.rejected > 0 ? .string(side.path) : .null,
                "labels": labels.map { .integer($0) } ?? .null,
            ]
            return Terminal.write(result.serializedText)
        }
        Terminal.write("\(summary.added) added, \(summary.present) there already, \(summary.rejected) rejected")
        if let labels { Terminal.write("trained on \(labels.counted("label"))") }
        if summary.rejected > 0 {
            Terminal.writeError("semcache: \(side.path) says which lines could not be used, and why")
        }
    }
}

/// Counts what was stored, for the line that tells of an interruption.
private final class StoredCounter: Sendable {
    private let count = Atomic<Int>(0)

    var value: Int { count.load(ordering: .relaxed) }

    func increment() { count.add(1, ordering: .relaxed) }
}
