/// Keeps commands from a server that fails: after some failures in a row it lets none pass for a while, then one.
///
/// Pure: it is told the time and tells what changed, so that its owner logs each change once.
struct CircuitBreaker: Sendable {
    enum State: Hashable, Sendable {
        /// Commands pass.
        case closed
        /// Commands fail at once, until then.
        case open(until: Int64)
        /// One command is under way to see whether the server is back.
        case probing(since: Int64)
    }

    /// So many failures in a row open the circuit.
    static let threshold = 5
    /// A probe that nobody reports on is taken for lost after this time.
    private static let probeLimit: Int64 = 2_000_000_000

    private(set) var state = State.closed
    private var failures = 0
    private var backoff = Backoff(first: .milliseconds(100), limit: .seconds(5))

    /// Whether a command may pass at this time, in nanoseconds.
    mutating func allows(at now: Int64) -> Bool {
        switch state {
        case .closed: return true
        case .open(let until) where now < until: return false
        case .probing(let since) where now < since + Self.probeLimit: return false
        case .open, .probing:
            state = .probing(since: now)
            return true
        }
    }

    /// Notes a reply; true if the circuit closed with it.
    mutating func succeed() -> Bool {
        failures = 0
        guard state != .closed else { return false }
        state = .closed
        backoff.reset()
        return true
    }

    /// Notes a failure; true if the circuit opened with it.
    mutating func fail(at now: Int64, using generator: inout some RandomNumberGenerator) -> Bool {
        failures += 1
        guard state != .closed || failures >= Self.threshold else { return false }
        let wasClosed = state == .closed
        if case .open = state { return false }
        state = .open(until: now + backoff.next(using: &generator).nanoseconds)
        return wasClosed
    }
}
