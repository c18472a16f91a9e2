internal import VectorKernels

/// Where a walk knows that it has arrived, and what it does then.
///
/// A walk fails by ending in the wrong region, and there everything is about as far from the query: on 2,000 held-out
/// questions among 179,000, whoever missed a neighbour of cosine 0.8 or more had found none above 0.6. So once the best
/// candidates are *near*, the walk is in the right region, and the nodes about the query settle the order: only the
/// first ``width`` in view are expanded. A wide beam is for queries that have no near neighbour, and for those with
/// more near ones than that, as in a dense cluster. Measured in docs/performance/hnsw.md.
///
/// Near is relative to how alike any two entries are: embedders that put all texts into a cone of cosine 0.7 know no
/// 0.6.
struct Arrival {
    /// The query at unit length.
    var unit: UnsafePointer<Float>
    /// The score on the high plane from which on a new best candidate is compared exactly: nothing is closer to a query
    /// than an equal vector, so that a search for the single best entry ends there.
    var equalScore: Int32
    /// The score on the high plane from which on a candidate is near.
    var nearScore: Int32
    /// The rank of the last wanted entry.
    var rank: Int
    /// Candidates that are expanded after arriving.
    var width: Int

    /// A similarity that only rounding keeps from 1.
    static let equal: Float = 0.999_999
    /// The cosine from which on a neighbour is near, where two entries drawn at random have cosine 0.
    static let near: Float = 0.8
    /// Candidates that are expanded after arriving, per wanted entry.
    static let width = 16

    /// The score of the last candidate that is still worth expanding; `nil` before arriving, when all are.
    @inline(__always)
    func worthExpanding(_ pool: borrowing CandidatePool) -> Int32? {
        guard pool.count >= width, pool.score(rank) >= nearScore else { return nil }
        let last = pool.score(width &- 1)
        return last < nearScore ? last : nil
    }
}

extension HNSWGraph {
    /// What ends a walk for the `count` nearest entries early.
    func arrival(_ query: Query, count: Int) -> Arrival {
        let near = baseSimilarity + Arrival.near * (1 - baseSimilarity)
        return Arrival(
            unit: query.unit,
            equalScore: count == 1 ? highScore(Arrival.equal - Self.highErrorBelow * step, query) : .max,
            nearScore: highScore(near, query),
            rank: count - 1,
            width: Arrival.width * count
        )
    }

    /// The score on the high plane of a node with this similarity.
    private func highScore(_ similarity: Float, _ query: Query) -> Int32 {
        Int32(similarity / (16 * query.scale) + 7.53125 * Float(query.sum))
    }

    /// Samples how alike two entries are whenever their number has doubled.
    ///
    /// The mean cosine of *s* unit rows with each other is (‖Σ rows‖² - s) / (s² - s).
    mutating func noteBaseSimilarity() {
        guard liveCount >= Self.baseSample, liveCount & (liveCount - 1) == 0 else { return }
        var sum = [Float](repeating: 0, count: dimension)
        var taken = 0
        for number in 0..<Self.baseSample {
            let slot = number * slotCount / Self.baseSample
            guard states[slot] == .live else { continue }
            let row = rows.row(slot)
            for index in 0..<dimension { sum[index] += row[index] }
            taken += 1
        }
        guard taken > 1 else { return }
        let squared = sum.reduce(0) { $0 + $1 * $1 }
        let count = Float(taken)
        baseSimilarity = Swift.min(Swift.max((squared - count) / (count * count - count), 0), 1)
    }

    private static var baseSample: Int { 256 }
}
