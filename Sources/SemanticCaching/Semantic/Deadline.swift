internal import Synchronization

/// The time for an operation is over.
struct DeadlineExceeded: Error {}

/// Runs an operation, but waits for it no longer than a duration on the given clock.
///
/// The operation is cancelled when its time is over. One that ignores its cancellation runs on alone: the caller does
/// not wait for it, because an embedder that hangs must not hang the cache.
/// - Throws: `DeadlineExceeded`, `CancellationError`, or the operation's error.
func withDeadline<Value: Sendable>(
    _ duration: Duration,
    on clock: any CacheClock,
    operation: @escaping @Sendable () async throws -> Value
) async throws -> Value {
    let race = Race<Value>()
    let work = Task { await race.finish(Result.catching(operation)) }
    let timer = Task {
        guard (try? await clock.sleep(for: duration)) != nil else { return }
        race.finish(.failure(DeadlineExceeded()))
    }
    defer {
        timer.cancel()
        work.cancel()
    }
    return try await withTaskCancellationHandler {
        try await race.result().get()
    } onCancel: {
        race.finish(.failure(CancellationError()))
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
