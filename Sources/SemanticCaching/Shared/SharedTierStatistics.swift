/// What the shared tier did since the process started, and how it stands.
public struct SharedTierStatistics: Hashable, Sendable {
    /// A namespace that is followed.
    public struct Namespace: Hashable, Sendable {
        /// What it is doing.
        public enum Phase: String, Hashable, Sendable, CaseIterable {
            /// It is read as a whole.
            case hydrating
            /// Its changes are applied as they come.
            case following
            /// The server cannot be heard.
            case lost
        }

        /// What it is doing.
        public var phase: Phase
        /// How many changes the server has that are not applied here.
        public var lag: UInt64
        /// Seconds since all changes until then were known to be applied; nil if they never were.
        public var secondsSinceHeard: Double?
        /// Of the answers, how many were read when it was read as a whole last.
        public var hydrated: Int
        /// How many there were to read.
        public var hydrationTotal: Int

        /// Describes a namespace.
        public init(
            phase: Phase,
            lag: UInt64,
            secondsSinceHeard: Double?,
            hydrated: Int,
            hydrationTotal: Int
        ) {
            self.phase = phase
            self.lag = lag
            self.secondsSinceHeard = secondsSinceHeard
            self.hydrated = hydrated
            self.hydrationTotal = hydrationTotal
        }
    }

    /// A replica that is alive.
    public struct Replica: Hashable, Sendable {
        /// Its id, new at each start.
        public let id: String
        /// Its machine and process.
        public let name: String
        /// How many changes it has not applied yet, over all its namespaces.
        public let lag: UInt64
        /// How many namespaces it follows.
        public let namespaces: Int

        /// Describes a replica.
        public init(id: String, name: String, lag: UInt64, namespaces: Int) {
            self.id = id
            self.name = name
            self.lag = lag
            self.namespaces = namespaces
        }
    }

    /// What became of the commands of one name.
    public struct Command: Hashable, Sendable {
        /// How many were sent.
        public var calls = 0
        /// Of those, how many the server refused or answered with something unexpected.
        public var errors = 0
        /// Of those, how many had no reply in time.
        public var timeouts = 0
        /// How many were not sent or lost their connection.
        public var unavailable = 0
        /// The sum of their times, in seconds; a pipeline counts once.
        public var seconds = 0.0
        /// The longest time, in seconds.
        public var maximumSeconds = 0.0

        /// Creates a count of nothing.
        public init() {}
    }

    /// Whether commands can be sent.
    public var isConnected = false
    /// The primaries of the Cluster; 1 without one.
    public var nodeCount = 0
    /// Whether the server is a Cluster.
    public var isCluster = false
    /// Answers that wait to be published.
    public var queuedAnswers = 0
    /// Answers that were published.
    public var publishedAnswers = 0
    /// Answers that were not published, because too many waited or the server had no room.
    public var droppedAnswers = 0
    /// Answers that the server had no more use for: outdated, superseded, removed before.
    public var refusedAnswers = 0
    /// Changes of other replicas that were applied.
    public var appliedChanges = 0
    /// Times that changes were missed and a namespace was read anew.
    public var gaps = 0
    /// Values that are none of ours, damaged, or of another version.
    public var skippedValues = 0
    /// Leases that this replica had.
    public var leases = 0
    /// Times that a request waited for another replica's answer.
    public var leaseWaits = 0
    /// The namespaces that are followed.
    public var namespaces: [NamespaceID: Namespace] = [:]
    /// Commands by name.
    public var commands: [String: Command] = [:]
    /// The replicas that are alive, by name, this one among them.
    public var replicas: [Replica] = []

    /// Creates statistics of nothing.
    public init() {}
}
