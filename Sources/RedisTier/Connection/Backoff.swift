/// How long to wait before the next try: twice as long after each failure, up to a limit, with jitter.
///
/// Every wait is drawn from the upper half of its range, so that the replicas that lost one server at one time do not all
/// return to it at one time.
struct Backoff: Sendable {
    private let first: Duration
    private let limit: Duration
    private(set) var failures = 0

    init(first: Duration, limit: Duration) {
        self.first = first
        self.limit = limit
    }

    /// The wait after one more failure.
    mutating func next(using generator: inout some RandomNumberGenerator) -> Duration {
        let full = min(first * (1 << min(failures, 16)), limit)
        failures += 1
        return full * Double.random(in: 0.5...1, using: &generator)
    }

    mutating func reset() { failures = 0 }
}
