import Testing

@testable import SemanticCaching

@Suite struct WaitingLineTests {
    @Test func whoWaitsLongestIsNextAndWhoLeftIsNot() {
        var line = WaitingLine()
        for number: UInt64 in 1...1_000 { line.append(number) }
        for number: UInt64 in 1...1_000 where number % 3 != 0 { line.remove(number) }
        let isRemovedAgain = line.remove(1)
        #expect(!isRemovedAgain)
        #expect(line.count == 333)
        line.append(1_001)
        var seen: [UInt64] = []
        while let number = line.popFirst() { seen.append(number) }
        #expect(seen == (1...1_000).filter { $0 % 3 == 0 } + [1_001])
        #expect(line.all.isEmpty)
    }

    /// With one look at all for each, this would be ten thousand million steps.
    @Test func manyCancelledLeadersHandOverOneByOne() {
        let count: UInt64 = 100_000
        var table = FlightTable<String, Int>()
        _ = table.board("a")
        for _ in 0..<count { _ = table.board("a") }
        #expect(table.isUnderWay("a"))
        var isInOrder = true
        for number in 1...count {
            if table.fail("a", with: CancellationError(), isCancelled: true) != [number] { isInOrder = false }
        }
        #expect(isInOrder)
        #expect(table.waitingCount == 0)
        #expect(table.fail("a", with: CancellationError(), isCancelled: true).isEmpty)
        #expect(!table.isUnderWay("a"))
    }
}
