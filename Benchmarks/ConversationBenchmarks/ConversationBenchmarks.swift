import ArgumentParser
import FoundationEssentials
import Logging
import SemanticCaching
import SemanticCachingTesting

/// Replays conversations through every mode, and measures what a long one costs; prints tables in Markdown.
///
///     SEMCACHE_LABELLED_DATA=/path/to/data swift run -c release ConversationBenchmarks
///
/// Without the data the conversations are made of numbered sentences.
@main
struct ConversationBenchmarks: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "ConversationBenchmarks",
        abstract: "Replays conversations through every mode, and measures what a long one costs."
    )

    @Option(
        help: ArgumentHelp(
            "Folder of the labelled data. [default: $SEMCACHE_LABELLED_DATA, or else numbered sentences]",
            valueName: "folder"
        )
    )
    var data: String?

    @Option(parsing: .upToNextOption, help: "Lengths of the conversations.")
    var turns = [20, 100, 300]

    func validate() throws {
        guard turns.allSatisfy({ $0 > 0 }) else { throw ValidationError("--turns must be above 0") }
        guard let folder else { return }
        guard FileManager.default.fileExists(atPath: Dialogues.file(in: folder).path) else {
            throw ValidationError("\(folder) has no \(Dialogues.fileName): correct --data or $SEMCACHE_LABELLED_DATA")
        }
    }

    /// The folder of the labelled data, if there is one.
    private var folder: String? { data ?? ProcessInfo.processInfo.environment["SEMCACHE_LABELLED_DATA"] }

    func run() async throws {
        let folder = folder
        let exchanges = try folder.map { try Dialogues.exchanges(folder: $0) } ?? Dialogues.invented(count: 4_000)
        guard !exchanges.isEmpty else { throw ValidationError("\(folder ?? "") has no dialogue with an answer") }
        let source = folder == nil ? "invented sentences" : Dialogues.fileName
        print("\(exchanges.count) exchanges of \(source); seed \(Replay.seed)\n")
        print("| turns | mode | requests | asked | hits | summaries | tokens sent | of full | wrong reuse |")
        print("|---|---|---|---|---|---|---|---|---|")
        for turns in turns {
            let replay = Replay(exchanges: exchanges, turns: turns, conversations: turns >= 300 ? 6 : 10)
            try await replay.printRows()
        }
        print("")
        try await Overhead.printRows()
        if let folder { try StandAlone.printRows(Dialogues.turns(folder: folder), exchanges) }
    }

    static func makeCache(_ settings: ConversationSettings) throws -> SemanticCache {
        var configuration = CacheConfiguration()
        configuration.namespaces.conversation = settings
        return try SemanticCache(
            embedder: nil,
            configuration: configuration,
            logger: Logger(label: "benchmark") { _ in SwiftLogNoOpLogHandler() }
        )
    }
}
