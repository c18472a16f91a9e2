internal import SemanticCaching
internal import Synchronization

/// Those who wait for another replica's answer to a request.
final class KeyWaiters: Sendable {
    private struct Waiter {
        let number: UInt64
        let continuation: CheckedContinuation<Void, Never>
        /// Ends the wait; begun with it, so that it never rings before there is somebody to wake.
        let alarm: Task<Void, Never>

        func wake() {
            alarm.cancel()
            continuation.resume()
        }
    }

    private struct State {
        var waiters: [String: [Waiter]] = [:]
        var lastNumber: UInt64 = 0
    }

    private let state = Mutex(State())

    /// Waits until the key is answered, the time is over, or the task is cancelled.
    func wait(for key: Digest256, atMost limit: Duration) async {
        let name = key.hexadecimalPrefix
        let number = state.withLock { state in
            state.lastNumber += 1
            return state.lastNumber
        }
        await withTaskCancellationHandler {
            await withCheckedContinuation { continuation in
                let isCancelled = state.withLock { state in
                    if Task.isCancelled { return true }
                    let alarm = Task { [self] in
                        try? await Task.sleep(for: limit)
                        wake(name, number)
                    }
                    let waiter = Waiter(number: number, continuation: continuation, alarm: alarm)
                    state.waiters[name, default: []].append(waiter)
                    return false
                }
                if isCancelled { continuation.resume() }
            }
        } onCancel: {
            wake(name, number)
        }
    }

    /// Wakes everyone who waits for a key.
    func wake(_ name: String) {
        let woken = state.withLock { $0.waiters.removeValue(forKey: name) ?? [] }
        for waiter in woken { waiter.wake() }
    }

    private func wake(_ name: String, _ number: UInt64) {
        let woken = state.withLock { state -> Waiter? in
            guard let index = state.waiters[name]?.firstIndex(where: { $0.number == number }) else { return nil }
            let waiter = state.waiters[name]?.remove(at: index)
            if state.waiters[name]?.isEmpty == true { state.waiters[name] = nil }
            return waiter
        }
        woken?.wake()
    }
}
