/// The time as the cache sees it; tests inject one that they move by hand.
///
/// `now` may jump when the wall clock is set: it only ever decides freshness. Durations shown to people are measured
/// with a monotonic clock of their own.
public protocol CacheClock: Sendable {
    /// The current wall-clock time.
    var now: Timestamp { get }

    /// Suspends until the duration has passed on this clock.
    ///
    /// - Throws: `CancellationError` as soon as the task is cancelled.
    func sleep(for duration: Duration) async throws
}
