internal import NIOCore
internal import SemanticCaching

/// A caller's place in an exchange, given up when he goes or when the last reference does: also when his connection broke
/// before the first byte was written.
final class Membership: Sendable {
    /// The exchange that the caller follows.
    let exchange: LiveExchange
    private let follower: Int
    private let watch: Departure.Watch?

    /// Joins an exchange; nil if it is too late to see its beginning.
    ///
    /// - Parameter departure: When the caller goes; nil for none who could.
    init?(joining exchange: LiveExchange, until departure: Departure? = nil) {
        guard let follower = exchange.join() else { return nil }
        self.exchange = exchange
        self.follower = follower
        watch = departure?.watch { exchange.leave(follower) }
    }

    deinit {
        watch?.end()
        exchange.leave(follower)
    }

    /// Waits for the head.
    func head() async throws -> LiveExchange.Head { try await exchange.head(for: follower) }

    /// Waits for the piece of that number; nil at the end.
    func piece(_ index: Int) async throws -> ByteBuffer? { try await exchange.piece(index, for: follower) }

    /// The content up to its end, or to the limit of what is kept, and the number of the piece behind it.
    func beginning() async throws -> (bytes: ByteBuffer, next: Int?) { try await exchange.beginning(for: follower) }

    /// Waits for the end and returns the answer.
    func reply() async throws -> CachedReply? { try await exchange.reply(for: follower) }
}
