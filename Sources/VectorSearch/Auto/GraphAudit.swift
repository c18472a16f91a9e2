/// How well a graph finds what a scan of it finds, measured on vectors that it does not hold yet.
///
/// Embeddings lie in clusters and near a surface of few dimensions, and there a graph finds nearly everything. Vectors
/// without any structure defeat every graph: at 384 dimensions all of them are about equally far. A graph that is asked
/// for such vectors loses hits that a scan would have found, so an index looks before it relies on one.
package struct GraphAudit: Hashable, Sendable {
    /// What a search of the graph does.
    package enum Search: Hashable, Sendable {
        /// Walks with this effort, unless the caller names another one.
        case walk(effort: Int)
        /// Compares every entry: no effort found enough.
        case scan

        /// The search that was found to need so many times the configured effort, or a scan for 0.
        init(multiple: Int, of effort: Int) {
            self = multiple == 0 ? .scan : .walk(effort: multiple * effort)
        }

        /// How many times the configured effort it takes; 0 for a scan.
        func multiple(of effort: Int) -> Int {
            switch self {
            case .walk(let own): Swift.max(1, own / Swift.max(1, effort))
            case .scan: 0
            }
        }
    }

    /// Vectors that a graph is asked for; each costs a scan.
    static let sampleSize = 48
    /// The share that must be found.
    static let wantedRecall = 0.9
    /// Efforts that are tried, as multiples of the configured one.
    static let multiples = [1, 2, 4, 8]

    /// The first effort that finds enough.
    ///
    /// Deterministic: the same graph and sample give the same answer.
    ///
    /// - Complexity: O(sample · *n* · *d*).
    static func search(of graph: HNSWIndex, sample: [[Float]], effort: Int) throws(VectorIndexError) -> Search {
        var truth: [Float] = []
        for vector in sample {
            truth.append(try graph.scan(vector, count: 1, options: SearchOptions()).first?.similarity ?? -1)
        }
        for multiple in multiples {
            let options = SearchOptions(effort: effort * multiple)
            var found = 0
            for (vector, best) in zip(sample, truth) {
                let nearest = try graph.search(vector, count: 1, options: options).first?.similarity ?? -1
                if nearest >= best - 1e-6 { found += 1 }
            }
            if Double(found) >= wantedRecall * Double(sample.count) { return .walk(effort: effort * multiple) }
        }
        return .scan
    }
}

extension HNSWIndex {
    /// Returns the nearest entries after comparing all of them.
    ///
    /// - Complexity: O(*n* · *d*).
    /// - Throws: ``VectorIndexError`` for a query that is no unit vector of this dimension.
    func scan(_ query: [Float], count: Int, options: SearchOptions) throws(VectorIndexError) -> [Neighbor] {
        try withQuery(query) { graph, prepared, scratch in
            graph.scan(
                prepared,
                count: count,
                minimum: options.minimumSimilarity,
                filter: options.filter ?? VectorFilter(),
                scratch: scratch
            )
        }
    }
}
