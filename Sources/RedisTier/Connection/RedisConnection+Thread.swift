internal import CHiredis
internal import Glibc
internal import Synchronization

// What the connection's own thread does.
extension RedisConnection {
    /// After a command the thread looks this often for further ones' deadlines, so that callers need not wake it.
    private static let tick: Int64 = 2_000_000
    /// So long after the last command the thread waits to be woken.
    private static let activity: Int64 = 250_000_000

    /// Connects, serves, and connects again, until closed.
    func keepUp() {
        var backoff = Backoff(first: settings.firstRetry, limit: settings.longestRetry)
        var generator = SystemRandomNumberGenerator()
        while !isClosed {
            do throws(RedisError) {
                var link = try RedisLink(to: endpoint, deadline: connectDeadline)
                if let options = settings.tls { try link.secure(options, for: endpoint, deadline: connectDeadline) }
                try greet(&link)
                let watch = try SocketWatch(socket: link.descriptor, wakeup: wakeup)
                let descriptor = watch.descriptor
                install(link, watch)
                backoff.reset()
                change(to: .ready, failing: nil)
                try serve(descriptor)
            } catch {
                uninstall()
                guard !isClosed else { break }
                change(to: .broken(error.reason), failing: error)
                wait(backoff.next(using: &generator))
            }
        }
        uninstall()
        change(to: .closed, failing: .unavailable("it was closed"))
    }

    private var isClosed: Bool { state.withLock { $0.isClosed } }

    private var connectDeadline: Int64 { MonotonicTime.now + settings.connectDeadline.nanoseconds }

    private func install(_ link: consuming RedisLink, _ watch: consuming SocketWatch) {
        // The closure may run once only, which the compiler cannot see.
        var link: RedisLink? = consume link
        var watch: SocketWatch? = consume watch
        state.withLock { state in
            state.link = link.take()
            state.watch = watch.take()
            state.flights = FlightQueue()
            state.fault = nil
        }
    }

    private func uninstall() {
        state.withLock { state in
            state.watch = nil
            state.link = nil
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
    private func serve(_ watch: Int32) throws(RedisError) {
        while true {
            let now = MonotonicTime.now
            let (timeout, isOver) = state.withLock { state in
                state.nextLook = Self.nextLook(state, now: now)
                state.expectEvents()
                return (state.nextLook, state.isClosed)
            }
            if isOver { return }
            let wait = timeout == .max ? -1 : max(0, (timeout - now + 999_999) / 1_000_000)
            let events = SocketWatch.wait(on: watch, wakeup, milliseconds: wait)
            if events.contains(.wakeup) { wakeup.clear() }
            try work(isReadable: events.contains(.input))
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
        defer { for landing in landings { landing.resume() } }
        let failure: RedisError? = state.withLock { state in
            let now = MonotonicTime.now
            if let fault = state.fault { return fault }
            do throws(RedisError) {
                try state.link?.flush()
                // What comes for a caller that looks itself is its to receive, and what comes with that.
                if isReadable, !state.caller.isLooking {
                    state.activeUntil = now + Self.activity
                    try state.receive(&landings)
                }
            } catch {
                return error
            }
            for landing in state.flights.expire(at: now) {
                state.caller.note(landing)
                landings.append(landing)
            }
            if let overdue = state.flights.oldestDeadline, overdue + settings.stall.nanoseconds < now {
                return .unavailable("\(endpoint) owes a reply for too long")
            }
            return nil
        }
        if let failure { throw failure }
    }
}

extension RedisConnection.State {
    /// Says what the thread is to be woken for.
    mutating func expectEvents() {
        var events: SocketWatch.Events = caller.isLooking ? [] : .input
        if link?.hasOutput == true { events.insert(.output) }
        watch?.expect(events)
    }
}
