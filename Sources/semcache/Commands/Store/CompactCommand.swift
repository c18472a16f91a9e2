import ArgumentParser
import SQLiteStorage
import StrictJSON

/// Gives space back to the file system.
struct CompactCommand: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "compact",
        abstract: "Give the space of removed answers back; needs room for a second copy meanwhile."
    )

    @OptionGroup var data: StoreOptions
    @OptionGroup var output: OutputOptions

    func run() async throws {
        let (before, after) = try await data.withStore(for: .writing) { try await $0.compact() }
        if output.json {
            let result: JSONValue = [
                "command": "compact", "bytes_before": .integer(before), "bytes_after": .integer(after),
            ]
            Terminal.write(result.serializedText)
        } else {
            Terminal.write("\(before.byteText) before, \(after.byteText) now")
        }
    }
}
