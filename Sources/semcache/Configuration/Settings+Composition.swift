import CacheServer
import Embeddings
import Logging
import OpenAI
import RedisTier
import SQLiteStorage
import SemanticCaching

/// From what was read to what runs.
extension Settings {
    /// The server's part.
    ///
    /// - Throws: `UsageError` if it is not said where requests go, or if ``check()`` finds a fault.
    func serverConfiguration(tenantSecret: [UInt8]) throws -> ServerConfiguration {
        guard let upstream else {
            throw UsageError(message: "say where requests go: --upstream, $SEMCACHE_UPSTREAM, or upstream in the file")
        }
        try check()
        var callers = ServerConfiguration.Callers(tenantSecret: tenantSecret)
        callers.acceptedKeys = keys
        var configuration = ServerConfiguration(upstream: upstream, callers: callers)
        configuration.upstreamKey = upstreamKey
        configuration.host = host
        configuration.port = port
        configuration.admin = admin
        configuration.limits = limits
        configuration.passThrough = serving.passThrough
        configuration.defaultNamespace = serving.defaultNamespace
        configuration.completesAbandonedAnswers = serving.completesAbandonedAnswers
        configuration.storeGrace = serving.storeGrace
        configuration.replayPacing = serving.replayPacing
        configuration.summaryModel = serving.summaryModel
        configuration.logsAccess = serving.logsAccess
        configuration.logsQuestions = serving.logsQuestions
        configuration.prices = prices
        return configuration
    }

    /// Looks for what each setting by itself cannot tell.
    ///
    /// - Throws: `UsageError` if the admin API, which reads and deletes answers, would be open to other machines.
    func check() throws {
        guard admin.token != nil || Self.isLoopback(admin.host) else {
            throw UsageError(
                message: "admin.host \(admin.host) is reached from other machines: set admin.token "
                    + "($SEMCACHE_ADMIN_TOKEN), or leave it at 127.0.0.1"
            )
        }
    }

    /// Whether only this machine reaches an address.
    private static func isLoopback(_ host: String) -> Bool {
        if ["localhost", "::1", "[::1]"].contains(host.lowercased()) { return true }
        let parts = host.split(separator: ".", omittingEmptySubsequences: false).map { UInt8($0) }
        return parts.count == 4 && parts.first == 127 && !parts.contains(nil)
    }

    /// Opens the store.
    ///
    /// - Throws: `UsageError` if no folder is given; `CacheError`.
    func openStore() async throws -> SQLiteStore {
        guard let data else {
            throw UsageError(message: "give the folder of the cache: --data, $SEMCACHE_DATA, or data in the file")
        }
        var options = store.options
        if let file = store.keyFile {
            options.encryptionKey = try KeyFile.key(at: file)
        } else if let key = store.key {
            options.encryptionKey = try EncryptionKey(text: key.secret)
        }
        return try await SQLiteStore.open(at: data, options: options)
    }

    /// The embedder; nil for matches word for word only.
    ///
    /// Nobody may have fetched the default model yet: the server then starts without, and says so. A model that was named
    /// must be there.
    func makeEmbedder() throws -> (any Embedder)? {
        guard embedder.isEnabled else { return nil }
        if let folder = embedder.missingDefaultFolder {
            Terminal.writeError(
                "semcache: no model at \(folder): questions are matched word for word only; run \(ModelScript.path), "
                    + "or give --model or --embedding-url (--exact if that is meant)"
            )
            return nil
        }
        let base = try embedder.makeEmbedder()
        // Waiting for company pays where a call has a price of its own. The local model costs what its tokens cost, and has a
        // thread for each of several callers: there a question would wait for as long again as it is embedded, for nothing.
        return embedder.url == nil ? base : BatchingEmbedder(base: base)
    }

    /// The tier that replicas share; nil without one.
    func makeSharedTier(logger: Logger) -> RedisSharedTier? {
        guard let url = redis.url else { return nil }
        var configuration = RedisTierConfiguration(url: url)
        configuration.lookupDeadline = redis.lookupDeadline
        configuration.usesLeases = redis.usesLeases
        configuration.followsChanges = redis.followsChanges
        configuration.maximumQueuedAnswers = redis.maximumQueuedAnswers
        configuration.streamLength = redis.streamLength
        configuration.maximumFollowedBytes = redis.maximumFollowedBytes
        return RedisSharedTier(configuration, logger: logger)
    }
}
