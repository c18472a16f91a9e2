public import SemanticCaching

/// A clock that stands still until a test moves it.
///
///     let clock = ManualClock()
///     async let done: Void = service.run(clock: clock)
///     try await clock.waitForSleepers(count: 1)
///     clock.advance(by: .seconds(60))
public final class ManualClock: CacheClock {
    private struct Sleeper {
        let number: UInt64
        let deadline: Timestamp
        let continuation: CheckedContinuation<Void, any Error>
    }

    private struct State {
        var now: Timestamp
        /// Ordered by deadline, then by who fell asleep first.
        var sleepers: [Sleeper] = []
        var lastNumber: UInt64 = 0
    }

    private let state: Watched<State>

    /// Creates a clock that stands at the given time; by default on 14 November 2023.
    public init(now: Timestamp = Timestamp(milliseconds: 1_700_000_000_000)) { state = Watched(State(now: now)) }

    /// The time at which the clock stands.
    public var now: Timestamp { state.value.now }

    /// The number of tasks that sleep on this clock.
    public var sleeperCount: Int { state.value.sleepers.count }

    /// Moves the clock forward and wakes the tasks whose time has come, the earliest deadline first.
    public func advance(by duration: Duration) {
        precondition(duration >= .zero, "advance(by:) moves forward; set(to:) sets the wall clock back")
        wake(
            from: state.update {
                $0.now = $0.now + duration
                return Self.removeDue(from: &$0)
            }
        )
    }

    /// Sets the clock, forward or back, as an operator sets a wall clock.
    public func set(to time: Timestamp) {
        wake(
            from: state.update {
                $0.now = time
                return Self.removeDue(from: &$0)
            }
        )
    }

    /// Suspends until this many tasks sleep on the clock.
    ///
    /// - Throws: `CancellationError` as soon as the task is cancelled.
    public func waitForSleepers(count: Int) async throws {
        try await state.wait { $0.sleepers.count >= count }
    }

    /// Suspends until the clock has been moved by the duration.
    ///
    /// - Throws: `CancellationError` as soon as the task is cancelled.
    public func sleep(for duration: Duration) async throws {
        let number = state.update { state in
            state.lastNumber += 1
            return state.lastNumber
        }
        try await withTaskCancellationHandler {
            try await withCheckedThrowingContinuation { continuation in
                let outcome: Result<Void, any Error>? = state.update { state in
                    if Task.isCancelled { return .failure(CancellationError()) }
                    if duration <= .zero { return .success(()) }
                    let deadline = state.now + duration
                    let sleeper = Sleeper(number: number, deadline: deadline, continuation: continuation)
                    let index = state.sleepers.firstIndex { $0.deadline > deadline } ?? state.sleepers.endIndex
                    state.sleepers.insert(sleeper, at: index)
                    return nil
                }
                if let outcome { continuation.resume(with: outcome) }
            }
        } onCancel: {
            let sleeper = state.update { state in
                state.sleepers.firstIndex { $0.number == number }.map { state.sleepers.remove(at: $0) }
            }
            sleeper?.continuation.resume(throwing: CancellationError())
        }
    }

    private static func removeDue(from state: inout State) -> [Sleeper] {
        let due = state.sleepers.prefix { $0.deadline <= state.now }
        state.sleepers.removeFirst(due.count)
        return Array(due)
    }

    private func wake(from due: [Sleeper]) {
        for sleeper in due { sleeper.continuation.resume() }
    }
}
