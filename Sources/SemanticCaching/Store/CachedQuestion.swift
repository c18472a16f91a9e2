/// One wording that an answer answers, with its keys and its vector.
public struct CachedQuestion: Hashable, Sendable {
    /// The number of the question in its store and in the vector index; never used twice.
    public let id: UInt64
    /// The answer that owns it.
    public var entry: EntryID
    /// The text that is matched in meaning and shown to people; for a request without such text, an abstract of it.
    public var text: String
    /// The digest of the canonical request: equal requests have equal keys.
    public var key: Digest256
    /// A second, independent digest of the same bytes, compared on every hit: a collision of keys is a miss.
    public var check: Digest256
    /// The digest of all that must be equal for a match in meaning; nil if the question takes no part in such.
    public var partition: Digest256?
    /// The embedding model of `vector`.
    public var embeddingModel: String?
    /// The unit vector of `text`; nil if there is none (yet).
    public var vector: [Float]?
    /// When the wording was stored.
    public var createdAt: Timestamp

    /// Creates a question.
    public init(
        id: UInt64,
        entry: EntryID,
        text: String,
        key: Digest256,
        check: Digest256,
        partition: Digest256? = nil,
        embeddingModel: String? = nil,
        vector: [Float]? = nil,
        createdAt: Timestamp
    ) {
        self.id = id
        self.entry = entry
        self.text = text
        self.key = key
        self.check = check
        self.partition = partition
        self.embeddingModel = embeddingModel
        self.vector = vector
        self.createdAt = createdAt
    }
}
