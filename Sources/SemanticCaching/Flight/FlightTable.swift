/// The state of all flights: who leads, who waits, and whose turn has come.
///
/// Pure: it wakes nobody itself.
package struct FlightTable<Key: Hashable & Sendable, Value: Sendable>: Sendable {
    /// What a caller is to do when it boards.
    package enum Ticket: Hashable, Sendable {
        /// Fetch the value.
        case leading
        /// Wait for one's turn.
        case waiting(UInt64)
    }

    /// What a waiting caller is told in the end.
    package enum Turn: Sendable {
        /// Fetch the value: the leader gave up.
        case lead
        /// Here is the value.
        case landed(Value)
        /// There will be no value.
        case failed(any Error)
        /// This caller left.
        case cancelled
    }

    private struct Flight {
        var waiting = WaitingLine()
        var failures = 0
    }

    /// How many failed leaders hand over before the error is everyone's: one failure may be the caller's own, two
    /// are the model's, and a thousand callers that each try a dead model help nobody.
    private static var handoversAfterFailure: Int { 1 }

    /// Creates a table without flights.
    package init() {}

    private var flights: [Key: Flight] = [:]
    private var turns: [UInt64: Turn] = [:]
    private var lastNumber: UInt64 = 0

    /// The number of callers that wait.
    package var waitingCount: Int { flights.values.reduce(0) { $0 + $1.waiting.count } }

    /// Whether somebody leads a flight of that key.
    package func isUnderWay(_ key: Key) -> Bool { flights[key] != nil }

    /// Adds a caller: the first of a key leads.
    package mutating func board(_ key: Key) -> Ticket {
        guard flights[key] != nil else {
            flights[key] = Flight()
            return .leading
        }
        lastNumber += 1
        flights[key]?.waiting.append(lastNumber)
        return .waiting(lastNumber)
    }

    /// Ends a flight with its value; returns the callers whose turn has come.
    package mutating func land(_ key: Key, with value: Value) -> [UInt64] {
        end(key, with: .landed(value))
    }

    /// Hands a flight over, or ends it with the error; returns the callers whose turn has come.
    package mutating func fail(_ key: Key, with error: any Error, isCancelled: Bool) -> [UInt64] {
        guard flights[key] != nil else { return [] }
        if !isCancelled { flights[key]?.failures += 1 }
        // In place: a copy of the line for each of a thousand callers that leave at once would be a million steps.
        guard flights[key]?.failures ?? 0 <= Self.handoversAfterFailure, let next = flights[key]?.waiting.popFirst()
        else {
            return end(key, with: .failed(error))
        }
        turns[next] = .lead
        return [next]
    }

    /// Takes a caller off its flight; false if its turn had come before.
    ///
    /// A caller whose turn to lead came before keeps it: its operation sees the cancellation and hands over again.
    package mutating func cancel(_ number: UInt64, of key: Key) -> Bool {
        guard flights[key]?.waiting.remove(number) == true else { return false }
        turns[number] = .cancelled
        return true
    }

    /// Gives a caller its turn, once.
    package mutating func takeTurn(of number: UInt64) -> Turn? { turns.removeValue(forKey: number) }

    private mutating func end(_ key: Key, with turn: Turn) -> [UInt64] {
        guard let flight = flights.removeValue(forKey: key) else { return [] }
        let waiting = flight.waiting.all
        for number in waiting { turns[number] = turn }
        return Array(waiting)
    }
}
