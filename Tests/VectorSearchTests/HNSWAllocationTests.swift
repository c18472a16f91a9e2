import CAllocationCounter
import Testing
import VectorSearch

@Suite struct HNSWAllocationTests {
    @Test(
        .enabled(if: cac_allocations_of_this_thread() >= 0),
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
        // A debug build boxes what a release build keeps in registers; that too has its bound.
        let most = (cac_is_release_build() != 0 ? 1 : 3) * data.queries.count
        #expect((counts.min() ?? .max) <= most)
    }
}
