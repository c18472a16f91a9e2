import BenchmarkSupport
import VectorKernels
import VectorSearch

/// All ways to search the same rows, taken in turn for every query.
struct Comparison {
    struct Result {
        let name: String
        let micros: Double
        let recall: Double
        let isExact: Bool
        let bytesPerEntry: Double
    }

    private struct Contestant {
        let name: String
        let index: any VectorIndex
        var micros: [Double] = []
        var correct = 0
        var identical = true
    }

    private let data: DataSet
    private let size: Int
    private var contestants: [Contestant]
    private let slab: RowSlab

    /// - Parameters:
    ///   - hasGraph: whether an ``HNSWIndex`` takes part, to find where it overtakes the scans.
    ///   - components: principal components of projected scans that take part; 0 for none.
    init(data: DataSet, size: Int, candidates: Int, hasGraph: Bool, components: Int) throws {
        self.data = data
        self.size = size
        let dimension = data.dimension
        contestants = [
            Contestant(
                name: "FlatIndex sgemv",
                index: FlatIndex(dimension: dimension, quantization: .none, kernel: .blas)
            ),
            Contestant(
                name: "FlatIndex float32",
                index: FlatIndex(dimension: dimension, quantization: .none, kernel: .vector)
            ),
            Contestant(name: "FlatIndex int8", index: FlatIndex(dimension: dimension, quantization: .int8)),
            Contestant(
                name: "FlatIndex sign bits/\(candidates)",
                index: FlatIndex(dimension: dimension, quantization: .signBits(candidates: candidates))
            ),
        ]
        let projected =
            components == 0 ? [] : [16, 64, 256].map { ($0, FlatIndex(dimension: dimension, quantization: .none)) }
        for (candidates, index) in projected {
            contestants.append(Contestant(name: "FlatIndex PCA \(components)/\(candidates)", index: index))
        }
        if hasGraph { contestants.append(Contestant(name: "HNSWIndex", index: HNSWIndex(dimension: dimension))) }
        slab = RowSlab(data: data, size: size)
        for row in 0..<size {
            let vector = data.row(row)
            for contestant in contestants { try contestant.index.insert(vector, id: UInt64(row)) }
        }
        for (candidates, index) in projected { try index.fitProjection(components: components, candidates: candidates) }
    }

    /// Queries that one way answers before the next one's turn: enough for caches to hold what they can.
    private static let turn = 25

    func run() throws -> [Result] {
        var contestants = contestants
        var bare: [Double] = []
        for start in stride(from: 0, to: data.queries.count, by: Self.turn) {
            let queries = data.queries[start..<min(start + Self.turn, data.queries.count)]
            bare += queries.map { query in 1e6 * BenchmarkClock.thread.seconds { slab.multiply(query) } }
            var truth: [[Neighbor]] = []
            for position in contestants.indices {
                var found: [[Neighbor]] = []
                for query in queries {
                    let micros =
                        try 1e6
                        * BenchmarkClock.thread.seconds {
                            found.append(try contestants[position].index.search(query, count: 1))
                        }
                    contestants[position].micros.append(micros)
                }
                // The first contestant is the exact reference path (its tests hold it against float64).
                if position == 0 { truth = found }
                for (one, other) in zip(found, truth) {
                    contestants[position].correct += one.first?.id == other.first?.id ? 1 : 0
                    contestants[position].identical = contestants[position].identical && one == other
                }
            }
        }
        let reference = Result(
            name: "bare cblas_sgemv",
            micros: bare.median,
            recall: 1,
            isExact: true,
            bytesPerEntry: Double(data.dimension * 4)
        )
        return [reference]
            + contestants.map { contestant in
                Result(
                    name: contestant.name,
                    micros: contestant.micros.median,
                    recall: Double(contestant.correct) / Double(data.queries.count),
                    isExact: contestant.identical,
                    bytesPerEntry: Double(contestant.index.memoryUse.total) / Double(size)
                )
            }
    }
}

/// The rows as a caller of plain BLAS would keep them: one array without gaps.
final class RowSlab {
    private let dimension: Int
    private let size: Int
    private var slab: VectorSlab
    private var scores: [Float]

    init(data: DataSet, size: Int) {
        dimension = data.dimension
        self.size = size
        slab = VectorSlab(width: data.dimension)
        slab.reserve(rows: size)
        for row in 0..<size { slab.row(row).update(from: data.row(row), count: data.dimension) }
        scores = [Float](repeating: 0, count: size)
    }

    func multiply(_ query: [Float]) {
        BLAS.sgemv(
            rows: slab.base,
            stride: slab.stride,
            count: size,
            dimension: dimension,
            query: query,
            into: &scores
        )
    }
}
