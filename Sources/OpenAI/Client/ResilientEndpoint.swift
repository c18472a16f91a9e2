import Embeddings
import Synchronization

/// An endpoint behind a deadline, retries and a circuit breaker: a call ends in time, whatever the server does.
package final class ResilientEndpoint: Sendable {
    /// How hard a call tries.
    package struct Configuration: Sendable {
        /// The longest that one call takes, its retries and waits included.
        package var deadline: Duration
        /// When a failed attempt is made again.
        package var retry: RetryPolicy
        /// When the server is left alone.
        package var circuitBreaker: CircuitBreaker.Configuration

        /// Creates the numbers of an endpoint.
        package init(
            deadline: Duration,
            retry: RetryPolicy,
            circuitBreaker: CircuitBreaker.Configuration
        ) {
            self.deadline = deadline
            self.retry = retry
            self.circuitBreaker = circuitBreaker
        }
    }

    private let endpoint: OpenAIEndpoint
    private let configuration: Configuration
    private let time: TimeSource
    private let random: @Sendable () -> Double
    private let breaker: Mutex<CircuitBreaker>

    /// Puts an endpoint behind its guards.
    ///
    /// - Parameter random: Draws from 0 ..< 1, for the jitter.
    package init(
        endpoint: OpenAIEndpoint,
        configuration: Configuration,
        time: TimeSource = .system,
        random: @escaping @Sendable () -> Double = { Double.random(in: 0..<1) }
    ) {
        self.endpoint = endpoint
        self.configuration = configuration
        self.time = time
        self.random = random
        self.breaker = Mutex(CircuitBreaker(configuration.circuitBreaker))
    }

    /// Posts JSON and returns what `decode` makes of the answer; an answer that it rejects counts as a failure.
    ///
    /// - Throws: ``OpenAIClientError``, what `decode` throws, or `CancellationError`.
    package func post<Value: Sendable>(
        _ path: String,
        body: [UInt8],
        decode: @escaping @Sendable ([UInt8]) throws -> Value
    ) async throws -> Value {
        let ticket: CircuitBreaker.Ticket
        switch breaker.withLock({ $0.admit(at: time.now()) }) {
        case .admitted(let admitted): ticket = admitted
        case .refused(let wait): throw OpenAIClientError.circuitOpen(retryAfter: wait)
        }
        var outcome = CircuitBreaker.Outcome.failure
        defer { breaker.withLock { $0.record(outcome, of: ticket, at: time.now()) } }
        do {
            let end = time.now() + configuration.deadline
            let value = try await withDeadline(configuration.deadline, on: time.deadlines) { [self] in
                try decode(try await attempt(path, body: body, until: end))
            }
            outcome = .success
            return value
        } catch {
            if error is CancellationError {
                outcome = .abandoned
            } else if (error as? OpenAIClientError)?.isCausedByInput == true {
                outcome = .success
            }
            throw error is DeadlineExceeded ? OpenAIClientError.timedOut : error
        }
    }

    private func attempt(_ path: String, body: [UInt8], until end: Duration) async throws -> [UInt8] {
        var attempts = 0
        while true {
            attempts += 1
            do {
                return try await endpoint.post(path, body: body)
            } catch let error as OpenAIClientError where error.isRetryable {
                let wait = configuration.retry.backoff(
                    afterAttempt: attempts,
                    retryAfter: error.retryAfter,
                    random: random()
                )
                // A wait beyond the deadline could only turn a telling error into a time-out.
                guard let wait, time.now() + wait < end else { throw error }
                try await time.sleep(wait)
            }
        }
    }
}
