import VectorSearch

/// One set of vectors, on which each kind of index is built and asked in turn.
struct IndexTrial {
    /// A kind of index.
    struct Kind: Sendable {
        let name: String
        /// Efforts to search with; none for an index that knows no effort.
        var efforts: [Int] = []
        let make: @Sendable (_ dimension: Int) -> any VectorIndex
    }

    /// What a kind came to.
    struct Result {
        let name: String
        let effort: Int?
        let buildSeconds: Double
        let memory: IndexMemoryUse
        let recall: Double
        /// Queries a second.
        let rate: Double
        /// The median and the 99th percentile of a query's time, in microseconds.
        let median: Double
        let tail: Double
    }

    let dimension: Int
    let queries: [[Float]]
    let rows: [[Float]]
    /// The cosine of the true nearest, query by query.
    private let truth: [Float]

    /// All kinds; what a cache uses comes last.
    static let kinds = [
        Kind(name: "flat float32") { FlatIndex(dimension: $0, quantization: .none) },
        Kind(name: "flat int8") { FlatIndex(dimension: $0, quantization: .int8) },
        Kind(name: "flat sign bits") { FlatIndex(dimension: $0, quantization: .signBits(candidates: 256)) },
        Kind(name: "hnsw", efforts: [16, HNSWConfiguration().searchEffort, 128]) { HNSWIndex(dimension: $0) },
        Kind(name: "automatic") { AutoIndex(dimension: $0) },
    ]

    /// - Throws: `VectorIndexError` for vectors that are none.
    init(dimension: Int, queries: [[Float]], rows: [[Float]]) throws {
        self.dimension = dimension
        self.queries = queries
        self.rows = rows
        let exact = FlatIndex(dimension: dimension, quantization: .none)
        for (id, row) in rows.enumerated() { try exact.insert(row, id: UInt64(id)) }
        truth = try exact.search(batch: queries, count: 1).map { $0.first?.similarity ?? -1 }
    }

    /// Builds an index of the kind and asks it every query, once per effort.
    func run(_ kind: Kind) throws -> [Result] {
        let index = kind.make(dimension)
        let start = ContinuousClock.now
        try fill(index)
        let seconds = start.duration(to: .now).microseconds / 1e6
        let efforts: [Int?] = kind.efforts.isEmpty ? [nil] : kind.efforts
        return try efforts.map { try ask(index, kind, effort: $0, buildSeconds: seconds) }
    }

    private func fill(_ index: any VectorIndex) throws {
        if let graph = index as? HNSWIndex {
            return try graph.insert(rows: rows.flatMap(\.self), ids: rows.indices.map(UInt64.init))
        }
        for (id, row) in rows.enumerated() { try index.insert(row, id: UInt64(id)) }
        (index as? AutoIndex)?.merge()
    }

    private func ask(_ index: any VectorIndex, _ kind: Kind, effort: Int?, buildSeconds: Double) throws -> Result {
        let options = SearchOptions(effort: effort)
        for query in queries.prefix(50) { _ = try index.search(query, count: 1, options: options) }
        var times: [Double] = []
        var right = 0
        for (query, best) in zip(queries, truth) {
            let start = ContinuousClock.now
            let found = try index.search(query, count: 1, options: options)
            times.append(start.duration(to: .now).microseconds)
            // An entry as near as the nearest is as good; indexes round their sums in different order.
            right += (found.first?.similarity ?? -1) >= best - 1e-6 ? 1 : 0
        }
        let total = times.reduce(0, +)
        times.sort()
        return Result(
            name: kind.name,
            effort: effort,
            buildSeconds: buildSeconds,
            memory: index.memoryUse,
            recall: Double(right) / Double(queries.count),
            rate: Double(queries.count) / max(total / 1e6, 1e-9),
            median: times[times.count / 2],
            tail: times[times.count * 99 / 100]
        )
    }
}
