internal import Synchronization

/// Bounds the requests at once; what is too many is refused at the door, while it costs nothing.
final class ConcurrencyGate: Sendable {
    /// Leave to be inside, given back when the last reference goes: with the answer, however that ends.
    final class Pass: Sendable {
        private let gate: ConcurrencyGate
        fileprivate init(_ gate: ConcurrencyGate) { self.gate = gate }
        deinit { gate.inside.subtract(1, ordering: .relaxed) }
    }

    private let limit: Int
    private let inside = Atomic<Int>(0)

    init(limit: Int) { self.limit = limit }

    /// The number of requests inside.
    var count: Int { inside.load(ordering: .relaxed) }

    /// Lets a request in; nil if there are too many.
    func enter() -> Pass? {
        guard inside.add(1, ordering: .relaxed).newValue <= limit else {
            inside.subtract(1, ordering: .relaxed)
            return nil
        }
        return Pass(self)
    }
}
