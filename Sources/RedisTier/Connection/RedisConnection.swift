internal import Glibc
internal import Synchronization

/// One connection to one server, kept up by a thread of its own; commands of any number of tasks share it (pipelining).
///
///     callers ─► [lock: append, send what the socket takes] ─► server
///     thread  ─► poll ─► [lock: receive, parse] ─► callers resume
///
/// Callers send on their own thread, because the socket never blocks; only replies take a hop, and on a connection with
/// ``RedisConnectionSettings/patience`` not even these as long as the server is quick. The connection is made
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
        /// What the thread waits on, as long as there is a link.
        var watch: SocketWatch?
        var flights = FlightQueue()
        /// The caller that looks for its reply itself, if there is one.
        var caller = CallersTurn()
        /// What a caller found out that ends the connection, which is the thread's to do.
        var fault: RedisError?
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
        let until = MonotonicTime.now + deadline.nanoseconds
        if settings.patience > .zero {
            switch takeTurn(commands, until: until) {
            case .answered(let outcome): return try outcome.get()
            case .sent: return try await handOver(until: until).get()
            case .refused: break
            }
        }
        let outcome: FlightQueue.Outcome = await withCheckedContinuation { waiter in
            var mustWake = false
            let refusal: RedisError? = state.withLock { state in
                guard state.link != nil else { return state.reasonForRefusal }
                guard state.link?.outputCount ?? 0 < Self.maximumOutput else {
                    return .unavailable("the server does not read")
                }
                mustWake = state.send(commands, until: until, waiter: .task(waiter)) || state.nextLook > until
                state.expectEvents()
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
            let landings = error.map { state.flights.fail($0) } ?? []
            for landing in landings { state.caller.note(landing) }
            return (state.watchers, landings, isNew)
        }
        for landing in landings { landing.resume() }
        for watcher in watchers { watcher.resume() }
        if isNew { onChange(status) }
    }
}

extension RedisConnection.State {
    /// Sends what the socket takes; true if the rest is the thread's to send.
    mutating func send(_ commands: [RedisCommand], until deadline: Int64, waiter: FlightQueue.Waiter) -> Bool {
        // As long as the thread does not listen, something may have come that must not be taken for the reply.
        if flights.isEmpty, watch?.isListening == false, link?.hasInput == true { findFault() }
        flights.append(count: commands.count, deadline: deadline, waiter: waiter)
        // A broken connection is the thread's to find out: it fails everyone at once.
        do {
            for command in commands { try link?.append(command.bytes) }
            try link?.flush()
        } catch {
            return true
        }
        return link?.hasOutput == true || fault != nil
    }

    /// Finds out why there is input though nobody waits for any.
    private mutating func findFault() {
        var none: [FlightQueue.Landing] = []
        do throws(RedisError) {
            try receive(&none)
            fault = Self.unasked
        } catch {
            fault = error
        }
    }

    /// Receives what has come; what ends the connection is thrown.
    mutating func receive(_ landings: inout [FlightQueue.Landing]) throws(RedisError) {
        for _ in 0..<Self.readsPerLook {
            let mayHaveMore = try link?.receive() ?? false
            while let reply = try link?.nextReply() {
                let (wasExpected, landing) = flights.take(reply)
                guard wasExpected else { throw Self.unasked }
                guard let landing else { continue }
                caller.note(landing)
                landings.append(landing)
            }
            if !mayHaveMore { return }
        }
    }

    private static let unasked = RedisError.unavailable("the connection was closed: a reply that nobody asked for")
    /// So many reads in a row before deadlines are looked at again.
    private static let readsPerLook = 16

    fileprivate var reasonForRefusal: RedisError {
        switch status {
        case .broken(let reason): .unavailable(reason)
        case .closed: .unavailable("it was closed")
        case .connecting, .ready: .unavailable("the connection is being made")
        }
    }
}
