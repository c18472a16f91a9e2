import FoundationEssentials
import Logging
import SemanticCaching
import SemanticCachingTesting

/// Replays conversations through every mode, and measures what a long one costs; prints tables in Markdown.
///
///     SEMCACHE_DATA=/work/shared/data swift run -c release ConversationBenchmarks
///
/// Without `SEMCACHE_DATA` the conversations are made of numbered sentences.
@main
struct ConversationBenchmarks {
    static func main() async throws {
        let folder = ProcessInfo.processInfo.environment["SEMCACHE_DATA"]
        let exchanges = try folder.map { try Dialogues.exchanges(folder: $0) } ?? Dialogues.invented(count: 4_000)
        let source = folder == nil ? "invented sentences" : "stream_sgd_multiturn.jsonl"
        print("\(exchanges.count) exchanges of \(source); seed \(Replay.seed)\n")
        print("| turns | mode | requests | asked | hits | summaries | tokens sent | of full | wrong reuse |")
        print("|---|---|---|---|---|---|---|---|---|")
        for turns in [20, 100, 300] {
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
