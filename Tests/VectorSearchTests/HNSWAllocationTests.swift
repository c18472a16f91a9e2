import CAllocationCounter
import Testing
import VectorSearch

/// Debug builds box values that release builds keep in registers, so only release builds can be counted.
private let isReleaseBuild: Bool = {
    var isRelease = true
    assert(
        {
            isRelease = false
            return true
        }()
    )
    return isRelease
}()

@Suite struct HNSWAllocationTests {
    @Test(
        .enabled(if: isReleaseBuild && cac_allocations_of_this_thread() >= 0),
        arguments: [nil, VectorFilter(notExpiredAt: 5), VectorFilter(label: 1)]
    )
    func searchAllocatesItsResultAndNothingElse(filter: VectorFilter?) throws {
        let data = HNSWTestData(count: 3000, dimension: 64, queries: 40, seed: 71)
        let index = HNSWIndex(dimension: 64)
        let attributes = (0..<3000).map { VectorAttributes(label: $0 % 20 == 0 ? 1 : 0) }
        try index.insert(
            rows: data.vectors.flatMap(\.self),
            ids: Array(0..<3000 as Range<UInt64>),
            attributes: attributes
        )
        let options = SearchOptions(effort: 64, filter: filter)
        // What the runtime allocates once (metadata, a lock's slow path) lands in one round; a search that allocates does in each.
        let counts = try (0..<4).map { _ in
            let before = cac_allocations_of_this_thread()
            for query in data.queries { _ = try index.search(query, count: 4, options: options) }
            return cac_allocations_of_this_thread() - before
        }
        #expect(counts.min() == data.queries.count)
    }
}
