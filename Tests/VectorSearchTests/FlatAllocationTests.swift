import CAllocationCounter
import Testing
import VectorSearch

@Suite struct FlatAllocationTests {
    @Test(
        .enabled(if: cac_allocations_of_this_thread() >= 0),
        arguments: [FlatQuantization.none, .int8, .signBits(candidates: 50)]
    )
    func searchAllocatesItsResultAndNothingElse(quantization: FlatQuantization) throws {
        var random = SeededGenerator(seed: 17)
        let index = FlatIndex(dimension: 64, quantization: quantization)
        for id in 0..<3000 as Range<UInt64> { try index.insert(random.unitVector(64), id: id) }
        let queries = (0..<20).map { _ in random.unitVector(64) }
        let options = SearchOptions(filter: VectorFilter(notExpiredAt: 5))
        // What the runtime allocates once (metadata, a lock's slow path) lands in one round; a search that allocates does in each.
        let counts = try (0..<4).map { _ in
            let before = cac_allocations_of_this_thread()
            for query in queries { _ = try index.search(query, count: 4, options: options) }
            return cac_allocations_of_this_thread() - before
        }
        // A debug build boxes what a release build keeps in registers; that too has its bound.
        let most = (cac_is_release_build() != 0 ? 1 : 30) * queries.count
        #expect((counts.min() ?? .max) <= most)
    }
}
