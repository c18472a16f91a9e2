/// How often and after what wait a failed request is sent again.
///
/// The waits grow exponentially with full jitter ("Exponential Backoff And Jitter", M. Brooker, AWS Architecture Blog,
/// 2015): clients that failed together do not come back together. A server's own `Retry-After` is a lower bound.
public struct RetryPolicy: Hashable, Sendable {
    /// The most attempts, the first one included.
    public var maximumAttempts: Int

    /// The upper bound of the first wait; it doubles with each attempt.
    public var initialBackoff: Duration

    /// The upper bound of every wait that the server did not ask for.
    public var maximumBackoff: Duration

    /// Creates a policy; the defaults fit a deadline of a few seconds.
    public init(
        maximumAttempts: Int = 3,
        initialBackoff: Duration = .milliseconds(100),
        maximumBackoff: Duration = .seconds(5)
    ) {
        precondition(maximumAttempts >= 1, "A request is sent at least once.")
        self.maximumAttempts = maximumAttempts
        self.initialBackoff = initialBackoff
        self.maximumBackoff = maximumBackoff
    }

    /// The wait before the next attempt; nil when there is to be none.
    ///
    /// - Parameters:
    ///   - attempt: The number of attempts made, at least 1.
    ///   - retryAfter: What the server asked for.
    ///   - random: A number drawn from 0 ..< 1.
    public func backoff(afterAttempt attempt: Int, retryAfter: Duration?, random: Double) -> Duration? {
        guard attempt < maximumAttempts else { return nil }
        let doublings = min(attempt - 1, 30)
        let bound = min(initialBackoff * (1 << doublings), maximumBackoff)
        let jittered = bound * random
        // With Retry-After the jitter comes on top: everyone was told the same moment.
        return retryAfter.map { $0 + initialBackoff * random } ?? jittered
    }
}
