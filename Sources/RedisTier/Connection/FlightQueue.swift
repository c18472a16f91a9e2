/// The batches of commands whose replies are awaited, in the order in which they were sent.
///
/// Pure: it takes replies and times, and hands out what is to be told to whom.
struct FlightQueue: Sendable {
    typealias Outcome = Result<[RedisValue], RedisError>

    /// Who is told what came.
    enum Waiter: Sendable {
        /// A task that is suspended.
        case task(CheckedContinuation<Outcome, Never>)
        /// The caller that looks for its reply itself, of which there is one at the most.
        case caller
    }

    /// A waiter and what it is to be told, once no lock is held any more.
    struct Landing: Sendable {
        let waiter: Waiter
        let outcome: Outcome

        /// Resumes a task that is suspended.
        func resume() {
            if case .task(let continuation) = waiter { continuation.resume(returning: outcome) }
        }
    }

    private struct Flight {
        let count: Int
        let deadline: Int64
        var replies: [RedisValue] = []
        /// Nil once the caller was told that its time is over; its replies are still to come.
        var waiter: Waiter?
    }

    private var flights: [Flight?] = []
    private var first = 0

    var isEmpty: Bool { first == flights.count }

    /// When the next caller's time is over; nil if nobody waits.
    private(set) var earliestDeadline: Int64?

    /// Since when, at the latest, the oldest batch is overdue; nil if there is none.
    var oldestDeadline: Int64? { isEmpty ? nil : flights[first]?.deadline }

    mutating func append(count: Int, deadline: Int64, waiter: Waiter) {
        flights.append(Flight(count: count, deadline: deadline, waiter: waiter))
        earliestDeadline = min(earliestDeadline ?? deadline, deadline)
    }

    /// Makes a suspended task of the caller that looked for its reply itself; false if there is none.
    mutating func suspendCaller(_ continuation: CheckedContinuation<Outcome, Never>) -> Bool {
        for index in first..<flights.count {
            guard case .caller = flights[index]?.waiter else { continue }
            flights[index]?.waiter = .task(continuation)
            return true
        }
        return false
    }

    /// Takes a reply; returns the batch's waiter if it was the last of its replies, and false if nobody asked.
    mutating func take(_ reply: RedisValue) -> (wasExpected: Bool, landing: Landing?) {
        guard first < flights.count, flights[first] != nil else { return (false, nil) }
        flights[first]?.replies.append(reply)
        guard let flight = flights[first], flight.replies.count == flight.count else { return (true, nil) }
        flights[first] = nil
        first += 1
        if first == flights.count || first > 1024 {
            flights.removeFirst(first)
            first = 0
        }
        if isEmpty { earliestDeadline = nil }
        return (true, flight.waiter.map { Landing(waiter: $0, outcome: .success(flight.replies)) })
    }

    /// Takes out the waiters whose time is over.
    ///
    /// - Complexity: O(*n*) for *n* batches under way, if there is one whose time is over.
    mutating func expire(at now: Int64) -> [Landing] {
        guard let earliest = earliestDeadline, earliest <= now else { return [] }
        var landings: [Landing] = []
        earliestDeadline = nil
        for index in first..<flights.count {
            guard let flight = flights[index], let waiter = flight.waiter else { continue }
            if flight.deadline <= now {
                flights[index]?.waiter = nil
                landings.append(Landing(waiter: waiter, outcome: .failure(.timeout)))
            } else {
                earliestDeadline = min(earliestDeadline ?? flight.deadline, flight.deadline)
            }
        }
        return landings
    }

    /// Takes out every waiter, because the connection is gone.
    mutating func fail(_ error: RedisError) -> [Landing] {
        defer { self = FlightQueue() }
        return flights[first...].compactMap { flight in
            flight?.waiter.map { Landing(waiter: $0, outcome: .failure(error)) }
        }
    }
}
