/// A thread-safe set of unit vectors that answers nearest-neighbour queries by cosine similarity.
///
///     let index = FlatIndex(dimension: 384)
///     try index.insert(vector, id: 7)
///     let best = try index.search(query, count: 4)      // [Neighbor], most similar first
///
/// Conformers are final classes: any number of searches run at the same time, and inserts and removals may come at any
/// time from any thread. An entry acknowledged by ``insert(_:id:attributes:)`` is found until it is removed.
///
/// Vectors and queries are `dimension` float32 values of unit length, so that the inner product is the cosine. Vectors
/// that are off by more than a thousandth are rescaled; ones without a direction are refused.
public protocol VectorIndex: Sendable {
    /// Components per vector.
    var dimension: Int { get }

    /// Entries in the index.
    var count: Int { get }

    /// Bytes in use, by purpose.
    var memoryUse: IndexMemoryUse { get }

    /// Adds an entry, which every search that starts afterwards can find.
    ///
    /// - Throws: ``VectorIndexError/dimensionMismatch(expected:actual:)``, ``VectorIndexError/notFinite``,
    ///   ``VectorIndexError/zeroVector``, or ``VectorIndexError/duplicateID(_:)`` when `id` is present; the index is
    ///   then unchanged.
    func insert(_ vector: [Float], id: UInt64, attributes: VectorAttributes) throws(VectorIndexError)

    /// Removes an entry; returns whether it was there.
    @discardableResult
    func remove(id: UInt64) -> Bool

    /// Returns whether an entry is present.
    func contains(id: UInt64) -> Bool

    /// Returns the stored unit vector of an entry.
    func vector(id: UInt64) -> [Float]?

    /// Returns the stored entries nearest to a query, most similar first; equal similarities in order of insertion.
    ///
    /// - Parameters:
    ///   - query: a unit vector.
    ///   - count: how many neighbours are wanted, at least 0; fewer come back when fewer qualify.
    ///   - options: the similarity floor, the filter and the effort.
    /// - Throws: as ``insert(_:id:attributes:)`` does for a query that is no unit vector of this dimension.
    func search(_ query: [Float], count: Int, options: SearchOptions) throws(VectorIndexError) -> [Neighbor]
}

extension VectorIndex {
    /// Adds an entry without attributes.
    ///
    /// - Throws: as ``insert(_:id:attributes:)``.
    public func insert(_ vector: [Float], id: UInt64) throws(VectorIndexError) {
        try insert(vector, id: id, attributes: VectorAttributes())
    }

    /// Returns the nearest entries, whatever their similarity.
    ///
    /// - Throws: as ``search(_:count:options:)``.
    public func search(_ query: [Float], count: Int) throws(VectorIndexError) -> [Neighbor] {
        try search(query, count: count, options: SearchOptions())
    }
}
