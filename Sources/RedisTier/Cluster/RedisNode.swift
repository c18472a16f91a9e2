internal import Synchronization

/// A server with its connections: one for each kind of work, so that none waits behind another.
final class RedisNode: Sendable {
    /// A kind of work.
    enum Lane: Int, CaseIterable, Sendable {
        /// Single commands that a request waits for.
        case lookups
        /// Batches of writes and administration.
        case writes
        /// Batches of reads.
        case feed
        /// The command that waits for changes.
        case changes
    }

    /// A server on the same machine or in the same rack answers within this time, unless it is busy.
    private static let patience = Duration.microseconds(250)

    let endpoint: RedisEndpoint
    private let connections: [RedisConnection]
    private let breaker = Mutex(CircuitBreaker())
    private let onBreak: @Sendable (_ isOpen: Bool) -> Void

    init(
        _ endpoint: RedisEndpoint,
        settings: RedisConnectionSettings,
        onChange: @escaping @Sendable (RedisConnection.Status) -> Void,
        onBreak: @escaping @Sendable (_ isOpen: Bool) -> Void
    ) {
        self.endpoint = endpoint
        self.onBreak = onBreak
        let silence: @Sendable (RedisConnection.Status) -> Void = { _ in }
        connections = Lane.allCases.map { lane in
            // One of them speaks for the server; the others see what it sees.
            let listener = lane == .lookups ? onChange : silence
            var settings = settings
            if lane == .lookups { settings.patience = Self.patience }
            return RedisConnection(to: endpoint, settings: settings, onChange: listener)
        }
    }

    func start() { for connection in connections { connection.start() } }

    func close() { for connection in connections { connection.close() } }

    /// Makes all connections anew: behind the same address there may be another server now.
    func reconnect(because reason: String) { for connection in connections { connection.reconnect(because: reason) } }

    func settled() async { for connection in connections { await connection.settled() } }

    var status: RedisConnection.Status { connections[Lane.lookups.rawValue].status }

    func execute(
        _ commands: [RedisCommand],
        on lane: Lane,
        within deadline: Duration
    ) async throws(RedisError) -> [RedisValue] {
        let connection = connections[lane.rawValue]
        guard lane == .lookups else { return try await connection.execute(commands, within: deadline) }
        guard breaker.withLock({ $0.allows(at: MonotonicTime.now) }) else { throw .unavailable("the circuit is open") }
        do {
            let replies = try await connection.execute(commands, within: deadline)
            let isOutage = replies.contains { reply in
                if case .error(let text) = reply { ServerFault(text)?.isOutage == true } else { false }
            }
            note(isOutage: isOutage)
            return replies
        } catch {
            note(isOutage: error.isOutage)
            throw error
        }
    }

    private func note(isOutage: Bool) {
        var generator = SystemRandomNumberGenerator()
        let (hasChanged, isOpen) = breaker.withLock { breaker in
            isOutage
                ? (breaker.fail(at: MonotonicTime.now, using: &generator), true) : (breaker.succeed(), false)
        }
        if hasChanged { onBreak(isOpen) }
    }
}
