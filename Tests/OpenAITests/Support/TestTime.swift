import OpenAI
import Synchronization

/// Time that moves only when someone waits: a short wait passes at once and is recorded, a long one (an hour or more,
/// as the tests' deadlines are) lasts until ``expireDeadlines()``.
final class TestTime: Sendable {
    private struct State {
        var now = Duration.zero
        var waits: [Duration] = []
        var deadlinesExpired = false
        var sleepers: [Int: CheckedContinuation<Void, any Error>] = [:]
        var nextID = 0
    }

    private let state = Mutex(State())

    /// The waits that passed, in order.
    var waits: [Duration] { state.withLock { $0.waits } }

    func advance(by duration: Duration) { state.withLock { $0.now += duration } }

    func expireDeadlines() {
        let sleepers = state.withLock { state in
            state.deadlinesExpired = true
            defer { state.sleepers = [:] }
            return Array(state.sleepers.values)
        }
        for sleeper in sleepers { sleeper.resume() }
    }

    func source(unixTime: Double = 0) -> TimeSource {
        TimeSource(
            now: { self.state.withLock { $0.now } },
            sleep: { try await self.sleep($0) },
            unixTime: { unixTime }
        )
    }

    private func sleep(_ duration: Duration) async throws {
        guard duration >= .seconds(3600) else {
            state.withLock {
                $0.now += duration
                $0.waits.append(duration)
            }
            return
        }
        let id = state.withLock { state in
            state.nextID += 1
            return state.nextID
        }
        try await withTaskCancellationHandler {
            try await withCheckedThrowingContinuation { continuation in
                let isOver = state.withLock { state in
                    if state.deadlinesExpired || Task.isCancelled { return true }
                    state.sleepers[id] = continuation
                    return false
                }
                if isOver { continuation.resume() }
            }
        } onCancel: {
            state.withLock { $0.sleepers.removeValue(forKey: id) }?.resume(throwing: CancellationError())
        }
    }
}
