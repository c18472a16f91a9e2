/// Whose turn it is to look for replies: the thread's, or that of a caller that looks for its own.
///
/// Pure; a caller has its turn from sending to having its outcome, or to being suspended.
struct CallersTurn: Sendable {
    /// So many replies in a row may be late before the server counts as too slow: a busy machine is late now and then.
    private static let tolerance = 4
    /// So long after that no caller looks itself, and twice as long each time.
    private static let firstPause: Int64 = 10_000_000
    private static let longestPause: Int64 = 1_000_000_000

    /// Whether a caller has its turn.
    private(set) var isTaken = false
    /// Whether that caller waits at the socket, so that the thread must not.
    private(set) var isLooking = false
    /// What the caller is to be told, once that is known.
    private var outcome: FlightQueue.Outcome?
    private var mayBeginAt: Int64 = 0
    private var pause = Self.firstPause
    private var lateReplies = 0

    /// Begins a turn; false if it is another's, or the server was too slow lately.
    mutating func begin(at now: Int64) -> Bool {
        guard !isTaken, now >= mayBeginAt else { return false }
        (isTaken, isLooking, outcome) = (true, true, nil)
        return true
    }

    /// Notes an outcome, if it is the caller's.
    mutating func note(_ landing: FlightQueue.Landing) {
        if case .caller = landing.waiter { outcome = landing.outcome }
    }

    /// Ends the look; the thread looks again.
    mutating func endLook(at now: Int64) {
        isLooking = false
        if outcome != nil {
            (pause, lateReplies) = (Self.firstPause, 0)
            return
        }
        lateReplies += 1
        if lateReplies >= Self.tolerance {
            mayBeginAt = now + pause
            pause = min(2 * pause, Self.longestPause)
        }
    }

    /// The outcome, which ends the turn; nil if it is still to come.
    mutating func takeOutcome() -> FlightQueue.Outcome? {
        guard let outcome else { return nil }
        end()
        return outcome
    }

    /// Ends the turn: the caller is suspended as others are.
    mutating func end() { (isTaken, outcome) = (false, nil) }
}
