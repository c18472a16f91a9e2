/// Stops calling a server that keeps failing, and tries it again with one request at a time.
///
///     var breaker = CircuitBreaker()
///     switch breaker.admit(at: now) {
///     case .admitted(let ticket): breaker.record(.failure, of: ticket, at: later)
///     case .refused(let wait): ...   // do not call
///     }
///
/// A pure state machine (M. Nygard, "Release It!", 2nd ed., 2018, ch. 5): closed, while fewer than
/// `failureThreshold` requests in a row failed; open, for a cool-down that doubles with each failed probe; half-open,
/// while one probe is under way.
public struct CircuitBreaker: Hashable, Sendable {
    /// The numbers of a breaker.
    public struct Configuration: Hashable, Sendable {
        /// The failures in a row that open the circuit.
        public var failureThreshold: Int
        /// How long the circuit stays open the first time.
        public var coolDown: Duration
        /// The longest that it stays open.
        public var maximumCoolDown: Duration

        /// Creates the numbers of a breaker.
        public init(
            failureThreshold: Int = 5,
            coolDown: Duration = .seconds(5),
            maximumCoolDown: Duration = .seconds(60)
        ) {
            precondition(failureThreshold >= 1, "A circuit opens after at least one failure.")
            self.failureThreshold = failureThreshold
            self.coolDown = coolDown
            self.maximumCoolDown = maximumCoolDown
        }
    }

    /// How an admitted request ended.
    public enum Outcome: Hashable, Sendable {
        /// The server did its work, or refused input that no retry can help.
        case success
        /// The server failed.
        case failure
        /// The caller gave up; that says nothing about the server.
        case abandoned
    }

    /// Whether a request may go out.
    public enum Admission: Hashable, Sendable {
        /// It may; its outcome is to be recorded with the ticket.
        case admitted(Ticket)
        /// It must not, for about this long.
        case refused(retryAfter: Duration)
    }

    /// Ties an outcome to the state that admitted its request.
    public struct Ticket: Hashable, Sendable {
        fileprivate let epoch: Int
    }

    private enum State: Hashable, Sendable {
        case closed(failures: Int)
        case open(until: Duration)
        case halfOpen
    }

    private let configuration: Configuration
    private var state: State = .closed(failures: 0)
    private var failedProbes = 0
    /// Grows with each change of state, so that a request of an earlier state changes nothing any more.
    private var epoch = 0

    /// Creates a closed circuit.
    public init(_ configuration: Configuration = Configuration()) {
        self.configuration = configuration
    }

    /// Whether requests pass freely.
    public var isClosed: Bool {
        if case .closed = state { true } else { false }
    }

    /// Asks for leave to send a request.
    public mutating func admit(at now: Duration) -> Admission {
        switch state {
        case .closed: return .admitted(Ticket(epoch: epoch))
        case .open(let until) where now < until: return .refused(retryAfter: until - now)
        case .open:
            move(to: .halfOpen)
            return .admitted(Ticket(epoch: epoch))
        case .halfOpen: return .refused(retryAfter: configuration.coolDown)
        }
    }

    /// Tells how an admitted request ended.
    public mutating func record(_ outcome: Outcome, of ticket: Ticket, at now: Duration) {
        guard ticket.epoch == epoch else { return }
        switch (state, outcome) {
        case (.closed, .success): state = .closed(failures: 0)
        case (.closed(let failures), .failure):
            if failures + 1 >= configuration.failureThreshold {
                open(at: now)
            } else {
                state = .closed(failures: failures + 1)
            }
        case (.halfOpen, .success):
            failedProbes = 0
            move(to: .closed(failures: 0))
        case (.halfOpen, .failure):
            failedProbes += 1
            open(at: now)
        case (.halfOpen, .abandoned): move(to: .open(until: now))
        case (.closed, .abandoned), (.open, _): break
        }
    }

    private mutating func open(at now: Duration) {
        let coolDown = min(
            configuration.coolDown * (1 << min(failedProbes, 20)),
            configuration.maximumCoolDown
        )
        move(to: .open(until: now + coolDown))
    }

    private mutating func move(to next: State) {
        state = next
        epoch += 1
    }
}
