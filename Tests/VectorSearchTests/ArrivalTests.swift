import Testing

@testable import VectorSearch

/// Walks that narrow once they have arrived.
@Suite struct ArrivalTests {
    /// Vectors in a cone: all have a large part in common, as those of some embedders do.
    private func cone(_ data: HNSWTestData, share: Float) -> [[Float]] {
        var random = SeededGenerator(seed: 3)
        let axis = random.unitVector(data.dimension)
        return (data.vectors + data.queries).map { vector in
            HNSWTestData.unit(zip(axis, vector).map { share * $0 + (1 - share) * $1 })
        }
    }

    private func filled(_ vectors: ArraySlice<[Float]>) throws -> (index: HNSWIndex, oracle: BruteForce) {
        let index = HNSWIndex(dimension: vectors[vectors.startIndex].count)
        var oracle = BruteForce()
        for (id, vector) in vectors.enumerated() {
            try index.insert(vector, id: UInt64(id))
            oracle.insert(vector, id: UInt64(id))
        }
        return (index, oracle)
    }

    @Test func baseSimilarityIsThatOfPairsDrawnAtRandom() throws {
        let data = HNSWTestData(count: 512, dimension: 48, clusters: 200, seed: 1)
        for share in [Float(0), 0.6] {
            let vectors = cone(data, share: share).prefix(512)
            let (index, _) = try filled(vectors)
            var (sum, pairs) = (0.0, 0)
            for first in stride(from: 0, to: 512, by: 3) {
                for second in stride(from: 1, to: 512, by: 7) where first != second {
                    sum += BruteForce.dot(vectors[first], vectors[second])
                    pairs += 1
                }
            }
            let measured = Double(index.graph.read { $0.baseSimilarity })
            #expect(abs(measured - max(0, sum / Double(pairs))) < 0.05, "share \(share)")
        }
    }

    /// What narrows must not be fooled by a cone, in which everything looks near.
    @Test(arguments: [Float(0), 0.5, 0.7])
    func wideSearchesStayWideWhereNothingIsNear(share: Float) throws {
        let data = HNSWTestData(count: 1500, dimension: 48, queries: 80, clusters: 60, seed: 2)
        let vectors = cone(data, share: share)
        let (index, oracle) = try filled(vectors.prefix(1500))
        let options = SearchOptions(effort: 160)
        #expect(try index.recall(of: oracle, queries: Array(vectors.dropFirst(1500)), options: options) >= 0.97)
    }

    @Test func onlyTheFirstFewAreWorthExpandingOnceTheWantedAreNear() {
        let query = [Float](repeating: 0, count: 1)
        query.withUnsafeBufferPointer { unit in
            guard let unit = unit.baseAddress else { return }
            let arrival = Arrival(unit: unit, equalScore: .max, nearScore: 80, rank: 1, width: 4)
            func worth(_ scores: [Int32]) -> Int32? {
                var pool = CandidatePool()
                pool.begin(limit: 10)
                for (slot, score) in scores.enumerated() { pool.insert(slot: UInt32(slot), score: score) }
                return arrival.worthExpanding(pool)
            }
            #expect(worth([90, 85, 70, 60, 50]) == 60)
            #expect(worth([90, 75, 70, 60, 50]) == nil, "the second wanted one is not near")
            #expect(worth([90, 85, 70]) == nil, "too few in view to know")
            #expect(worth([90, 89, 88, 87, 50]) == nil, "a dense place needs all of the beam")
        }
    }

    /// Hundreds of entries within cosine 0.8 of each other: the rule must not stop before their order is settled.
    @Test func denseClustersAreSettledToo() throws {
        let data = HNSWTestData(count: 1500, dimension: 32, queries: 60, clusters: 4, seed: 5)
        let index = try data.index()
        let recall = try index.recall(of: data.bruteForce(), queries: data.queries, options: SearchOptions(effort: 256))
        #expect(recall >= 0.99)
    }
}
