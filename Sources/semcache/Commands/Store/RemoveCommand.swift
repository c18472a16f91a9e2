import ArgumentParser
import SQLiteStorage
import SemanticCaching
import StrictJSON

/// Removes answers by their ids.
struct RemoveCommand: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "rm",
        abstract: "Remove answers by their ids; exit with 1 if none of them was there."
    )

    @Argument(help: "The ids of the answers, as ls prints them.")
    var ids: [EntryID]

    @OptionGroup var removal: RemovalOptions
    @OptionGroup var data: StoreOptions
    @OptionGroup var output: OutputOptions

    func run() async throws {
        let removed = try await data.withStore(for: .writing) { store in
            try await removal.withSharedCache(over: store) { cache in
                if let cache { return try await cache.remove(ids) }
                return Set(try await store.remove(ids).map(\.entry)).count
            }
        }
        if output.json {
            let result: JSONValue = ["command": "rm", "removed": .integer(removed), "asked": .integer(Set(ids).count)]
            Terminal.write(result.serializedText)
        } else {
            Terminal.write("removed \(removed) of \(Set(ids).count)")
        }
        if removed == 0 { throw ExitCode(Failure.notFound) }
    }
}
