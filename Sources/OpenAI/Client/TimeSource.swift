package import Embeddings
public import FoundationEssentials

/// Time as a client needs it: a clock that never jumps, a way to wait, and the calendar for HTTP dates.
///
/// Injected, so that tests of retries and deadlines neither wait nor guess.
public struct TimeSource: Sendable {
    /// The time since some fixed moment, never going back.
    public let now: @Sendable () -> Duration

    /// Waits, until cancelled.
    public let sleep: @Sendable (Duration) async throws -> Void

    /// The seconds since 1970 of the calendar.
    public let unixTime: @Sendable () -> Double

    /// How deadlines are kept on this clock.
    package let deadlines: DeadlineSource

    /// Creates a source of time from its parts.
    public init(
        now: @escaping @Sendable () -> Duration,
        sleep: @escaping @Sendable (Duration) async throws -> Void,
        unixTime: @escaping @Sendable () -> Double
    ) {
        self.now = now
        self.sleep = sleep
        self.unixTime = unixTime
        self.deadlines = .sleeping(sleep)
    }

    /// Takes time from a clock.
    public init<C: Clock>(
        clock: C,
        unixTime: @escaping @Sendable () -> Double = { Date().timeIntervalSince1970 }
    ) where C.Duration == Duration {
        let start = clock.now
        self.now = { start.duration(to: clock.now) }
        let sleep: @Sendable (Duration) async throws -> Void = {
            try await clock.sleep(until: clock.now.advanced(by: $0), tolerance: nil)
        }
        self.sleep = sleep
        self.unixTime = unixTime
        self.deadlines = clock is ContinuousClock ? .system : .sleeping(sleep)
    }

    /// The machine's time.
    public static let system = TimeSource(clock: ContinuousClock())
}
