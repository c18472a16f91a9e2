import Testing

@testable import VectorSearch

@Suite struct HNSWFilterTests {
    /// One entry in `share` has label 1, spread over the space.
    @Test(arguments: [2, 10, 100])
    func findsTheNearestThatPass(share: Int) throws {
        let data = HNSWTestData(count: 2000, dimension: 32, queries: 60, seed: 41)
        let (index, oracle) = try labelled(data) { id, _ in id % share == 0 ? 1 : 0 }
        let options = SearchOptions(effort: 48, filter: VectorFilter(label: 1))
        #expect(try index.recall(of: oracle, queries: data.queries, count: 4, options: options) >= 0.97)
        for query in data.queries {
            #expect(try index.search(query, count: 4, options: options).allSatisfy { $0.id % UInt64(share) == 0 })
        }
    }

    /// A tenant that lives in one corner, asked from everywhere: the walk finds few that pass, or none.
    @Test(arguments: [0.5, 0.1])
    func findsATenantInACorner(share: Double) throws {
        let data = HNSWTestData(count: 2000, dimension: 32, queries: 60, seed: 42)
        let corner = data.vectors[0]
        let similarities = data.vectors.map { BruteForce.dot($0, corner) }.sorted(by: >)
        let border = similarities[Int(share * 2000)]
        let (index, oracle) = try labelled(data) { _, vector in BruteForce.dot(vector, corner) >= border ? 1 : 0 }
        let options = SearchOptions(effort: 48, filter: VectorFilter(label: 1))
        #expect(try index.recall(of: oracle, queries: data.queries, count: 4, options: options) >= 0.97)
    }

    @Test func expiredEntriesAreNotFound() throws {
        let data = HNSWTestData(count: 2000, dimension: 32, queries: 60, seed: 43)
        let index = HNSWIndex(dimension: 32)
        var oracle = BruteForce()
        for (id, vector) in data.vectors.enumerated() {
            let attributes = VectorAttributes(label: 0, expiresAt: id % 4 == 0 ? .max : UInt32(id % 100))
            try index.insert(vector, id: UInt64(id), attributes: attributes)
            oracle.insert(vector, id: UInt64(id), attributes: attributes)
        }
        for now: UInt32 in [0, 50, 98, 99, 1000] {
            let options = SearchOptions(effort: 64, filter: VectorFilter(notExpiredAt: now))
            #expect(try index.recall(of: oracle, queries: data.queries, count: 3, options: options) >= 0.97)
        }
    }

    @Test func noEntryPasses() throws {
        let data = HNSWTestData(count: 800, dimension: 16, seed: 44)
        let (index, _) = try labelled(data) { _, _ in 7 }
        let unknown = SearchOptions(filter: VectorFilter(label: 1))
        let expired = SearchOptions(filter: VectorFilter(label: 7, notExpiredAt: 5))
        #expect(try index.search(data.queries[0], count: 3, options: unknown).isEmpty)
        #expect(try index.search(data.queries[0], count: 3, options: expired).count == 3)
        for id in 0..<800 as Range<UInt64> { index.remove(id: id) }
        #expect(try index.search(data.queries[0], count: 3, options: expired).isEmpty)
    }

    private func labelled(
        _ data: HNSWTestData,
        label: (Int, [Float]) -> UInt32
    ) throws -> (HNSWIndex, BruteForce) {
        let attributes = data.vectors.enumerated().map { VectorAttributes(label: label($0, $1)) }
        let index = HNSWIndex(dimension: data.dimension)
        try index.insert(
            rows: data.vectors.flatMap(\.self),
            ids: Array(0..<UInt64(data.vectors.count)),
            attributes: attributes
        )
        var oracle = BruteForce()
        for (id, vector) in data.vectors.enumerated() {
            oracle.insert(vector, id: UInt64(id), attributes: attributes[id])
        }
        return (index, oracle)
    }
}
