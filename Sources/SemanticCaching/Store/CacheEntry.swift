/// A cached answer: what was answered, when, under which tags, and at what price.
///
/// An answer owns one or more ``CachedQuestion``s: the wordings that it answers.
public struct CacheEntry: Hashable, Sendable {
    /// The identity of the answer.
    public let id: EntryID
    /// Where the answer belongs.
    public let namespace: NamespaceID
    /// The language model that was asked.
    public var model: String
    /// The version of the prompts around the question.
    public var promptVersion: String
    /// The answer.
    public var reply: CachedReply
    /// Names under which the answer can be invalidated, such as `doc:42`.
    public var tags: [String]
    /// When the answer was given.
    public var createdAt: Timestamp
    /// When the answer stops being fresh; nil for never.
    public var expiresAt: Timestamp?
    /// The namespace's epoch when the answer was stored; older epochs are invisible.
    public var epoch: UInt64
    /// How long the model took; what a hit saves.
    public var upstreamLatency: Duration?
    /// What the model charged, in US dollars; what a hit saves.
    public var cost: Double?

    /// Creates an answer.
    public init(
        id: EntryID,
        namespace: NamespaceID,
        model: String,
        promptVersion: String = "",
        reply: CachedReply,
        tags: [String] = [],
        createdAt: Timestamp,
        expiresAt: Timestamp? = nil,
        epoch: UInt64 = 0,
        upstreamLatency: Duration? = nil,
        cost: Double? = nil
    ) {
        self.id = id
        self.namespace = namespace
        self.model = model
        self.promptVersion = promptVersion
        self.reply = reply
        self.tags = tags
        self.createdAt = createdAt
        self.expiresAt = expiresAt
        self.epoch = epoch
        self.upstreamLatency = upstreamLatency
        // Also −0, of which a database makes 0, and its checksum another.
        self.cost = cost.flatMap { $0.isFinite ? min(max($0, 0), Self.maximumCost) + 0 : nil }
    }

    /// No answer costs more; a larger price is a mistake, and would run over the accounts.
    package static let maximumCost = 1e6
}
