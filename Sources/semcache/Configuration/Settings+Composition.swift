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
    /// - Throws: `UsageError` if it is not said where requests go.
    func serverConfiguration(tenantSecret: [UInt8]) throws -> ServerConfiguration {
        guard let upstream else {
            throw UsageError(message: "say where requests go: --upstream, $SEMCACHE_UPSTREAM, or upstream in the file")
        }
        var callers = ServerConfiguration.Callers(tenantSecret: tenantSecret)
        callers.acceptedKeys = keys
        var configuration = ServerConfiguration(upstream: upstream, callers: callers)
        configuration.upstreamKey = upstreamKey
        configuration.host = host
        configuration.port = port
        configuration.admin = admin
        configuration.limits = limits
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

    /// Opens the store.
    ///
    /// - Throws: `UsageError` if no folder is given; `CacheError`.
    func openStore() async throws -> SQLiteStore {
        guard let data else {
            throw UsageError(message: "give the folder of the cache: --data, $SEMCACHE_DATA, or data in the file")
        }
        var options = store.options
        if let file = store.keyFile {
            options.encryptionKey = try EncryptionKey(file: file)
        } else if let key = store.key {
            options.encryptionKey = try EncryptionKey(text: key.secret)
        }
        return try await SQLiteStore.open(at: data, options: options)
    }

    /// The embedder; nil for matches word for word only.
    func makeEmbedder() throws -> (any Embedder)? {
        embedder.isEnabled ? BatchingEmbedder(base: try embedder.makeEmbedder()) : nil
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
