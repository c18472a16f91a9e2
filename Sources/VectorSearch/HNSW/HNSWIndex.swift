internal import VectorKernels

/// An approximate index for large namespaces: a search looks at some hundred entries instead of all.
///
///     let index = HNSWIndex(dimension: 384)
///     try index.insert(vector, id: 7)
///     let best = try index.search(query, count: 4)
///
/// A hierarchical navigable small-world graph (Malkov and Yashunin, arXiv 1603.09320) that is walked on 4-bit codes;
/// the best few are compared on 8-bit codes and the last ones on their float32 rows, so returned similarities are
/// exact. Entries can be removed at any time: the graph heals at once and the slot is used again.
public final class HNSWIndex: VectorIndex {
    /// Components per vector.
    public let dimension: Int

    let graph: RWLock<HNSWGraph>

    /// Creates an empty index.
    ///
    /// - Parameters:
    ///   - dimension: components per vector, 1 to 65,536.
    ///   - configuration: how the graph is built and searched.
    public init(dimension: Int, configuration: HNSWConfiguration = HNSWConfiguration()) {
        precondition((1...65_536).contains(dimension), "an index has 1 to 65,536 components per vector")
        let degree = configuration.maximumDegree
        precondition((8...32).contains(degree) && degree.isMultiple(of: 8), "M is 8, 16, 24 or 32")
        precondition(configuration.constructionEffort > 0 && configuration.searchEffort > 0, "an effort is positive")
        self.dimension = dimension
        graph = RWLock(HNSWGraph(dimension: dimension, configuration: configuration))
    }

    /// Entries in the index.
    public var count: Int { graph.read { $0.liveCount } }

    /// Bytes in use, by purpose.
    public var memoryUse: IndexMemoryUse { graph.read { $0.memoryUse } }

    /// Adds an entry.
    ///
    /// Searches go on meanwhile: they wait only for two steps of about a microsecond each.
    ///
    /// - Complexity: about that of a search with the effort of construction.
    /// - Throws: ``VectorIndexError`` for a vector that does not fit or an id that is present.
    public func insert(_ vector: [Float], id: UInt64, attributes: VectorAttributes) throws(VectorIndexError) {
        let scale = try UnitVector.scale(of: vector, dimension: dimension)
        try HNSWScratch.with { (scratch) throws(VectorIndexError) in
            let unit = scratch.unit.reserve(dimension)
            UnitVector.copy(vector, scale: scale, to: unit)
            graph.read { $0.encode(unit, scratch: scratch) }
            let slot = try graph.write { (graph) throws(VectorIndexError) in
                try graph.reserveSlot(unit: unit, id: id, attributes: attributes, scratch: scratch)
            }
            let plan = graph.read { $0.plan(slot, batch: [], scratch: scratch) }
            graph.write { $0.attach(slot, plan: plan, scratch: scratch) }
        }
    }

    /// Removes an entry; returns whether it was there.
    ///
    /// - Complexity: O(M²) scores, independent of the number of entries.
    @discardableResult
    public func remove(id: UInt64) -> Bool {
        HNSWScratch.with { scratch in graph.write { $0.remove(id: id, scratch: scratch) } }
    }

    /// Returns whether an entry is present.
    public func contains(id: UInt64) -> Bool {
        graph.read { $0.liveSlot(id) != nil }
    }

    /// Returns the stored unit vector of an entry.
    public func vector(id: UInt64) -> [Float]? {
        graph.read { graph in
            guard let slot = graph.liveSlot(id) else { return nil }
            return [Float](UnsafeBufferPointer(start: graph.rows.row(Int(slot)), count: dimension))
        }
    }

    /// Returns the entries nearest to a query as far as the walk found them, most similar first.
    ///
    /// - Complexity: O(log *n*) steps in practice; allocates nothing but the result.
    /// - Throws: ``VectorIndexError`` for a query that is no unit vector of this dimension.
    public func search(
        _ query: [Float],
        count: Int,
        options: SearchOptions
    ) throws(VectorIndexError) -> [Neighbor] {
        precondition(count >= 0, "a search cannot return fewer than 0 neighbours")
        return try withQuery(query) { graph, prepared, scratch in
            graph.search(prepared, count: count, options: options, scratch: scratch)
        }
    }

    /// Prepares a query and runs `body` on it and the graph under the shared lock.
    @inline(__always)
    func withQuery(
        _ query: [Float],
        _ body: (borrowing HNSWGraph, HNSWGraph.Query, HNSWScratch) -> [Neighbor]
    ) throws(VectorIndexError) -> [Neighbor] {
        let scale = try UnitVector.scale(of: query, dimension: dimension)
        return HNSWScratch.with { scratch in
            let unit = scratch.unit.reserve(dimension)
            UnitVector.copy(query, scale: scale, to: unit)
            return graph.read { graph in body(graph, graph.prepare(unit: unit, scratch: scratch), scratch) }
        }
    }
}
