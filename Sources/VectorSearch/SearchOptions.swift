/// How a search is to be done.
public struct SearchOptions: Hashable, Sendable {
    /// Entries below this cosine are not returned, and the search may stop when nothing better is reachable.
    public var minimumSimilarity: Float
    /// Candidates that an approximate index keeps in view (`efSearch`).
    ///
    /// `nil` stands for the index's default. Exact indexes ignore it.
    public var effort: Int?
    /// Which entries may be found; `nil` for all.
    public var filter: VectorFilter?

    /// Creates options; the defaults return the nearest entries whatever their similarity.
    public init(minimumSimilarity: Float = -1, effort: Int? = nil, filter: VectorFilter? = nil) {
        self.minimumSimilarity = minimumSimilarity
        self.effort = effort
        self.filter = filter
    }
}
