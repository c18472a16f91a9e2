import ArgumentParser

/// Stores what ``OpenCommand`` opens.
struct FillCommand: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "fill",
        abstract: "Make a cache to be opened; goes on where it ended."
    )

    @Argument(help: "Folder of the cache.")
    var folder: String

    @Argument(help: "Answers that it shall have.")
    var entries: UInt64 = 100_000

    func validate() throws {
        guard entries >= OpenBenchmark.fewest else {
            throw ValidationError("the number of answers must be \(OpenBenchmark.fewest) or more")
        }
    }

    func run() async throws { try await OpenBenchmark(folder: folder).fill(entries) }
}
