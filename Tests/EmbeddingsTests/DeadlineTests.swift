import Embeddings
import Synchronization
import Testing

@Suite struct DeadlineTests {
    @Test func alarmsGoOffInTheOrderOfTheirTimesAndNeverEarly() async {
        let wheel = DeadlineWheel(tick: .milliseconds(1))
        let (order, note) = AsyncStream.makeStream(of: Int.self)
        let start = ContinuousClock.now
        // Further apart than a busy machine lies between two of these lines.
        for (number, delay) in [600, 200, 400, 0].enumerated() {
            _ = wheel.add(after: .milliseconds(delay)) {
                #expect(start.duration(to: .now) >= .milliseconds(delay))
                note.yield(number)
            }
        }
        var seen: [Int] = []
        for await number in order {
            seen.append(number)
            if seen.count == 4 { break }
        }
        #expect(seen == [3, 1, 2, 0])
        #expect(wheel.count == 0)
    }

    @Test func aCancelledAlarmLeavesNothing() async {
        let wheel = DeadlineWheel(tick: .milliseconds(1))
        let alarms = (0..<1_000).map { _ in wheel.add(after: .seconds(60)) { Issue.record("It was cancelled.") } }
        let kept = wheel.add(after: .seconds(60)) {}
        for alarm in alarms { alarm.cancel() }
        #expect(wheel.count == 1)
        kept.cancel()
        kept.cancel()
        #expect(wheel.count == 0)
    }

    @Test func absurdTimesAreAsGoodAsNever() {
        let wheel = DeadlineWheel(tick: .milliseconds(1))
        let longest = Duration(secondsComponent: .max, attosecondsComponent: 0)
        for duration in [longest, .seconds(1e17), .seconds(Int64(1) << 40)] {
            let alarm = wheel.add(after: duration) { Issue.record("It is not due.") }
            #expect(wheel.count == 1)
            alarm.cancel()
        }
        #expect(wheel.count == 0)
    }

    @Test func itTicksAgainAfterARest() async {
        let wheel = DeadlineWheel(tick: .milliseconds(1))
        for _ in 0..<3 {
            await withCheckedContinuation { continuation in
                _ = wheel.add(after: .milliseconds(2)) { continuation.resume() }
            }
        }
        #expect(wheel.count == 0)
    }

    @Test func anOperationThatEndsInTimeLeavesNoAlarm() async throws {
        let wheel = DeadlineWheel()
        for number in 0..<100 {
            #expect(try await withDeadline(.seconds(3_600), on: .wheel(wheel)) { number } == number)
        }
        #expect(wheel.count == 0)
    }

    @Test func aHangingOperationIsLeftAloneAndCancelled() async {
        let isCancelled = Watched(false)
        await #expect(throws: DeadlineExceeded.self) {
            try await withDeadline(.milliseconds(5)) {
                await withTaskCancellationHandler {
                    await withCheckedContinuation { isCancelled.whenSet($0) }
                } onCancel: {
                    isCancelled.set()
                }
            }
        }
        await withCheckedContinuation { isCancelled.whenSet($0) }
    }

    @Test func theCallersCancellationEndsTheWait() async {
        let task = Task {
            try await withDeadline(.seconds(3_600)) { try await Task.sleep(for: .seconds(3_600)) }
        }
        task.cancel()
        await #expect(throws: CancellationError.self) { try await task.value }
    }

    @Test func aClockThatIsMovedByHandDecides() async {
        await #expect(throws: DeadlineExceeded.self) {
            try await withDeadline(.seconds(3_600), on: .sleeping { _ in }) {
                try await Task.sleep(for: .seconds(3_600))
            }
        }
    }
}

/// A mark that is set once, and those who wait for it.
private final class Watched: Sendable {
    private let state: Mutex<(isSet: Bool, waiters: [CheckedContinuation<Void, Never>])>

    init(_ isSet: Bool) { state = Mutex((isSet, [])) }

    func set() {
        let waiters = state.withLock { state in
            defer { state = (true, []) }
            return state.waiters
        }
        for waiter in waiters { waiter.resume() }
    }

    func whenSet(_ waiter: CheckedContinuation<Void, Never>) {
        let isSet = state.withLock { state in
            if !state.isSet { state.waiters.append(waiter) }
            return state.isSet
        }
        if isSet { waiter.resume() }
    }
}
