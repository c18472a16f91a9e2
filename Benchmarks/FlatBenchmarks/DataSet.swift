import Glibc
import SemanticCachingTesting

/// Rows and queries, from files or generated.
struct DataSet {
    struct Unreadable: Error, CustomStringConvertible {
        let path: String
        var description: String { "cannot read \(path): expected rows and columns (UInt32), then float32 rows" }
    }

    let name: String
    let dimension: Int
    let rowCount: Int
    let values: [Float]
    let queries: [[Float]]
    let seed: UInt64

    init(arguments: Arguments, rows: Int) throws {
        let queryCount = arguments.integer("queries", default: 200)
        seed = UInt64(arguments.integer("seed", default: 1))
        if let prefix = arguments.plain {
            name = prefix
            let (rowValues, columns) = try Self.load(prefix + ".fbin", limit: rows)
            let (queryValues, queryColumns) = try Self.load(prefix + "_queries.fbin", limit: queryCount)
            guard columns == queryColumns else { throw Unreadable(path: prefix + "_queries.fbin") }
            dimension = columns
            values = rowValues
            queries = Self.split(queryValues, columns)
        } else {
            name = "generated clusters"
            dimension = arguments.integer("dimension", default: 384)
            var clusters = Clusters(dimension: dimension, seed: seed)
            values = (0..<rows).flatMap { _ in clusters.next() }
            queries = (0..<queryCount).map { _ in clusters.next() }
        }
        rowCount = values.count / dimension
    }

    func row(_ index: Int) -> [Float] { Array(values[(index * dimension)..<((index + 1) * dimension)]) }

    private static func load(_ path: String, limit: Int) throws -> ([Float], Int) {
        guard let file = fopen(path, "rb") else { throw Unreadable(path: path) }
        defer { fclose(file) }
        var header: [UInt32] = [0, 0]
        guard fread(&header, 4, 2, file) == 2 else { throw Unreadable(path: path) }
        let count = min(Int(header[0]), limit) * Int(header[1])
        let values = [Float](unsafeUninitializedCapacity: count) { buffer, initialized in
            initialized = fread(buffer.baseAddress, 4, count, file)
        }
        guard values.count == count, count > 0 else { throw Unreadable(path: path) }
        return (values, Int(header[1]))
    }

    private static func split(_ values: [Float], _ columns: Int) -> [[Float]] {
        stride(from: 0, to: values.count, by: columns).map { Array(values[$0..<($0 + columns)]) }
    }
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
