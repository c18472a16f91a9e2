internal import Synchronization

/// A value behind a lock that tasks can wait on: woken by the change they wait for, never by polling.
///
///     let calls = Watched(0)
///     calls.update { $0 += 1 }
///     try await calls.wait { $0 >= 1 }
public final class Watched<Value: Sendable>: Sendable {
    private struct Waiter {
        let number: UInt64
        let condition: @Sendable (Value) -> Bool
        let continuation: CheckedContinuation<Void, any Error>
    }

    private struct State {
        var value: Value
        var waiters: [Waiter] = []
        var lastNumber: UInt64 = 0
    }

    private let state: Mutex<State>

    /// Creates a watched value.
    public init(_ value: Value) { state = Mutex(State(value: value)) }

    /// The value now.
    public var value: Value { state.withLock { $0.value } }

    /// Changes the value and wakes the tasks whose condition then holds, those that wait longest first.
    @discardableResult
    public func update<Result: Sendable>(_ change: @Sendable (inout Value) throws -> Result) rethrows -> Result {
        let (result, ready) = try state.withLock { state in
            let result = try change(&state.value)
            let ready = state.waiters.filter { $0.condition(state.value) }
            if !ready.isEmpty { state.waiters.removeAll { waiter in ready.contains { $0.number == waiter.number } } }
            return (result, ready)
        }
        for waiter in ready { waiter.continuation.resume() }
        return result
    }

    /// Suspends until the condition holds.
    ///
    /// - Throws: `CancellationError` as soon as the task is cancelled.
    public func wait(until condition: @escaping @Sendable (Value) -> Bool) async throws {
        let number = state.withLock { state in
            state.lastNumber += 1
            return state.lastNumber
        }
        try await withTaskCancellationHandler {
            try await withCheckedThrowingContinuation { continuation in
                let outcome: Result<Void, any Error>? = state.withLock { state in
                    // A cancellation before this lock found no waiter to wake; one after it will.
                    if Task.isCancelled { return .failure(CancellationError()) }
                    if condition(state.value) { return .success(()) }
                    state.waiters.append(
                        Waiter(number: number, condition: condition, continuation: continuation)
                    )
                    return nil
                }
                if let outcome { continuation.resume(with: outcome) }
            }
        } onCancel: {
            let waiter = state.withLock { state in
                state.waiters.firstIndex { $0.number == number }.map { state.waiters.remove(at: $0) }
            }
            waiter?.continuation.resume(throwing: CancellationError())
        }
    }
}
