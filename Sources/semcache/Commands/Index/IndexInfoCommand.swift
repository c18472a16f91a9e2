import ArgumentParser
import SQLiteStorage
import SemanticCaching
import StrictJSON
import VectorSearch

/// Says which indexes a cache on disk has.
struct IndexInfoCommand: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "info",
        abstract: "Say which index each namespace has, how large it is, and whether its snapshot can be used.",
        discussion: """
            A namespace has one index for each set of questions that may be compared: the same system prompt, tools, \
            model and context. Small ones are scanned, large ones have a graph. Works beside a running server.
            """
    )

    @OptionGroup var data: StoreOptions
    @OptionGroup var output: OutputOptions

    func run() async throws {
        let report = try await data.withStore(for: .reading) { try await IndexReport(of: $0) }
        output.json ? report.printJSON() : report.printText()
    }
}
