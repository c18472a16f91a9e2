import ArgumentParser
import CacheServer
import Embeddings
import Logging
import OpenAI
import SQLiteStorage
import SemanticCaching
import ServiceLifecycle
import UnixSignals

/// Puts the cache in front of an OpenAI-compatible API.
struct ServeCommand: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "serve",
        abstract: "Cache for every OpenAI client: point its base URL here.",
        discussion: """
            Callers' own keys go upstream, unless $SEMCACHE_UPSTREAM_KEY holds one. The admin API asks for \
            $SEMCACHE_ADMIN_TOKEN, if that is set.
            """
    )

    @Option(name: .long, help: ArgumentHelp("Where requests go, with its /v1.", valueName: "url"))
    var upstream: String

    @Option(name: .long, help: "The address to listen on.")
    var host = "127.0.0.1"

    @Option(name: .long, help: "The port to listen on; 0 for any that is free.")
    var port = 8080

    @Option(name: .long, help: "The port of the admin API and the dashboard, on 127.0.0.1.")
    var adminPort = 8081

    @OptionGroup var settings: SettingsOptions
    @OptionGroup var data: StoreOptions
    @OptionGroup var embedding: EmbedderOptions

    func run() async throws {
        let baseURL: BaseURL
        do { baseURL = try BaseURL(upstream) } catch { throw UsageError(message: "--upstream: \(error)") }
        let embedder = settings.exact ? nil : BatchingEmbedder(base: try embedding.makeEmbedder())
        let logger = Logger(label: "semcache")
        try await data.withStore(for: .writing) { store in
            let secret = try TenantSecret.load(from: store.directory + "/tenant-secret")
            var configuration = ServerConfiguration(upstream: baseURL, callers: .init(tenantSecret: secret))
            configuration.host = host
            configuration.port = port
            configuration.admin.port = adminPort
            configuration.admin.token = APIKey(environmentVariable: "SEMCACHE_ADMIN_TOKEN")
            configuration.upstreamKey = APIKey(environmentVariable: "SEMCACHE_UPSTREAM_KEY")
            var cacheConfiguration = settings.configuration
            cacheConfiguration.embedding.deadline = CacheConfiguration.Embedding().deadline
            let cache = try await StoredCache.open(
                store,
                embedder: embedder,
                configuration: cacheConfiguration,
                logger: logger
            )
            let server = CacheServer(
                cache: cache,
                configuration: configuration,
                onRunning: { addresses in
                    let admin = "admin on 127.0.0.1:\(addresses.adminPort)"
                    Terminal.writeError("listening on \(host):\(addresses.port), \(admin)")
                }
            )
            var group = ServiceGroupConfiguration(
                services: [.init(service: server), .init(service: Sweeps(cache: cache))],
                gracefulShutdownSignals: [.sigterm, .sigint],
                logger: logger
            )
            group.maximumGracefulShutdownDuration = .seconds(30)
            try await ServiceGroup(configuration: group).run()
            try await cache.close(savingTo: FileSnapshotStore(directory: store.directory))
        }
    }

    /// Frees the room of answers that are no longer of use, until the server shuts down.
    private struct Sweeps: Service {
        let cache: SemanticCache

        func run() async throws { try await cancelWhenGracefulShutdown { try await cache.run() } }
    }
}
