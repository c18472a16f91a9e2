#if canImport(Glibc)
import Glibc
#elseif canImport(Musl)
import Musl
#elseif canImport(Darwin)
import Darwin
#endif

/// The machine's wall clock.
public struct SystemClock: CacheClock {
    /// Creates the clock.
    public init() {}

    /// The current wall-clock time.
    public var now: Timestamp {
        var time = timespec()
        clock_gettime(CLOCK_REALTIME, &time)
        return Timestamp(milliseconds: Int64(time.tv_sec) * 1000 + Int64(time.tv_nsec) / 1_000_000)
    }

    /// Suspends for the duration.
    public func sleep(for duration: Duration) async throws {
        try await Task.sleep(for: duration)
    }
}
