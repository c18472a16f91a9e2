/// An entry found by a search.
public struct Neighbor: Hashable, Sendable {
    /// The entry.
    public let id: UInt64
    /// Cosine of the angle between query and entry: 1 for the same direction, greater is closer.
    public let similarity: Float

    /// Creates a search result.
    public init(id: UInt64, similarity: Float) {
        self.id = id
        self.similarity = similarity
    }
}
