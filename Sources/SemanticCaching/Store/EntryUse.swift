/// How often an answer was used and when last: what eviction by value and `ls` sort by.
public struct EntryUse: Hashable, Sendable {
    /// The answer.
    public let entry: EntryID
    /// How often it was served.
    public var hits: UInt64
    /// When it was served last; nil for never.
    public var lastUsedAt: Timestamp?

    /// Creates a count.
    public init(entry: EntryID, hits: UInt64 = 0, lastUsedAt: Timestamp? = nil) {
        self.entry = entry
        self.hits = hits
        self.lastUsedAt = lastUsedAt
    }
}

extension EntryUse {
    /// Adds later use of the same answer.
    package mutating func add(_ other: EntryUse) {
        hits &+= other.hits
        if let time = other.lastUsedAt { lastUsedAt = max(lastUsedAt ?? time, time) }
    }
}
