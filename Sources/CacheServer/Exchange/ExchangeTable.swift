internal import SemanticCaching
internal import Synchronization

/// The exchanges under way, by what their requests have in common.
final class ExchangeTable: Sendable {
    private let exchanges = Mutex<[Digest256: LiveExchange]>([:])

    /// The number of exchanges under way.
    var count: Int { exchanges.withLock { $0.count } }

    /// Whether there is an exchange of that key to join.
    func isRunning(_ key: Digest256) -> Bool { exchanges.withLock { $0[key]?.isOpen == true } }

    /// The number of callers who follow them.
    var followerCount: Int { exchanges.withLock { $0.values.reduce(0) { $0 + $1.followers } } }

    /// Joins the exchange of that key, or makes one that the caller must start.
    ///
    /// Either way the caller has joined, until he goes.
    /// - Parameter make: Called while no other can begin or end; nil if none is needed any more.
    /// - Returns: Nil if `make` made none.
    func board(
        _ key: Digest256,
        until departure: Departure? = nil,
        make: () -> LiveExchange?
    ) -> (membership: Membership, isLeader: Bool)? {
        exchanges.withLock { exchanges in
            if let running = exchanges[key], let membership = Membership(joining: running, until: departure) {
                return (membership, false)
            }
            guard let exchange = make() else { return nil }
            guard let membership = Membership(joining: exchange, until: departure) else {
                preconditionFailure("A new exchange can be joined.")
            }
            exchanges[key] = exchange
            return (membership, true)
        }
    }

    /// Takes an exchange out, unless another has taken its place.
    func remove(_ key: Digest256, _ exchange: LiveExchange) {
        exchanges.withLock { exchanges in
            if exchanges[key] === exchange { exchanges[key] = nil }
        }
    }
}
