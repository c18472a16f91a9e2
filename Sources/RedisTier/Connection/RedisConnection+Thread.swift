internal import Glibc
internal import Synchronization

// What the connection's own thread does.
extension RedisConnection {
    /// After a command the thread looks this often for further ones' deadlines, so that callers need not wake it.
    private static let tick: Int64 = 2_000_000
    /// So long after the last command the thread waits to be woken.
    private static let activity: Int64 = 250_000_000
    /// So many reads in a row before deadlines are looked at again.
    private static let readsPerLook = 16

    /// Connects, serves, and connects again, until closed.
    func keepUp() {
        var backoff = Backoff(first: settings.firstRetry, limit: settings.longestRetry)
        var generator = SystemRandomNumberGenerator()
        while !isClosed {
            do throws(RedisError) {
                var link = try RedisLink(to: endpoint, deadline: connectDeadline)
                if let options = settings.tls { try link.secure(options, for: endpoint, deadline: connectDeadline) }
                try greet(&link)
                let descriptor = link.descriptor
                install(link)
                backoff.reset()
                change(to: .ready, failing: nil)
                try serve(descriptor)
            } catch {
                state.withLock { $0.link = nil }
                guard !isClosed else { break }
                change(to: .broken(error.reason), failing: error)
                wait(backoff.next(using: &generator))
            }
        }
        state.withLock { $0.link = nil }
        change(to: .closed, failing: .unavailable("it was closed"))
    }

    private var isClosed: Bool { state.withLock { $0.isClosed } }

    private var connectDeadline: Int64 { MonotonicTime.now + settings.connectDeadline.nanoseconds }

    private func install(_ link: consuming RedisLink) {
        // The closure may run once only, which the compiler cannot see.
        var link: RedisLink? = consume link
        state.withLock { state in
            state.link = link.take()
            state.flights = FlightQueue()
        }
    }

    /// Logs in and finds out whether the server is able to work.
    private func greet(_ link: inout RedisLink) throws(RedisError) {
        let commands = settings.greeting
        let replies = try link.exchange(commands, deadline: connectDeadline)
        for (command, reply) in zip(commands, replies) {
            guard case .error(let text) = reply else { continue }
            // An account that may not do these two can be used all the same: a script's text then goes with its first call.
            if command.name == "CLIENT SETNAME" || command.name == "SCRIPT LOAD" { continue }
            throw .unavailable("\(endpoint) refuses \(command.name): \(text)")
        }
    }

    private func wait(_ duration: Duration) {
        var polled = pollfd(fd: wakeup.descriptor, events: Int16(POLLIN), revents: 0)
        if poll(&polled, 1, Int32(clamping: duration.nanoseconds / 1_000_000)) > 0 { wakeup.clear() }
    }

    /// Receives replies and minds deadlines, until the connection breaks or is closed.
    private func serve(_ descriptor: Int32) throws(RedisError) {
        while true {
            let now = MonotonicTime.now
            let (timeout, wantsToSend, isOver) = state.withLock { state in
                state.nextLook = Self.nextLook(state, now: now)
                return (state.nextLook, state.link?.hasOutput == true, state.isClosed)
            }
            if isOver { return }
            let wait = timeout == .max ? -1 : max(0, (timeout - now + 999_999) / 1_000_000)
            var polled = (
                pollfd(fd: descriptor, events: Int16(POLLIN) | (wantsToSend ? Int16(POLLOUT) : 0), revents: 0),
                pollfd(fd: wakeup.descriptor, events: Int16(POLLIN), revents: 0)
            )
            let count = withUnsafeMutableBytes(of: &polled) { bytes in
                poll(bytes.assumingMemoryBound(to: pollfd.self).baseAddress, 2, Int32(clamping: wait))
            }
            if count > 0, polled.1.revents != 0 { wakeup.clear() }
            try work(isReadable: count > 0 && polled.0.revents & ~Int16(POLLOUT) != 0)
        }
    }

    private static func nextLook(_ state: borrowing State, now: Int64) -> Int64 {
        var next = now < state.activeUntil ? now + tick : Int64.max
        if let deadline = state.flights.earliestDeadline { next = min(next, deadline) }
        if let overdue = state.flights.oldestDeadline { next = min(next, max(overdue, now) + 100_000_000) }
        return next
    }

    /// Sends and receives what is there, and resumes the callers whose replies are complete or whose time is over.
    private func work(isReadable: Bool) throws(RedisError) {
        var landings: [FlightQueue.Landing] = []
        defer { for landing in landings { landing.waiter.resume(returning: landing.outcome) } }
        let failure: RedisError? = state.withLock { state in
            let now = MonotonicTime.now
            do throws(RedisError) {
                try state.link?.flush()
                if isReadable {
                    state.activeUntil = now + Self.activity
                    try Self.receive(&state, &landings)
                }
            } catch {
                return error
            }
            landings += state.flights.expire(at: now)
            if let overdue = state.flights.oldestDeadline, overdue + settings.stall.nanoseconds < now {
                return .unavailable("\(endpoint) owes a reply for too long")
            }
            return nil
        }
        if let failure { throw failure }
    }

    private static func receive(_ state: inout State, _ landings: inout [FlightQueue.Landing]) throws(RedisError) {
        for _ in 0..<readsPerLook {
            let mayHaveMore = try state.link?.receive() ?? false
            while let reply = try state.link?.nextReply() {
                let (wasExpected, landing) = state.flights.take(reply)
                guard wasExpected else {
                    throw .unavailable("the connection was closed: a reply that nobody asked for")
                }
                if let landing { landings.append(landing) }
            }
            if !mayHaveMore { return }
        }
    }
}

extension RedisError {
    /// What stands behind "Redis is not available".
    var reason: String { if case .unavailable(let reason) = self { reason } else { description } }
}
