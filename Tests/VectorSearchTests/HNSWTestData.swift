import Testing

@testable import VectorSearch

/// Unit vectors in clusters, as embeddings lie.
struct HNSWTestData {
    let dimension: Int
    let vectors: [[Float]]
    let queries: [[Float]]

    init(count: Int, dimension: Int, queries queryCount: Int = 100, clusters: Int = 40, seed: UInt64) {
        var random = SeededGenerator(seed: seed)
        let centres = (0..<clusters).map { _ in random.unitVector(dimension) }
        func draw() -> [Float] {
            let centre = centres[Int.random(in: 0..<clusters, using: &random)]
            let noise = random.unitVector(dimension)
            let spread = Float.random(in: 0.1...1.2, using: &random)
            return Self.unit(zip(centre, noise).map { $0 + spread * $1 })
        }
        self.dimension = dimension
        vectors = (0..<count).map { _ in draw() }
        queries = (0..<queryCount).map { _ in draw() }
    }

    static func unit(_ vector: [Float]) -> [Float] {
        let length = vector.reduce(0) { $0 + Double($1) * Double($1) }.squareRoot()
        return vector.map { Float(Double($0) / length) }
    }

    /// An index with the vectors under their positions as ids.
    func index(_ configuration: HNSWConfiguration = HNSWConfiguration(), threads: Int = 1) throws -> HNSWIndex {
        let index = HNSWIndex(dimension: dimension, configuration: configuration)
        try index.insert(rows: vectors.flatMap(\.self), ids: Array(0..<UInt64(vectors.count)), threads: threads)
        return index
    }

    /// The oracle with the same entries.
    func bruteForce() -> BruteForce {
        var oracle = BruteForce()
        for (id, vector) in vectors.enumerated() { oracle.insert(vector, id: UInt64(id)) }
        return oracle
    }
}

extension HNSWIndex {
    /// The share of the true nearest that a search finds; an entry as similar as the true one counts.
    func recall(of oracle: BruteForce, queries: [[Float]], count: Int = 1, options: SearchOptions = SearchOptions())
        throws -> Double
    {
        var (found, wanted) = (0, 0)
        for query in queries {
            let truth = oracle.search(query, count: count, options: options)
            guard let last = truth.last else { continue }
            let result = try search(query, count: count, options: options)
            found += result.count { $0.similarity >= last.similarity - 1e-6 }
            wanted += truth.count
        }
        return wanted == 0 ? 1 : Double(found) / Double(wanted)
    }

    /// What is wrong with the graph's structure.
    var violations: [String] { graph.read { $0.violations() } }
}
