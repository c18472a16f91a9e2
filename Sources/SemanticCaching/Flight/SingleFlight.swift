internal import Synchronization

/// Lets one of several callers that want the same thing fetch it, and hands its result to all of them.
///
///     let landing = try await flights.run(key) { try await model.answer(prompt) }
///
/// The first caller leads: it runs its operation in its own task. Callers that come while it runs wait for exactly as
/// long as it takes. A leader that is cancelled hands the flight to the caller that waits longest, as does, once, a
/// leader that fails; a second failure is everyone's. A waiting caller that is cancelled leaves at once.
package final class SingleFlight<Key: Hashable & Sendable, Value: Sendable>: Sendable {
    /// What a caller comes away with.
    package struct Landing: Sendable {
        /// The fetched value.
        package let value: Value
        /// Whether this caller's own operation fetched it.
        package let isLeader: Bool
    }

    private typealias Waiter = CheckedContinuation<FlightTable<Key, Value>.Turn, Never>
    private let table = Mutex(FlightTable<Key, Value>())
    private let waiters = Mutex<[UInt64: Waiter]>([:])

    /// Creates a set of flights, none of which is under way.
    package init() {}

    /// The number of callers that are waiting now.
    package var waitingCount: Int { table.withLock { $0.waitingCount } }

    /// Whether somebody fetches the value for the key now.
    package func isUnderWay(_ key: Key) -> Bool { table.withLock { $0.isUnderWay(key) } }

    /// Fetches the value for the key, or waits for the caller that does.
    ///
    /// - Throws: The operation's error, or `CancellationError` when this caller is cancelled while it waits.
    /// - Complexity: O(1) for each caller, besides the operation.
    package func run(
        _ key: Key,
        operation: @Sendable () async throws -> Value
    ) async throws -> Landing {
        let ticket = table.withLock { $0.board(key) }
        switch await turn(of: ticket, for: key) {
        case .lead: return try await lead(key, operation: operation)
        case .landed(let value): return Landing(value: value, isLeader: false)
        case .failed(let error): throw error
        case .cancelled: throw CancellationError()
        }
    }

    private func lead(_ key: Key, operation: @Sendable () async throws -> Value) async throws -> Landing {
        do {
            let value = try await operation()
            deliver(table.withLock { $0.land(key, with: value) })
            return Landing(value: value, isLeader: true)
        } catch {
            let isCancelled = error is CancellationError || Task.isCancelled
            deliver(table.withLock { $0.fail(key, with: error, isCancelled: isCancelled) })
            throw error
        }
    }

    private func turn(of ticket: FlightTable<Key, Value>.Ticket, for key: Key) async -> FlightTable<Key, Value>.Turn {
        guard case .waiting(let number) = ticket else { return .lead }
        return await withTaskCancellationHandler {
            await withCheckedContinuation { waiter in
                // The turn may have come between boarding and this line; then it is taken here.
                waiters.withLock { $0[number] = waiter }
                if let turn = table.withLock({ $0.takeTurn(of: number) }) { resume(number, with: turn) }
            }
        } onCancel: {
            if table.withLock({ $0.cancel(number, of: key) }) { deliver([number]) }
        }
    }

    /// Wakes callers whose turn has come; those that do not wait yet find it when they start to.
    private func deliver(_ numbers: [UInt64]) {
        for number in numbers where waiters.withLock({ $0[number] != nil }) {
            if let turn = table.withLock({ $0.takeTurn(of: number) }) { resume(number, with: turn) }
        }
    }

    private func resume(_ number: UInt64, with turn: FlightTable<Key, Value>.Turn) {
        waiters.withLock { $0.removeValue(forKey: number) }?.resume(returning: turn)
    }
}
