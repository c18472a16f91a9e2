import ArgumentParser
import Logging
import RedisTier
import SQLiteStorage
import SemanticCaching
import StrictJSON

/// Reads a namespace from the shared tier into a cache on disk, before a replica starts on it.
struct RedisHydrateCommand: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "hydrate",
        abstract: "Read a namespace from the shared tier into a cache on disk.",
        discussion: "A replica that starts on the folder then applies only what changed since."
    )

    @Option(name: .long, help: "The namespace to read.")
    var namespace: String

    @Option(name: .long, help: "The tenant that it belongs to.")
    var tenant = ""

    @OptionGroup var server: RedisOptions
    @OptionGroup var data: StoreOptions

    @Flag(name: .long, help: "Read for matches word for word only; needs no model.")
    var exact = false

    @OptionGroup var embedding: EmbedderOptions
    @OptionGroup var output: OutputOptions

    /// So long a server may be away while it is read; a command, unlike a replica, does not wait for ever.
    private static let absence = Duration.seconds(5)

    /// The configuration of a cache that nobody asks anything: an embedding may take its time.
    private var configuration: CacheConfiguration {
        var configuration = CacheConfiguration()
        configuration.embedding.deadline = .seconds(60)
        return configuration
    }

    func run() async throws {
        let id = NamespaceID(tenant: tenant, name: namespace)
        let embedder = exact ? nil : try embedding.makeEmbedder()
        let count = try await server.withTier { tier in
            // Says why, if it cannot be asked; a replica would go on trying.
            _ = try await tier.replicas()
            return try await data.withStore(for: .writing) { store in
                let cache = try await StoredCache.open(
                    store,
                    embedder: embedder,
                    configuration: configuration,
                    sharedTier: tier
                )
                defer { Terminal.clearProgress() }
                let service = Task { try await cache.runSharedTier() }
                do { try await wait(for: tier, id) } catch {
                    service.cancel()
                    _ = try? await service.value
                    throw error
                }
                service.cancel()
                try await service.value
                return try await store.usageByNamespace()[id]?.entries ?? 0
            }
        }
        guard output.json else { return Terminal.write("\(id) holds \(count.counted("answer")) now") }
        let result: JSONValue = [
            "command": "redis hydrate", "tenant": .string(tenant), "namespace": .string(namespace),
            "entries": .integer(count),
        ]
        Terminal.write(result.serializedText)
    }

    /// Waits until the namespace is read.
    private func wait(for tier: RedisSharedTier, _ id: NamespaceID) async throws {
        tier.noteUse(of: id)
        Interruption.setReport { "what was read is kept, and the same command goes on" }
        defer { Interruption.setReport(nil) }
        var connectedAt = ContinuousClock.now
        while let state = tier.statistics.namespaces[id], state.phase == .hydrating {
            Terminal.showProgress("read \(state.hydrated) of \(state.hydrationTotal) answers")
            if tier.isConnected { connectedAt = .now }
            guard connectedAt.duration(to: .now) < Self.absence else {
                throw RedisError.unavailable(
                    "the server went away; what was read is kept, and the same command goes on"
                )
            }
            try await Task.sleep(for: .milliseconds(50))
        }
    }
}
