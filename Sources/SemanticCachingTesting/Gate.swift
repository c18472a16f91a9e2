/// A barrier that holds tasks until a test lets them through.
///
///     let gate = Gate()
///     async let answer = upstream.answer()   // suspends in gate.pass()
///     try await gate.waitForArrivals(count: 1)
///     gate.admit(1)
public final class Gate: Sendable {
    private struct State {
        var isOpen: Bool
        var tickets = 0
        var arrivals = 0
    }

    private let state: Watched<State>

    /// Creates a gate, closed unless told otherwise.
    public init(isOpen: Bool = false) { state = Watched(State(isOpen: isOpen)) }

    /// Lets everyone through, those who wait and those who come, until ``close()``.
    public func open() { state.update { $0.isOpen = true } }

    /// Holds everyone who comes from now on.
    public func close() { state.update { $0.isOpen = false } }

    /// Lets this many tasks through, whether they wait already or come later.
    public func admit(_ count: Int = 1) { state.update { $0.tickets += count } }

    /// The number of tasks that have come to the gate so far.
    public var arrivals: Int { state.value.arrivals }

    /// Suspends until this many tasks have come to the gate.
    ///
    /// - Throws: `CancellationError` as soon as the task is cancelled.
    public func waitForArrivals(count: Int) async throws { try await state.wait { $0.arrivals >= count } }

    /// Goes through the gate, after waiting for it to let the task through.
    ///
    /// - Throws: `CancellationError` as soon as the task is cancelled.
    public func pass() async throws {
        state.update { $0.arrivals += 1 }
        while true {
            try await state.wait { $0.isOpen || $0.tickets > 0 }
            let isThrough = state.update { state in
                if state.isOpen { return true }
                // Several are woken for one ticket; only one finds it.
                guard state.tickets > 0 else { return false }
                state.tickets -= 1
                return true
            }
            if isThrough { return }
        }
    }
}
