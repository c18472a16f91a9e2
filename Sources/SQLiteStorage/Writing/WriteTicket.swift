internal import Synchronization

/// Where the caller of a writing call waits: until the call is carried out, or until it is asked to carry out the next
/// batch, which has the call in it, itself.
final class WriteTicket<Value: Sendable>: Sendable {
    /// What a caller has waited for.
    enum Turn: Sendable {
        /// The call is carried out and committed, or has failed.
        case done(Result<Value, any Error>)
        /// The caller is to carry out the next batch, and then to wait again.
        case lead
    }

    private enum State {
        case idle
        case waiting(CheckedContinuation<Turn, Never>)
        /// The turn came before the caller waited for it.
        case ready(Turn)
    }

    private let state = Mutex(State.idle)

    /// Gives the caller its turn.
    func resume(_ turn: Turn) {
        let waiting: CheckedContinuation<Turn, Never>? = state.withLock { state in
            if case .waiting(let continuation) = state {
                state = .idle
                return continuation
            }
            state = .ready(turn)
            return nil
        }
        waiting?.resume(returning: turn)
    }

    /// Waits for the caller's turn; does not suspend if it has come.
    func wait() async -> Turn {
        if let turn = state.withLock({ Self.take(&$0) }) { return turn }
        return await withCheckedContinuation { continuation in
            let turn: Turn? = state.withLock { state in
                if let turn = Self.take(&state) { return turn }
                state = .waiting(continuation)
                return nil
            }
            if let turn { continuation.resume(returning: turn) }
        }
    }

    private static func take(_ state: inout State) -> Turn? {
        guard case .ready(let turn) = state else { return nil }
        state = .idle
        return turn
    }
}
