import ArgumentParser
import SQLiteStorage
import SemanticCaching
import StrictJSON

/// Writes the answers of a cache to a file.
struct ExportCommand: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "export",
        abstract: "Write answers as JSON lines that import reads; works beside a running server.",
        discussion: "Of an encrypted cache too, it writes plain text; the file is readable by its owner only."
    )

    @Argument(help: "The file. [default: standard output]")
    var file: String?

    @Flag(name: .long, help: "Leave out vectors: a third of the size, but import has to embed again.")
    var noVectors = false

    @OptionGroup var filter: FilterOptions
    @OptionGroup var data: StoreOptions
    @OptionGroup var output: OutputOptions

    func validate() throws {
        guard !output.json || (file != nil && file != "-") else {
            throw ValidationError("--json needs a file to export to: standard output can hold only one of the two")
        }
        guard filter.tenant == nil || filter.namespace != nil else {
            throw ValidationError("--tenant needs --namespace here")
        }
    }

    func run() async throws {
        let count = try await data.withStore(for: .reading) { store in
            let target = try OutputFile(path: file)
            defer { Terminal.clearProgress() }
            let count = try await store.export(
                filter.filter,
                withVectors: !noVectors,
                onProgress: { progress in
                    if file != nil { Terminal.showProgress("exporting: " + progress.text) }
                },
                write: { try target.write($0) }
            )
            try target.finish()
            return count
        }
        if output.json {
            let result: JSONValue = ["command": "export", "entries": .integer(count), "file": .text(file)]
            Terminal.write(result.serializedText)
        } else {
            Terminal.writeError("\(count.counted("answer")) exported")
        }
    }
}
