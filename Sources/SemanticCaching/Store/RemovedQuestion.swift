/// What is left to clean up after a question is gone from the store: its place in the exact tiers and in its index.
public struct RemovedQuestion: Hashable, Sendable {
    /// The number of the question.
    public let id: UInt64
    /// The answer that owned it.
    public let entry: EntryID
    /// Its key in the exact tiers.
    public let key: Digest256
    /// Where it was matched in meaning, if it was.
    public let partition: Digest256?

    /// Creates a note of a removed question.
    public init(id: UInt64, entry: EntryID, key: Digest256, partition: Digest256?) {
        self.id = id
        self.entry = entry
        self.key = key
        self.partition = partition
    }
}
