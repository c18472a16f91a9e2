import ArgumentParser
import RedisTier
import SemanticCaching
import StrictJSON

/// Removes what the shared tier holds of a namespace.
struct RedisFlushCommand: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "flush",
        abstract: "Remove what the shared tier holds of a namespace.",
        discussion: """
            It removes keys of this namespace only, a few at a time, and replicas keep what they have. To make answers \
            invisible everywhere, invalidate the namespace on a server instead.
            """
    )

    @Option(name: .long, help: "The namespace to remove.")
    var namespace: String

    @Option(name: .long, help: "The tenant that it belongs to.")
    var tenant = ""

    @OptionGroup var server: RedisOptions
    @OptionGroup var output: OutputOptions

    func run() async throws {
        let id = NamespaceID(tenant: tenant, name: namespace)
        let count = try await server.withTier { try await $0.flush(id) }
        if output.json {
            let result: JSONValue = [
                "command": "redis flush", "tenant": .string(tenant), "namespace": .string(namespace),
                "removed_keys": .integer(count),
            ]
            Terminal.write(result.serializedText)
        }
        guard count > 0 else {
            if !output.json { Terminal.writeError("semcache: the shared tier holds nothing of \(id)") }
            throw ExitCode(Failure.notFound)
        }
        if !output.json { Terminal.write("removed \(count.counted("key")) of \(id)") }
    }
}
