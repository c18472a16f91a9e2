import ArgumentParser
import Glibc
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

            Exit codes: 0 done, 1 nothing found, 64 wrong use, 65 bad data, 69 something needed is unavailable, 70 a bug.
            """,
        version: BuildInformation.text,
        subcommands: [DoctorCommand.self],
        groupedSubcommands: [
            CommandGroup(
                name: "Try it out",
                subcommands: [AskCommand.self, SimilarityCommand.self, NearestCommand.self, EmbedCommand.self]
            ),
            CommandGroup(
                name: "A cache on disk",
                subcommands: [
                    PutCommand.self, GetCommand.self, ExplainCommand.self, ListCommand.self, ShowCommand.self,
                    RemoveCommand.self, InvalidateCommand.self, EventCommand.self, StatsCommand.self,
                    ReportCommand.self,
                    PolicyCommand.self, ImportCommand.self, ExportCommand.self, CompactCommand.self,
                    VerifyCommand.self, IndexCommand.self,
                ]
            ),
            CommandGroup(
                name: "In front of a model",
                subcommands: [ServeCommand.self, ConfigCommand.self, RedisTierCommand.self]
            ),
            CommandGroup(
                name: "Right hits only",
                subcommands: [TuneCommand.self, ReplayCommand.self, LabelCommand.self]
            ),
        ]
    )

    static func main() async {
        // A file that may not grow any further is an error of the call that writes it, and no reason to die.
        signal(SIGXFSZ, SIG_IGN)
        do {
            var command = try parsed()
            // A server hears of signals itself and finishes what is under way.
            if !(command is ServeCommand) { Interruption.install() }
            if var asyncCommand = command as? any AsyncParsableCommand {
                try await asyncCommand.run()
            } else {
                try command.run()
            }
            try Terminal.finish()
        } catch {
            Failure.exit(with: error)
        }
    }

    /// What the command line asks for.
    private static func parsed() throws -> any ParsableCommand {
        do { return try parseAsRoot() } catch let error where exitCode(for: error) == .validationFailure {
            if let unknown = UnknownOption(in: CommandLine.arguments.dropFirst()) { throw unknown.error }
            throw error
        }
    }
}
