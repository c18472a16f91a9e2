import ArgumentParser
import SemanticCaching

/// The command line: one command a file, composed here.
@main
struct SemcacheCommand: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "semcache",
        abstract: "A semantic cache for the answers of language models.",
        discussion: """
            Answers questions from what is already known, by their words and by their meaning, and only when it is \
            right to.

            Exit codes: 0 done, 64 wrong use, 65 bad data, 69 something needed is unavailable, 70 a bug.
            """,
        version: "semcache 0.1.0",
        subcommands: [
            AskCommand.self, SimilarityCommand.self, NearestCommand.self, EmbedCommand.self, DoctorCommand.self,
        ]
    )

    static func main() async {
        do {
            var command = try parseAsRoot()
            if var asyncCommand = command as? any AsyncParsableCommand {
                try await asyncCommand.run()
            } else {
                try command.run()
            }
        } catch {
            Failure.exit(with: error)
        }
    }
}
