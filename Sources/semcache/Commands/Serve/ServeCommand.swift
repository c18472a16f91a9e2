import ArgumentParser
import CacheServer
import Foundation
import Logging
import RedisTier
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
            A flag overrides the environment ($SEMCACHE_…), which overrides the file of --config; `semcache config` shows \
            what is in effect. Callers' own keys go upstream, unless $SEMCACHE_UPSTREAM_KEY holds one. The admin API asks \
            for $SEMCACHE_ADMIN_TOKEN, if that is set. SIGHUP, or a change of the file, loads it anew.
            """
    )

    @OptionGroup var flags: SettingsFlags

    func run() async throws {
        // Who reads the log may go away: that is no reason to end.
        signal(SIGPIPE, SIG_IGN)
        let reader = flags.reader(environment: ProcessInfo.processInfo.environment)
        let watch = await ConfigurationWatch(path: reader.path)
        let outcome = try reader.read()
        let settings = outcome.settings
        // What is wrong with the configuration is told before the store is locked and the model is read.
        _ = try settings.serverConfiguration(tenantSecret: [UInt8](repeating: 0, count: 32))
        let embedder = try settings.makeEmbedder()
        let logger = Logger(label: "semcache")
        let store = try await settings.openStore()
        do {
            let file = settings.redis.tenantSecretFile ?? store.directory + "/tenant-secret"
            let secret = try TenantSecret.load(from: file)
            let sharedTier = settings.makeSharedTier(logger: logger)
            let configuration = try settings.serverConfiguration(tenantSecret: secret)
            let cache = try await StoredCache.open(
                store,
                embedder: embedder,
                configuration: settings.cache,
                isServing: true,
                verifier: settings.verifier,
                sharedTier: sharedTier,
                logger: logger
            )
            let snapshots = FileSnapshotStore(directory: store.directory)
            let server = CacheServer(
                cache: cache,
                configuration: configuration,
                onRunning: { addresses in
                    let admin = "admin on \(configuration.admin.host):\(addresses.adminPort)"
                    Terminal.writeError("listening on \(configuration.host):\(addresses.port), \(admin)")
                }
            )
            let reloads = ConfigurationReloads(reader: reader, present: outcome, watch: watch, logger: logger) {
                settings in
                // First whatever may throw: of a configuration that is refused nothing is taken over.
                let configuration = try settings.serverConfiguration(tenantSecret: secret)
                try cache.reconfigure(settings.cache)
                server.reconfigure(configuration)
            }
            var group = ServiceGroupConfiguration(
                // They end in the opposite order: what the last requests store is still published.
                services: [
                    .init(service: Sharing(cache: cache)), .init(service: server),
                    .init(service: Sweeps(cache: cache, snapshots: snapshots)),
                    .init(service: reloads),
                ],
                gracefulShutdownSignals: [.sigterm, .sigint],
                logger: logger
            )
            group.maximumGracefulShutdownDuration = .seconds(30)
            try await ServiceGroup(configuration: group).run()
            sharedTier?.close()
            try await cache.close(savingTo: snapshots)
        } catch {
            // The first error is the one to tell.
            try? await store.close()
            throw error
        }
    }

    /// Frees the room of answers that are no longer of use and keeps copies of the indexes, until the server shuts down.
    private struct Sweeps: Service {
        let cache: SemanticCache
        let snapshots: FileSnapshotStore

        func run() async throws {
            try await cancelWhenGracefulShutdown { try await cache.run(savingTo: snapshots) }
        }
    }

    /// Publishes what is stored and applies what other replicas change, until the server shuts down.
    private struct Sharing: Service {
        let cache: SemanticCache

        func run() async throws {
            // A group ends with the first service that does: without a shared tier this one waits.
            try await cancelWhenGracefulShutdown {
                try await cache.runSharedTier()
                while !Task.isCancelled { try? await Task.sleep(for: .seconds(3600)) }
            }
        }
    }
}
