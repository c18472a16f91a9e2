import Testing

@testable import CacheTuning

@Suite struct HalfSplitTests {
    @Test(arguments: 0..<20 as Range<UInt64>)
    func rowsOfAGroupStayTogetherInHalvesOfOneSize(_ seed: UInt64) throws {
        // Groups of 1 to 8 rows, in no order.
        let groups = (0..<36).map { number in (1...8).prefix { $0 * ($0 - 1) / 2 <= number * 7 % 36 }.count }
        let split = HalfSplit(groups: groups, seed: seed)
        #expect((split.fit + split.heldOut).sorted() == Array(groups.indices))
        #expect(Set(split.fit.map { groups[$0] }).isDisjoint(with: split.heldOut.map { groups[$0] }))
        #expect(abs(split.fit.count - split.heldOut.count) <= 2)
        try split.validate(atLeast: 16)
    }

    @Test func theSeedDecidesWhichHalfIsWhich() {
        let groups = Array(0..<24)
        let splits = (0..<20 as Range<UInt64>).map { HalfSplit(groups: groups, seed: $0).fit }
        #expect(splits.allSatisfy { $0.count == 12 })
        #expect(Set(splits).count == 20)
        #expect(HalfSplit(groups: groups, seed: 3).fit == splits[3])
    }

    /// A group of half the rows and more leaves the other half what is not in it, and no less.
    @Test func aLargeGroupLeavesAllOthersToTheOtherHalf() {
        let groups = Array(repeating: 0, count: 30) + Array(1...10)
        for seed in 0..<8 as Range<UInt64> {
            let split = HalfSplit(groups: groups, seed: seed)
            #expect(min(split.fit.count, split.heldOut.count) == 10)
            #expect(throws: TuningError.inseparable(smallerHalf: 10, needed: 11)) { try split.validate(atLeast: 11) }
        }
    }

    @Test func nothingIsSplitIntoNothing() {
        let split = HalfSplit(groups: [], seed: 0)
        #expect(split.fit.isEmpty && split.heldOut.isEmpty)
    }
}
