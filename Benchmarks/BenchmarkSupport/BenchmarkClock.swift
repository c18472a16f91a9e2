internal import Glibc

/// The clocks of the measuring programs, in seconds from a point that means nothing.
///
///     let spent = BenchmarkClock.thread.seconds { try index.search(query, count: 1) }
///
/// The CPU clocks tell what the work costs, however busy the machine is.
package enum BenchmarkClock: Sendable {
    case wall
    /// CPU time of all threads.
    case process
    /// CPU time of this thread.
    case thread

    /// The time now.
    package var now: Double {
        let clock =
            switch self {
            case .wall: CLOCK_MONOTONIC
            case .process: CLOCK_PROCESS_CPUTIME_ID
            case .thread: CLOCK_THREAD_CPUTIME_ID
            }
        var time = timespec()
        clock_gettime(clock, &time)
        return Double(time.tv_sec) + Double(time.tv_nsec) * 1e-9
    }

    /// How long the body took.
    package func seconds<Failure: Error>(_ body: () throws(Failure) -> Void) throws(Failure) -> Double {
        let start = now
        try body()
        return now - start
    }
}
