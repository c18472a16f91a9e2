internal import CHiredis
internal import Synchronization

// A caller that looks for its reply itself.
//
// A reply that comes through the thread costs two changes of thread: the server wakes the connection's, and that wakes one of
// the pool. On a machine with idle cores each takes some 20 µs, as long as the server's whole answer. So a caller on an idle
// connection sleeps at the socket itself, for as long as patience lasts and no longer: as a program that writes a page to a
// file does. It spins at nothing, which would take the core from the server. One caller of the process does so at a time, so
// that the pool keeps its other threads, and none for a while after a server that was too slow.
extension RedisConnection {
    enum Turn {
        /// The replies are there, or it is known that none will come.
        case answered(FlightQueue.Outcome)
        /// The commands are sent; the replies are still to come.
        case sent
        /// Nothing is sent.
        case refused
    }

    /// Whether a caller of this process sleeps at a socket.
    private static let isSleeping = Atomic(false)

    /// Sends commands on an idle connection and waits for their replies on this thread, as long as patience lasts.
    func takeTurn(_ commands: [RedisCommand], until deadline: Int64) -> Turn {
        guard
            Self.isSleeping.compareExchange(expected: false, desired: true, ordering: .acquiringAndReleasing).exchanged
        else { return .refused }
        defer { Self.isSleeping.store(false, ordering: .releasing) }
        var mustWake = false
        let socket = state.withLock { state -> Int32? in
            guard state.flights.isEmpty, state.fault == nil, let socket = state.link?.descriptor,
                state.caller.begin(at: MonotonicTime.now)
            else { return nil }
            // First of all: a reply that comes while the thread still listens wakes it, and it waits at the lock for nothing.
            state.expectEvents()
            mustWake = state.send(commands, until: deadline, waiter: .caller)
            return socket
        }
        guard let socket else { return .refused }
        if mustWake { wakeup.signal() }
        return look(at: socket, until: deadline)
    }

    private func look(at socket: Int32, until deadline: Int64) -> Turn {
        let limit = max(0, min(settings.patience.nanoseconds, deadline - MonotonicTime.now, 999_999_999))
        // Another thread may end the connection meanwhile; whatever was waited for then, what counts is what the lock shows.
        let isReadable = semcache_wait_readable(socket, Int(limit)) != 0
        var landings: [FlightQueue.Landing] = []
        defer { for landing in landings { landing.resume() } }
        var mustWake = false
        let outcome = state.withLock { state -> FlightQueue.Outcome? in
            if isReadable, state.fault == nil, state.link?.descriptor == socket {
                do throws(RedisError) { try state.receive(&landings) } catch {
                    state.fault = error
                    mustWake = true
                }
            }
            state.caller.endLook(at: MonotonicTime.now)
            let outcome = state.caller.takeOutcome()
            // Mostly the next to come is a caller again: the thread listens when there is something that it must hear.
            if outcome == nil || !state.flights.isEmpty { state.expectEvents() }
            return outcome
        }
        if mustWake { wakeup.signal() }
        return outcome.map { Turn.answered($0) } ?? .sent
    }

    /// Suspends until the thread has the replies to what was sent in the caller's turn.
    func handOver(until deadline: Int64) async -> FlightQueue.Outcome {
        await withCheckedContinuation { waiter in
            var mustWake = false
            let outcome = state.withLock { state -> FlightQueue.Outcome? in
                if let outcome = state.caller.takeOutcome() { return outcome }
                state.caller.end()
                guard state.flights.suspendCaller(waiter) else { return .failure(.unavailable("the connection broke")) }
                mustWake = state.nextLook > deadline
                return nil
            }
            if let outcome { waiter.resume(returning: outcome) } else if mustWake { wakeup.signal() }
        }
    }
}
