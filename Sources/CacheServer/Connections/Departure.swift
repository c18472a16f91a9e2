internal import Synchronization

/// The moment at which the caller of a connection goes, for those who would do in vain what they do for him.
///
///     let watch = departure.watch { exchange.leave(follower) }
///     defer { watch.end() }
final class Departure: Sendable {
    /// Somebody who wants to know, until he says otherwise.
    struct Watch: Sendable {
        fileprivate let departure: Departure
        fileprivate let number: UInt64

        /// Ends the watch; without effect once the caller has gone.
        func end() { _ = departure.state.withLock { $0.actions.removeValue(forKey: number) } }
    }

    private struct State {
        var hasCome = false
        var lastNumber: UInt64 = 0
        var actions: [UInt64: @Sendable () -> Void] = [:]
    }

    private let state = Mutex(State())

    /// The number of those who want to know.
    var watchCount: Int { state.withLock { $0.actions.count } }

    /// Calls back once the caller goes; at once if he has gone.
    ///
    /// - Parameter action: Runs on the connection's thread; it must not block.
    func watch(_ action: @escaping @Sendable () -> Void) -> Watch {
        let (number, hasCome) = state.withLock { state in
            state.lastNumber += 1
            if !state.hasCome { state.actions[state.lastNumber] = action }
            return (state.lastNumber, state.hasCome)
        }
        if hasCome { action() }
        return Watch(departure: self, number: number)
    }

    /// The caller goes now.
    func come() {
        let actions = state.withLock { state in
            state.hasCome = true
            defer { state.actions = [:] }
            return Array(state.actions.values)
        }
        for action in actions { action() }
    }
}
