import Testing
import VectorSearch

@Suite struct FlatProjectionTests {
    /// Unit vectors near a subspace of a few dimensions, off the origin: what a projection is for.
    private func lowRank(_ count: Int, dimension: Int, rank: Int, seed: UInt64) -> [[Float]] {
        var random = SeededGenerator(seed: seed)
        let axes = (0..<rank).map { _ in random.unitVector(dimension) }
        let offset = random.unitVector(dimension)
        return (0..<count).map { _ in
            let noise = random.unitVector(dimension)
            var vector = offset.indices.map { offset[$0] + 0.05 * noise[$0] }
            for axis in axes {
                let amount = random.normal()
                for index in vector.indices { vector[index] += amount * axis[index] }
            }
            return HNSWTestData.unit(vector)
        }
    }

    private func filled(_ vectors: [[Float]]) throws -> (index: FlatIndex, oracle: BruteForce) {
        let index = FlatIndex(dimension: vectors[0].count, quantization: .none)
        var oracle = BruteForce()
        for (id, vector) in vectors.enumerated() {
            try index.insert(vector, id: UInt64(id))
            oracle.insert(index.vector(id: UInt64(id)) ?? [], id: UInt64(id))
        }
        return (index, oracle)
    }

    @Test func findsTheNearestFromAFewComponentsAndReturnsExactSimilarities() throws {
        let vectors = lowRank(1200, dimension: 96, rank: 12, seed: 1)
        let (index, oracle) = try filled(Array(vectors.dropFirst(100)))
        let plain = index.memoryUse
        try index.fitProjection(components: 16, candidates: 20)
        #expect(index.memoryUse.codes > plain.codes)
        var found = 0
        for query in vectors.prefix(100) {
            let truth = oracle.search(query, count: 1)
            let best = try index.search(query, count: 1)
            found += best == truth ? 1 : 0
            #expect(best.first.map { $0.similarity <= (truth.first?.similarity ?? 1) } ?? false)
        }
        #expect(found >= 99)
        try index.fitProjection(components: 0, candidates: 1)
        #expect(index.memoryUse == plain)
        for query in vectors.prefix(20) { #expect(try index.search(query, count: 5) == oracle.search(query, count: 5)) }
    }

    @Test func entriesThatComeAndGoAfterTheFitAreFoundAndForgotten() throws {
        let vectors = lowRank(600, dimension: 64, rank: 8, seed: 2)
        let (index, _) = try filled(Array(vectors.prefix(60)))
        try index.fitProjection(components: 12, candidates: 25)
        for id in 60..<600 {
            try index.insert(vectors[id], id: UInt64(id), attributes: VectorAttributes(label: UInt32(id % 2)))
            if id.isMultiple(of: 3) { index.remove(id: UInt64(id - 50)) }
        }
        for (id, vector) in vectors.enumerated() {
            let isPresent = index.contains(id: UInt64(id))
            #expect(try (index.search(vector, count: 1).first?.id == UInt64(id)) == isPresent)
            guard isPresent, id >= 60 else { continue }
            let options = SearchOptions(minimumSimilarity: 0.99, filter: VectorFilter(label: UInt32(id % 2)))
            #expect(try index.search(vector, count: 1, options: options).first?.id == UInt64(id))
        }
    }

    @Test func degenerateIndexesAreProjectedOrRefusedInWords() throws {
        let index = FlatIndex(dimension: 8, quantization: .int8)
        #expect(throws: VectorIndexError.projectionFailed("no entries")) {
            try index.fitProjection(components: 2, candidates: 1)
        }
        let vector: [Float] = [1, 0, 0, 0, 0, 0, 0, 0]
        for id in 0..<300 as Range<UInt64> { try index.insert(vector, id: id) }
        try index.fitProjection(components: 4, candidates: 10)
        let found = try index.search(vector, count: 3)
        #expect(found.count == 3 && found.allSatisfy { $0.similarity == 1 })
    }
}
