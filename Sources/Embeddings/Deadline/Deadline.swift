internal import Synchronization

/// The time for an operation is over.
package struct DeadlineExceeded: Error, Hashable {
    /// Creates the error.
    package init() {}
}

/// What tells that time is up: the machine's clock, or one that a test moves by hand.
package enum DeadlineSource: Sendable {
    /// The machine's clock, through a wheel: many deadlines that are rarely met cost next to nothing.
    case wheel(DeadlineWheel)
    /// A clock that can only be slept on.
    case sleeping(@Sendable (Duration) async throws -> Void)

    /// The machine's clock, through the wheel of the process.
    package static let system = wheel(.shared)

    fileprivate func schedule(after duration: Duration, _ action: @escaping @Sendable () -> Void) -> PendingAlarm {
        switch self {
        case .wheel(let wheel): .wheel(wheel.add(after: duration, action))
        case .sleeping(let sleep):
            .task(
                Task {
                    guard (try? await sleep(duration)) != nil else { return }
                    action()
                }
            )
        }
    }
}

/// Runs an operation, but waits for it no longer than a duration.
///
///     let found = try await withDeadline(.seconds(2)) { try await embedder.embed([text]) }
///
/// The operation is cancelled when its time is over, or when the caller is cancelled. One that ignores its cancellation
/// runs on alone: the caller does not wait for it, because an embedder that hangs must not hang the cache. An operation
/// that ends in time leaves nothing behind.
///
/// - Throws: ``DeadlineExceeded``, `CancellationError`, or the operation's error.
package func withDeadline<Value: Sendable>(
    _ duration: Duration,
    on source: DeadlineSource = .system,
    operation: @escaping @Sendable () async throws -> Value
) async throws -> Value {
    let race = Race<Value>()
    let work = Task { race.finish(await Result.catching(operation)) }
    let alarm = source.schedule(after: duration) { race.finish(.failure(DeadlineExceeded())) }
    defer {
        alarm.cancel()
        work.cancel()
    }
    return try await withTaskCancellationHandler {
        try await race.result().get()
    } onCancel: {
        race.finish(.failure(CancellationError()))
    }
}

private enum PendingAlarm {
    case wheel(DeadlineWheel.Alarm)
    case task(Task<Void, Never>)

    func cancel() {
        switch self {
        case .wheel(let alarm): alarm.cancel()
        case .task(let task): task.cancel()
        }
    }
}

/// The first result of several runners.
private final class Race<Value: Sendable>: Sendable {
    private enum State {
        case running
        case waiting(CheckedContinuation<Result<Value, any Error>, Never>)
        case finished(Result<Value, any Error>)
    }

    private let state = Mutex(State.running)

    func finish(_ result: Result<Value, any Error>) {
        let waiter: CheckedContinuation<Result<Value, any Error>, Never>? = state.withLock { state in
            switch state {
            case .running:
                state = .finished(result)
                return nil
            case .waiting(let waiter):
                state = .finished(result)
                return waiter
            case .finished: return nil
            }
        }
        waiter?.resume(returning: result)
    }

    func result() async -> Result<Value, any Error> {
        await withCheckedContinuation { waiter in
            let finished: Result<Value, any Error>? = state.withLock { state in
                if case .finished(let result) = state { return result }
                state = .waiting(waiter)
                return nil
            }
            if let finished { waiter.resume(returning: finished) }
        }
    }
}

extension Result where Failure == any Error, Success: Sendable {
    fileprivate static func catching(_ operation: @Sendable () async throws -> Success) async -> Self {
        do { return .success(try await operation()) } catch { return .failure(error) }
    }
}
