import ArgumentParser
import Logging
import RedisTier
import SQLiteStorage
import SemanticCaching

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
    @OptionGroup var settings: SettingsOptions
    @OptionGroup var embedding: EmbedderOptions

    func run() async throws {
        let id = NamespaceID(tenant: tenant, name: namespace)
        let embedder = settings.exact ? nil : try embedding.makeEmbedder()
        let count = try await server.withTier { tier in
            guard tier.isConnected else { throw RedisError.unavailable("no connection") }
            return try await data.withStore(for: .writing) { store in
                let cache = try await StoredCache.open(
                    store,
                    embedder: embedder,
                    configuration: settings.configuration,
                    sharedTier: tier
                )
                defer { Terminal.clearProgress() }
                let service = Task { try await cache.runSharedTier() }
                tier.noteUse(of: id)
                while let state = tier.statistics.namespaces[id.description], state.phase == .hydrating {
                    Terminal.showProgress("read \(state.hydrated) of \(state.hydrationTotal) answers")
                    try await Task.sleep(for: .milliseconds(50))
                }
                service.cancel()
                try await service.value
                return try await store.usageByNamespace()[id]?.entries ?? 0
            }
        }
        Terminal.write("\(id) holds \(count.counted("answer")) now")
    }
}
