internal import SemanticCaching
internal import Synchronization

/// Counts the calls under way, so that closing can wait for the last of them.
final class AccessGate: Sendable {
    private struct State {
        var isClosed = false
        var callsUnderWay = 0
        var whenEmpty: CheckedContinuation<Void, Never>?
    }

    private let state = Mutex(State())

    /// Begins a call.
    ///
    /// - Throws: ``CacheError`` with `storeUnavailable` if the gate is closed.
    func enter() throws(CacheError) {
        let isOpen = state.withLock { state in
            if !state.isClosed { state.callsUnderWay += 1 }
            return !state.isClosed
        }
        guard isOpen else { throw .storeClosed }
    }

    /// Ends a call.
    func leave() {
        let waiting = state.withLock { state in
            state.callsUnderWay -= 1
            return state.callsUnderWay == 0 ? state.whenEmpty.take() : nil
        }
        waiting?.resume()
    }

    /// Lets no more calls in and returns when all under way have ended; false if it was closed before.
    func close() async -> Bool {
        let isFirst = state.withLock { state in
            let isFirst = !state.isClosed
            state.isClosed = true
            return isFirst
        }
        guard isFirst else { return false }
        await withCheckedContinuation { continuation in
            let isEmpty = state.withLock { state in
                if state.callsUnderWay > 0 { state.whenEmpty = continuation }
                return state.callsUnderWay == 0
            }
            if isEmpty { continuation.resume() }
        }
        return true
    }
}
