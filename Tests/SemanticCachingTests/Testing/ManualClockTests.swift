import SemanticCaching
import SemanticCachingTesting
import Testing

@Suite struct ManualClockTests {
    @Test func standsStillUntilMoved() {
        let clock = ManualClock(now: Timestamp(milliseconds: 1_000))
        clock.advance(by: .milliseconds(250))
        #expect(clock.now == Timestamp(milliseconds: 1_250))
        clock.set(to: Timestamp(milliseconds: 10))
        #expect(clock.now == Timestamp(milliseconds: 10))
    }

    @Test func wakesThoseWhoseTimeHasComeAndNoOthers() async throws {
        let clock = ManualClock()
        let woken = Watched<[Int]>([])
        try await withThrowingTaskGroup(of: Void.self) { group in
            for seconds in [3, 1, 2] {
                group.addTask {
                    try await clock.sleep(for: .seconds(seconds))
                    woken.update { $0.append(seconds) }
                }
            }
            try await clock.waitForSleepers(count: 3)
            for seconds in 1...3 {
                clock.advance(by: .seconds(1))
                try await woken.wait { $0.count == seconds }
                #expect(woken.value == Array(1...seconds))
                #expect(clock.sleeperCount == 3 - seconds)
            }
            try await group.waitForAll()
        }
    }

    @Test func aCancelledSleeperLeavesAtOnce() async throws {
        let clock = ManualClock()
        let task = Task { try await clock.sleep(for: .seconds(1)) }
        try await clock.waitForSleepers(count: 1)
        task.cancel()
        await #expect(throws: CancellationError.self) { try await task.value }
        #expect(clock.sleeperCount == 0)
    }

    @Test func aTaskThatIsCancelledAlreadyDoesNotSleep() async throws {
        let clock = ManualClock()
        let gate = Gate()
        let task = Task {
            try? await gate.pass()
            try await clock.sleep(for: .seconds(1))
        }
        task.cancel()
        gate.open()
        await #expect(throws: CancellationError.self) { try await task.value }
    }

    @Test func sleepingForNoTimeReturns() async throws {
        try await ManualClock().sleep(for: .zero)
    }
}
