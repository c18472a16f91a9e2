internal import Glibc
internal import Synchronization

/// One connection to one server, kept up by a thread of its own; commands of any number of tasks share it (pipelining).
///
///     callers ─► [lock: append, send what the socket takes] ─► server
///     thread  ─► poll ─► [lock: receive, parse] ─► callers resume
///
/// Callers send on their own thread, because the socket never blocks; only replies take a hop. The connection is made
/// again whenever it breaks, after a growing, jittered wait. A command that is given up by its deadline leaves its place
/// in the order of replies; if the server stays silent for longer than ``RedisConnectionSettings/stall``, the connection
/// is made anew.
package final class RedisConnection: Sendable {
    /// Why there is a connection, or none.
    package enum Status: Hashable, Sendable {
        /// The first connection is being made.
        case connecting
        /// Commands can be sent.
        case ready
        /// There is no connection; it will be tried again.
        case broken(String)
        /// It was closed for good.
        case closed
    }

    struct State: ~Copyable {
        var link: RedisLink?
        var flights = FlightQueue()
        var status = Status.connecting
        /// When the thread will look again without being woken, in nanoseconds.
        var nextLook = Int64.max
        /// Until when the thread looks often, because commands came lately.
        var activeUntil: Int64 = 0
        var isClosed = false
        /// Those who wait for the connection to be ready or broken.
        var watchers: [CheckedContinuation<Void, Never>] = []
    }

    /// So many bytes may wait for a server that does not read before further commands are refused.
    private static let maximumOutput = 64 << 20

    package let endpoint: RedisEndpoint
    let settings: RedisConnectionSettings
    let state = Mutex(State())
    let wakeup = Wakeup()
    let onChange: @Sendable (Status) -> Void

    /// Creates a connection; it is made once ``start()`` is called.
    ///
    /// - Parameter onChange: Told of each change, on the connection's thread.
    package init(
        to endpoint: RedisEndpoint,
        settings: RedisConnectionSettings,
        onChange: @escaping @Sendable (Status) -> Void = { _ in }
    ) {
        self.endpoint = endpoint
        self.settings = settings
        self.onChange = onChange
    }

    /// Begins to connect, in the background.
    package func start() {
        if !OwnThread.start({ [self] in keepUp() }) {
            change(to: .broken("the system has no thread to give"), failing: .unavailable("no thread"))
        }
    }

    /// What the connection is doing.
    package var status: Status { state.withLock { $0.status } }

    /// Ends the connection for good; commands under way fail.
    package func close() {
        state.withLock { $0.isClosed = true }
        wakeup.signal()
    }

    /// Breaks the connection, so that it is made anew.
    func reconnect(because reason: String) { state.withLock { $0.link?.end(because: reason) } }

    /// Waits until the first try to connect has ended, either way.
    package func settled() async {
        await withCheckedContinuation { waiter in
            let isSettled = state.withLock { state in
                guard state.status == .connecting else { return true }
                state.watchers.append(waiter)
                return false
            }
            if isSettled { waiter.resume() }
        }
    }

    /// Sends commands at once and returns their replies, errors of single commands among them.
    ///
    /// - Throws: ``RedisError/unavailable(_:)`` or ``RedisError/timeout``; then nothing is known of what was carried out.
    package func execute(_ commands: [RedisCommand], within deadline: Duration) async throws(RedisError) -> [RedisValue]
    {
        guard !commands.isEmpty else { return [] }
        let outcome: FlightQueue.Outcome = await withCheckedContinuation { waiter in
            let until = MonotonicTime.now + deadline.nanoseconds
            var mustWake = false
            let refusal: RedisError? = state.withLock { state in
                guard state.link != nil else { return state.reasonForRefusal }
                guard state.link?.outputCount ?? 0 < Self.maximumOutput else {
                    return .unavailable("the server does not read")
                }
                state.flights.append(count: commands.count, deadline: until, waiter: waiter)
                // A broken connection is the thread's to find out: it fails everyone at once.
                do {
                    for command in commands { try state.link?.append(command.bytes) }
                    try state.link?.flush()
                } catch {
                    mustWake = true
                }
                mustWake = mustWake || state.link?.hasOutput == true || state.nextLook > until
                return nil
            }
            if let refusal { waiter.resume(returning: .failure(refusal)) } else if mustWake { wakeup.signal() }
        }
        return try outcome.get()
    }

    /// Sends one command and returns its reply.
    ///
    /// - Throws: As ``execute(_:within:)``, and ``RedisError/server(_:)`` if the server refuses it.
    package func execute(_ command: RedisCommand, within deadline: Duration) async throws(RedisError) -> RedisValue {
        let reply = try await execute([command], within: deadline)[0]
        if case .error(let text) = reply { throw .server(text) }
        return reply
    }

    /// Notes a change, and tells those who wait for it.
    func change(to status: Status, failing error: RedisError?) {
        let (watchers, landings, isNew) = state.withLock { state in
            let isNew = state.status != status
            state.status = status
            defer { state.watchers = [] }
            return (state.watchers, error.map { state.flights.fail($0) } ?? [], isNew)
        }
        for landing in landings { landing.waiter.resume(returning: landing.outcome) }
        for watcher in watchers { watcher.resume() }
        if isNew { onChange(status) }
    }
}

extension RedisConnection.State {
    fileprivate var reasonForRefusal: RedisError {
        switch status {
        case .broken(let reason): .unavailable(reason)
        case .closed: .unavailable("it was closed")
        case .connecting, .ready: .unavailable("the connection is being made")
        }
    }
}
