/// A caller's place in an exchange, given up when the last reference goes: also when his connection broke before the
/// first byte was written.
final class Membership: Sendable {
    let exchange: LiveExchange

    /// Takes over a place that the caller has joined.
    init(joined exchange: LiveExchange) { self.exchange = exchange }

    deinit { exchange.leave() }
}
