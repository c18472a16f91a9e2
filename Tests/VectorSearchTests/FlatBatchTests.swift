import Testing
import VectorSearch

@Suite struct FlatBatchTests {
    @Test(arguments: [1, 31, 33, 100])
    func batchEqualsSingleSearches(queryCount: Int) throws {
        var random = SeededGenerator(seed: 21)
        let index = FlatIndex(dimension: 32)
        for id in 0..<1500 as Range<UInt64> {
            try index.insert(random.unitVector(32), id: id, attributes: VectorAttributes(label: UInt32(id % 3)))
        }
        let queries = (0..<queryCount).map { _ in random.unitVector(32) }
        for options in [SearchOptions(), SearchOptions(minimumSimilarity: 0.4, filter: VectorFilter(label: 1))] {
            let batch = try index.search(batch: queries, count: 4, options: options)
            #expect(batch.count == queryCount)
            for (query, found) in zip(queries, batch) {
                #expect(try found == index.search(query, count: 4, options: options))
            }
        }
    }

    @Test func emptyBatchesAndIndexesGiveEmptyResults() throws {
        let index = FlatIndex(dimension: 2)
        #expect(try index.search(batch: [], count: 3) == [])
        #expect(try index.search(batch: [[1, 0], [0, 1]], count: 3) == [[], []])
        #expect(throws: VectorIndexError.zeroVector) { try index.search(batch: [[1, 0], [0, 0]], count: 1) }
    }
}
