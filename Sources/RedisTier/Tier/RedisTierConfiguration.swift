/// How the shared tier is used.
///
///     var configuration = RedisTierConfiguration(url: try RedisURL("redis://cache.internal"))
///     configuration.lookupDeadline = .milliseconds(10)
public struct RedisTierConfiguration: Sendable {
    /// Where the server is.
    public var url: RedisURL
    /// How long a request waits for an answer of another replica.
    public var lookupDeadline: Duration = .milliseconds(5)
    /// How long everything else may take.
    public var commandDeadline: Duration = .seconds(2)
    /// How long connecting and logging in may take.
    public var connectDeadline: Duration = .seconds(2)
    /// How many stored answers may wait to be published; further ones are not.
    public var maximumQueuedAnswers = 10_000
    /// How many bytes they may have.
    public var maximumQueuedBytes = 64 << 20
    /// About how many changes a namespace's stream keeps: who misses more reads the namespace anew.
    public var streamLength = 100_000
    /// How long the server holds a question for changes before it says that there are none: the pulse of a replica.
    public var pulse: Duration = .milliseconds(250)
    /// Whether the vectors and answers of other replicas are held here, for matches in meaning.
    public var followsChanges = true
    /// How many namespaces are followed at the most; of more, those that were used last.
    public var maximumFollowedNamespaces = 10_000
    /// How many bytes of answers and vectors of followed namespaces are held here at the most; nil for no limit.
    ///
    /// Of more, the namespaces that were used last are held.
    public var maximumFollowedBytes: Int?
    /// Whether replicas ask the model once for all of them.
    public var usesLeases = true
    /// How long others wait when the replica that asks the model dies.
    public var leaseDuration: Duration = .seconds(5)
    /// For how long a lease is renewed while the model works; then others may ask as well.
    public var maximumLeaseDuration: Duration = .seconds(120)

    /// Creates the default configuration.
    public init(url: RedisURL) { self.url = url }
}
