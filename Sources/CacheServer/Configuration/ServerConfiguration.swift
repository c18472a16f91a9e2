public import OpenAI
public import SemanticCaching

/// How the server listens, whom it serves and where it forwards to.
///
///     var configuration = ServerConfiguration(upstream: try BaseURL("https://api.openai.com/v1"))
///     configuration.port = 8080
public struct ServerConfiguration: Sendable {
    /// Where the admin API and the dashboard listen.
    public struct Admin: Sendable {
        /// The address; the loopback one by default, as the API can read and delete answers.
        public var host = "127.0.0.1"
        /// The port; 0 for any that is free.
        public var port = 8081
        /// The token that callers of the admin API must send; nil asks for none.
        public var token: APIKey?

        /// Creates the defaults.
        public init() {}
    }

    /// Who may call, and what they share.
    public struct Callers: Sendable {
        /// The secret under which callers' keys become tenants (HMAC-SHA-256); 32 random bytes, kept across restarts.
        public var tenantSecret: [UInt8]
        /// The keys that are accepted; empty accepts every caller.
        public var acceptedKeys: [AcceptedKey] = []

        /// Creates callers that each are a tenant of their own.
        public init(tenantSecret: [UInt8]) {
            precondition(tenantSecret.count >= 16, "The tenant secret has at least 16 bytes.")
            self.tenantSecret = tenantSecret
        }
    }

    /// Which of the requests that are not cached pass on to the upstream.
    ///
    /// Under the server's own key, whoever is served can reach what the others left at the provider: files, batches,
    /// stored responses.
    public enum PassThrough: String, Hashable, Sendable, CaseIterable {
        /// `models` if the server has a key for the upstream and a list of accepted keys, else `all`.
        case automatic
        /// Every request.
        case all
        /// Requests that ask a model, or for the list of models, and leave nothing behind.
        case models
        /// None.
        case nothing
    }

    /// What the server refuses, so that no caller takes it down.
    public struct Limits: Hashable, Sendable {
        /// The most bytes of a request's body; more is answered with 413.
        public var maximumBodyBytes = 32 << 20
        /// The most requests at once; more are answered with 429.
        public var maximumConcurrentRequests = 4_096
        /// How long a connection may stay silent: while it has no request under way or has one half sent, and while its
        /// caller reads nothing of an answer that waits for him.
        public var idleTimeout: Duration = .seconds(60)
        /// The longest that a body may take to arrive.
        public var bodyTimeout: Duration = .seconds(60)
        /// The longest that an exchange with the upstream takes.
        public var upstreamTimeout: Duration = .seconds(600)
        /// The most bytes of one line of an event stream; a longer one is relayed and not stored.
        public var maximumEventLineBytes = 4 << 20
        /// The most bytes of an answer that is kept for callers who join late, and stored.
        public var maximumCapturedBytes = 32 << 20
        /// The most answers that one tenant may have stored in a minute; nil for no limit.
        public var maximumStoresPerMinute: Int?
        /// The most answers that one tenant may keep; nil for no limit.
        ///
        /// Above it, its own least valuable ones go.
        public var maximumEntriesPerTenant: Int?
        /// The most bytes that they may occupy; nil for no limit.
        public var maximumBytesPerTenant: Int?
        /// The most namespaces that one tenant may use at a time.
        public var maximumNamespacesPerTenant = 256

        /// Creates the defaults.
        public init() {}
    }

    /// Where cacheable and other requests go, up to and with `/v1`.
    public var upstream: BaseURL
    /// The key for the upstream; nil passes each caller's own key through.
    public var upstreamKey: APIKey?
    /// The address that the proxy listens on.
    public var host = "127.0.0.1"
    /// The port that the proxy listens on; 0 for any that is free.
    public var port = 8080
    /// The admin API and the dashboard.
    public var admin = Admin()
    /// Who may call.
    public var callers: Callers
    /// What is refused.
    public var limits = Limits()
    /// Which requests that are not cached pass on.
    public var passThrough = PassThrough.automatic
    /// The namespace of requests that name none.
    public var defaultNamespace = "default"
    /// Whether an answer is still read to its end, for the store, when every caller who wanted it has gone.
    public var completesAbandonedAnswers = true
    /// The wait between the words of a replayed stream; zero sends them at once.
    public var replayPacing: Duration = .zero
    /// What models charge, by the beginning of their names.
    public var prices = PriceTable.wellKnown
    /// The model that sums conversations up, asked at the upstream with the server's key; nil for a summary of their own
    /// sentences, without a model.
    public var summaryModel: String?
    /// So long a plain answer of the model waits for the store, so that its head can name the entry.
    ///
    /// Of a stream the end waits, not its words. The store goes on after that. Zero sends the answer at once, and its head
    /// names none.
    public var storeGrace: Duration = .zero
    /// Whether the access log has a line for each request.
    public var logsAccess = true
    /// Whether that line has the question too: what callers said, which a log must not have unless it is asked for.
    public var logsQuestions = false

    /// Creates the configuration of a server; the other settings are defaults.
    public init(upstream: BaseURL, callers: Callers) {
        self.upstream = upstream
        self.callers = callers
    }
}
