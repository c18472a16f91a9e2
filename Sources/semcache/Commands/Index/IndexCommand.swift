import ArgumentParser

/// Measures and describes vector indexes.
struct IndexCommand: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "index",
        abstract: "Measure the vector indexes on your own vectors, or see what a cache has.",
        subcommands: [IndexBenchCommand.self, IndexInfoCommand.self]
    )
}
