internal import VectorKernels

/// An index without structure: every search looks at every entry.
///
///     let index = FlatIndex(dimension: 384)
///     try index.insert(vector, id: 7)
///     let best = try index.search(query, count: 4)
///
/// Exact unless asked to use sign bits: the order of results is that of a double-precision brute force, with ties in
/// order of insertion, and the similarities are the same on every processor. An empty index holds no rows; the first
/// ones take a few kilobytes.
public final class FlatIndex: VectorIndex {
    /// Components per vector.
    public let dimension: Int
    /// What a search looks at first.
    public let quantization: FlatQuantization

    let storage: RWLock<FlatStorage>
    let kernel: RowKernel?

    /// Creates an empty index.
    ///
    /// - Parameters:
    ///   - dimension: components per vector, 1 to 65,536.
    ///   - quantization: what a search looks at first; int8 codes give exact results at a quarter of the bytes read.
    public convenience init(dimension: Int, quantization: FlatQuantization = .int8) {
        self.init(dimension: dimension, quantization: quantization, kernel: nil)
    }

    /// Creates an index on one particular kernel, for comparisons; on the better one of the two when it is `nil`.
    package init(dimension: Int, quantization: FlatQuantization, kernel: RowKernel?) {
        precondition((1...65_536).contains(dimension), "an index has 1 to 65,536 components per vector")
        self.dimension = dimension
        self.quantization = quantization
        self.kernel = kernel
        storage = RWLock(FlatStorage(dimension: dimension, quantization: quantization))
    }

    /// Entries in the index.
    public var count: Int { storage.read { $0.count } }

    /// Bytes in use, by purpose.
    public var memoryUse: IndexMemoryUse { storage.read { $0.memoryUse } }

    /// Adds an entry.
    ///
    /// - Complexity: O(*d*) amortised.
    /// - Throws: ``VectorIndexError`` for a vector that does not fit or an id that is present.
    public func insert(
        _ vector: [Float],
        id: UInt64,
        attributes: VectorAttributes
    ) throws(VectorIndexError) {
        let scale = try UnitVector.scale(of: vector, dimension: dimension)
        try storage.write { (storage) throws(VectorIndexError) in
            try storage.append(vector, scale: scale, id: id, attributes: attributes)
        }
    }

    /// Removes an entry; returns whether it was there.
    ///
    /// - Complexity: O(*d*).
    @discardableResult
    public func remove(id: UInt64) -> Bool {
        storage.write { $0.remove(id) }
    }

    /// Returns whether an entry is present.
    public func contains(id: UInt64) -> Bool {
        storage.read { $0.contains(id) }
    }

    /// Returns the stored unit vector of an entry.
    public func vector(id: UInt64) -> [Float]? {
        storage.read { storage in
            guard let slot = storage.slot(of: id) else { return nil }
            return [Float](UnsafeBufferPointer(start: storage.rows.row(slot), count: dimension))
        }
    }

    /// The entries in order of insertion.
    func idsInOrder() -> [UInt64] {
        storage.read { storage in
            storage.ids.indices.sorted { storage.sequence[$0] < storage.sequence[$1] }.map { storage.ids[$0] }
        }
    }

    /// The entries of the given ids that are present, as they were inserted, at unit length.
    func entries(_ ids: ArraySlice<UInt64>) -> [(id: UInt64, vector: [Float], attributes: VectorAttributes)] {
        storage.read { storage in
            ids.compactMap { id in
                guard let slot = storage.slot(of: id) else { return nil }
                let row = UnsafeBufferPointer(start: storage.rows.row(slot), count: dimension)
                return (id, [Float](row), storage.attributes[slot])
            }
        }
    }

    /// Removes several entries while searches wait once.
    func remove(ids: [UInt64]) {
        storage.write { storage in
            for id in ids { _ = storage.remove(id) }
        }
    }

    /// Returns the nearest entries, most similar first.
    ///
    /// - Complexity: O(*n* · *d*); allocates nothing but the result.
    /// - Throws: ``VectorIndexError`` for a query that is no unit vector of this dimension.
    public func search(
        _ query: [Float],
        count: Int,
        options: SearchOptions
    ) throws(VectorIndexError) -> [Neighbor] {
        precondition(count >= 0, "a search cannot return fewer than 0 neighbours")
        let scale = try UnitVector.scale(of: query, dimension: dimension)
        return SearchScratch.with { scratch in
            let unit = scratch.query.reserve(dimension)
            UnitVector.copy(query, scale: scale, to: unit)
            return storage.read {
                $0.nearest(to: unit, count: count, options: options, kernel: kernel, scratch: scratch)
            }
        }
    }
}
