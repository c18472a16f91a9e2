internal import SemanticCaching
internal import Synchronization

/// The time of a trace: it stands still while a request is answered, and moves to the next one's arrival.
///
/// Nothing is waited for on it: an operation that a deadline guards ends by itself or not at all.
final class ReplayClock: CacheClock {
    private let time: Mutex<Timestamp>

    init(now: Timestamp) { time = Mutex(now) }

    var now: Timestamp { time.withLock { $0 } }

    func move(to now: Timestamp) { time.withLock { $0 = max($0, now) } }

    /// Suspends until the task is cancelled.
    func sleep(for duration: Duration) async throws {
        while true { try await Task.sleep(for: .seconds(86_400)) }
    }
}
