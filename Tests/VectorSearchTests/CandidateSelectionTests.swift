import Testing
import VectorSearch

@Suite struct CandidateSelectionTests {
    /// Both ways of keeping the k largest lower ends, with ties, must keep exactly the intervals that reach the k-th.
    @Test(arguments: [1, 2, 5, 32, 33, 64, 300], [0, 1, 40, 64, 1000, 5000])
    func keepsExactlyTheIntervalsThatReachTheKthLowerEnd(wanted: Int, total: Int) {
        var random = SeededGenerator(seed: UInt64(wanted * 7919 + total))
        let intervals = (0..<total).map { _ in
            let middle = Float(Int.random(in: -300...300, using: &random)) / 300
            let width = Float(Int.random(in: 0...20, using: &random)) / 300
            return (lower: middle - width, upper: middle + width)
        }
        for floor in [-Float.infinity, 0.5] {
            var selection = CandidateSelection()
            for _ in 0..<2 {  // twice: a selection is used again and again
                selection.begin(wanted: wanted, floor: floor)
                for (slot, interval) in intervals.enumerated() {
                    selection.offer(slot: UInt32(slot), lower: interval.lower, upper: interval.upper)
                }
                selection.prune()
            }
            let eligible = intervals.filter { $0.upper >= floor }
            let lowerEnds = eligible.map(\.lower).sorted(by: >)
            let threshold = max(floor, lowerEnds.count >= wanted ? lowerEnds[wanted - 1] : -.infinity)
            let expected = intervals.indices.filter { intervals[$0].upper >= threshold }.map(UInt32.init)
            #expect(selection.keptSlots.sorted() == expected)
            selection.sortByUpper()
            let uppers = (0..<selection.count).map { selection.upper($0) }
            #expect(uppers == uppers.sorted(by: >))
            #expect((0..<selection.count).allSatisfy { intervals[Int(selection.slot($0))].upper == uppers[$0] })
        }
    }
}
