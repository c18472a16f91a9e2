import CacheServer
import OpenAI
import RedisTier
import SQLiteStorage
import SemanticCaching

/// Everything that `semcache serve` can be told, with its defaults.
struct Settings: Sendable {
    /// Where requests go; must be given.
    var upstream: BaseURL?
    /// The key for the upstream; nil passes each caller's own through.
    var upstreamKey: APIKey?
    /// The address of the proxy.
    var host = "127.0.0.1"
    /// The port of the proxy.
    var port = 8080
    /// The admin API and the dashboard.
    var admin = ServerConfiguration.Admin()
    /// What the server refuses.
    var limits = ServerConfiguration.Limits()
    /// How answers are served.
    var serving = Serving()
    /// The folder of the cache; must be given.
    var data: String?
    /// How the cache is kept on disk.
    var store = Store()
    /// How questions get their vectors.
    var embedder = EmbedderChoice()
    /// Who has the last word on matches that are not sure.
    var verifier = VerifierChoice()
    /// The engine: limits, the settings of namespaces, rules.
    var cache = CacheConfiguration()
    /// The tier that replicas share.
    var redis = Redis()
    /// The keys that are accepted, under `keys`; empty accepts every caller.
    var keys: [AcceptedKey] = []
    /// What models charge, under `prices`.
    var prices = PriceTable.wellKnown

    /// How answers are served.
    struct Serving: Sendable {
        var passThrough = ServerConfiguration.PassThrough.automatic
        var defaultNamespace = "default"
        var completesAbandonedAnswers = true
        var storeGrace = Duration.zero
        var replayPacing = Duration.zero
        var logsAccess = true
        var logsQuestions = false
        var summaryModel: String?
    }

    /// The tier that replicas share.
    struct Redis: Sendable {
        var url: RedisURL?
        var lookupDeadline = Duration.milliseconds(5)
        var usesLeases = true
        var followsChanges = true
        var maximumQueuedAnswers = 10_000
        var streamLength = 100_000
        var maximumFollowedBytes: Int?
        var tenantSecretFile: String?
    }

    /// How the cache is kept on disk.
    struct Store: Sendable {
        var key: APIKey?
        var keyFile: String?
        var options = SQLiteStoreOptions()
    }
}
