import BenchmarkSupport
import SemanticCachingTesting

/// Rows and queries, from files or generated.
struct DataSet {
    let name: String
    let dimension: Int
    let rowCount: Int
    let values: [Float]
    let queries: [[Float]]

    /// Reads `PREFIX.fbin` and `PREFIX_queries.fbin`.
    init(prefix: String, rows: Int, queries: Int) throws(MatrixFile.Unreadable) {
        let rowFile = try MatrixFile(path: prefix + ".fbin", limit: rows)
        let queryFile = try MatrixFile(path: prefix + "_queries.fbin", limit: queries)
        guard rowFile.columnCount == queryFile.columnCount else {
            throw MatrixFile.Unreadable(path: prefix + "_queries.fbin")
        }
        name = prefix
        dimension = rowFile.columnCount
        rowCount = rowFile.rowCount
        values = rowFile.values
        self.queries = (0..<queryFile.rowCount).map { queryFile[$0] }
    }

    /// Makes clustered unit vectors, as embeddings are.
    init(generating rows: Int, queries: Int, dimension: Int, seed: UInt64) {
        name = "generated clusters, seed \(seed)"
        self.dimension = dimension
        rowCount = rows
        var clusters = Clusters(dimension: dimension, seed: seed)
        values = (0..<rows).flatMap { _ in clusters.next() }
        self.queries = (0..<queries).map { _ in clusters.next() }
    }

    func row(_ index: Int) -> [Float] { Array(values[(index * dimension)..<((index + 1) * dimension)]) }
}

/// Unit vectors around 500 centres in a subspace, as embeddings are: close to their centre, in few directions.
private struct Clusters {
    private let dimension: Int
    private let centres: [[Float]]
    private let basis: [[Float]]
    private var generator: SeededGenerator

    init(dimension: Int, seed: UInt64) {
        self.dimension = dimension
        var generator = SeededGenerator(seed: seed)
        centres = (0..<500).map { _ in Self.noise(dimension, using: &generator) }
        basis = (0..<32).map { _ in Self.noise(dimension, using: &generator) }
        self.generator = generator
    }

    mutating func next() -> [Float] {
        let centre = centres[Int.random(in: 0..<centres.count, using: &generator)]
        var vector = zip(centre, Self.noise(dimension, using: &generator)).map { $0 + 0.3 * $1 }
        for direction in basis {
            let weight = Float.random(in: -0.3...0.3, using: &generator)
            for index in vector.indices { vector[index] += weight * direction[index] }
        }
        let length = vector.reduce(Float(0)) { $0 + $1 * $1 }.squareRoot()
        return vector.map { $0 / length }
    }

    private static func noise(_ dimension: Int, using generator: inout SeededGenerator) -> [Float] {
        (0..<dimension).map { _ in
            (0..<4).reduce(Float(0)) { sum, _ in sum + Float.random(in: -1...1, using: &generator) }
        }
    }
}
