import Synchronization
import Testing

@testable import VectorSearch

/// Searches for thousands of entries, whose cost must not grow with the square of what is wanted.
@Suite struct WideSearchTests {
    /// A score that counts how often it is compared.
    private struct CountedScore: Comparable, BitwiseCopyable {
        static let comparisons = Atomic<Int>(0)
        var value: Int32

        static func < (left: CountedScore, right: CountedScore) -> Bool {
            comparisons.wrappingAdd(1, ordering: .relaxed)
            return left.value < right.value
        }

        static func == (left: CountedScore, right: CountedScore) -> Bool {
            comparisons.wrappingAdd(1, ordering: .relaxed)
            return left.value == right.value
        }
    }

    @Test func manyScoresAreSortedWithFewComparisons() throws {
        let count = 3000
        let data = HNSWTestData(count: count, dimension: 8, queries: 1, seed: 81)
        let index = HNSWIndex(dimension: 8)
        try index.insert(rows: data.vectors.flatMap(\.self), ids: Array(0..<UInt64(count)))
        var random = SeededGenerator(seed: 82)
        var slots = (0..<UInt32(count)).shuffled(using: &random)
        // Few values, so that many are equal and the order of insertion decides.
        var scores = slots.map { CountedScore(value: Int32($0 % 100)) }
        let before = CountedScore.comparisons.load(ordering: .relaxed)
        slots.withUnsafeMutableBufferPointer { slots in
            scores.withUnsafeMutableBufferPointer { scores in
                guard let slot = slots.baseAddress, let score = scores.baseAddress else { return }
                index.graph.read { $0.sort(slot, score, count: count) }
            }
        }
        #expect(CountedScore.comparisons.load(ordering: .relaxed) - before < 60 * count, "n log₂ n is 35,000")
        let stamps = index.graph.read { $0.stamps }
        let expected = (0..<UInt32(count)).sorted {
            ($1 % 100, stamps[Int($0)]) < ($0 % 100, stamps[Int($1)])
        }
        #expect(slots == expected)
    }

    /// Whoever wants a good part of all entries gets exactly the nearest, in their order.
    @Test(arguments: [nil, VectorFilter(label: 1)])
    func aGoodPartOfAllEntriesIsScanned(filter: VectorFilter?) throws {
        let data = HNSWTestData(count: 2400, dimension: 24, queries: 3, seed: 83)
        let index = HNSWIndex(dimension: 24)
        let attributes = (0..<2400).map { VectorAttributes(label: $0 % 4 == 0 ? 0 : 1) }
        try index.insert(
            rows: data.vectors.flatMap(\.self),
            ids: Array(0..<2400 as Range<UInt64>),
            attributes: attributes
        )
        var oracle = BruteForce()
        for (id, vector) in data.vectors.enumerated() {
            oracle.insert(vector, id: UInt64(id), attributes: attributes[id])
        }
        for count in [1, 400, 1200, 2400, .max] {
            let options = SearchOptions(filter: filter)
            for query in data.queries {
                let found = try index.search(query, count: count, options: options)
                let truth = oracle.search(query, count: count, options: options)
                #expect(found.count == truth.count)
                guard count > 1 else { continue }
                #expect(zip(found, truth).allSatisfy { abs($0.similarity - $1.similarity) < 1e-5 }, "\(count)")
                #expect(Set(found.map(\.id)).count == found.count)
            }
        }
        let waysOfSearching = index.graph.read { graph in
            [(1, 64), (64, 512), (300, 300), (301, 301), (1, 8192), (1, 8193)].map {
                graph.isScanSooner(count: $0.0, effort: $0.1)
            }
        }
        #expect(waysOfSearching == [false, false, false, true, false, true])
    }

    /// Long lists are merged as short ones are: by similarity, the older first among equals, no entry twice.
    @Test(arguments: [3, 64, 65, 6000])
    func longListsAreMergedLikeShortOnes(count: Int) {
        var random = SeededGenerator(seed: 84)
        func list(_ ids: Range<UInt64>) -> [Neighbor] {
            ids.map { Neighbor(id: $0, similarity: Float(Int.random(in: 0..<500, using: &random)) / 500) }
                .sorted { $0.similarity > $1.similarity }
        }
        let older = list(0..<4000)
        // An entry that is just moving is in both, at the same place.
        let newer = (older.filter { $0.id % 9 == 0 } + list(10_000..<13_000)).sorted { $0.similarity > $1.similarity }
        let merged = AutoIndex.merge(older, newer, count: count)
        #expect(merged.count == count)
        #expect(Set(merged.map(\.id)).count == count)
        let all = (older + newer.filter { $0.id >= 10_000 }).map(\.similarity).sorted(by: >)
        #expect(merged.map(\.similarity) == Array(all.prefix(count)))
        for (left, right) in zip(merged, merged.dropFirst()) where left.similarity == right.similarity {
            #expect(left.id < 10_000 || right.id >= 10_000)
        }
    }
}
