import SemanticCaching
import Testing

@Suite struct FlightTableTests {
    private struct Failure: Error {}

    private func board(
        _ table: inout FlightTable<String, Int>,
        _ key: String,
        expecting ticket: FlightTable<String, Int>.Ticket
    ) {
        let boarded = table.board(key)
        #expect(boarded == ticket)
    }

    private func expectWoken(_ woken: [UInt64], _ expected: Set<UInt64>) { #expect(Set(woken) == expected) }

    @Test func theFirstLeadsAndTheOthersGetItsValue() {
        var table = FlightTable<String, Int>()
        board(&table, "a", expecting: .leading)
        board(&table, "a", expecting: .waiting(1))
        board(&table, "b", expecting: .leading)
        board(&table, "a", expecting: .waiting(2))
        expectWoken(table.land("a", with: 7), [1, 2])
        for number: UInt64 in [1, 2] {
            guard case .landed(7)? = table.takeTurn(of: number) else {
                Issue.record("no value")
                return
            }
            if table.takeTurn(of: number) != nil { Issue.record("a turn came twice") }
        }
        board(&table, "a", expecting: .leading)
    }

    @Test func aFailedLeaderHandsOverOnceThenFailureIsShared() {
        var table = FlightTable<String, Int>()
        _ = table.board("a")
        for _ in 0..<3 { _ = table.board("a") }
        expectWoken(table.fail("a", with: Failure(), isCancelled: false), [1])
        guard case .lead? = table.takeTurn(of: 1) else {
            Issue.record("not handed over")
            return
        }
        expectWoken(table.fail("a", with: Failure(), isCancelled: false), [2, 3])
        guard case .failed? = table.takeTurn(of: 2) else {
            Issue.record("failure not shared")
            return
        }
        #expect(table.waitingCount == 0)
    }

    @Test func cancelledLeadersHandOverAsOftenAsItTakes() {
        var table = FlightTable<String, Int>()
        _ = table.board("a")
        for _ in 0..<3 { _ = table.board("a") }
        for number: UInt64 in 1...3 {
            expectWoken(table.fail("a", with: CancellationError(), isCancelled: true), [number])
            guard case .lead? = table.takeTurn(of: number) else {
                Issue.record("not handed over")
                return
            }
        }
        expectWoken(table.fail("a", with: CancellationError(), isCancelled: true), [])
        board(&table, "a", expecting: .leading)
    }

    @Test func aCancelledWaiterLeavesUnlessItsTurnCame() {
        var table = FlightTable<String, Int>()
        _ = table.board("a")
        _ = table.board("a")
        _ = table.board("a")
        let left = table.cancel(1, of: "a")
        let leftTwice = table.cancel(1, of: "a")
        #expect(left && !leftTwice)
        let landed = table.land("a", with: 1)
        #expect(landed == [2])
        let leftLate = table.cancel(2, of: "a")
        #expect(!leftLate)
        guard case .landed? = table.takeTurn(of: 2) else {
            Issue.record("no value")
            return
        }
    }
}
