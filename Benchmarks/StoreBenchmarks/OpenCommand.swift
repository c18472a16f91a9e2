import ArgumentParser
import Foundation

/// Opens what ``FillCommand`` stored.
struct OpenCommand: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "open",
        abstract: "Measure how soon a cache answers that 'fill' has made."
    )

    @Argument(help: "Folder of the cache.")
    var folder: String

    func validate() throws {
        guard FileManager.default.fileExists(atPath: folder + "/semcache.sqlite") else {
            throw ValidationError("there is no cache in \(folder): make one with StoreBenchmarks fill \(folder)")
        }
    }

    func run() async throws { try await OpenBenchmark(folder: folder).open() }
}
