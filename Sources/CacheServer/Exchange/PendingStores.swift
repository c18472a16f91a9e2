internal import Synchronization

/// Counts the answers that are out and not stored yet, for a shutdown that waits for them.
final class PendingStores: Sendable {
    private let state = Mutex((count: 0, waiters: [CheckedContinuation<Void, Never>]()))

    /// Notes that an answer is going to be stored; to be called before its caller has it, so that none is missed.
    func begin() { state.withLock { $0.count += 1 } }

    /// Notes that it is stored, or will not be.
    func end() {
        let waiters = state.withLock { state in
            state.count -= 1
            guard state.count == 0 else { return [CheckedContinuation<Void, Never>]() }
            defer { state.waiters = [] }
            return state.waiters
        }
        for waiter in waiters { waiter.resume() }
    }

    /// Waits until nothing is being stored.
    func drained() async {
        await withCheckedContinuation { continuation in
            let isIdle = state.withLock { state in
                if state.count > 0 { state.waiters.append(continuation) }
                return state.count == 0
            }
            if isIdle { continuation.resume() }
        }
    }
}
