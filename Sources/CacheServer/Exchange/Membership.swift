internal import NIOCore
internal import SemanticCaching

/// A caller's place in an exchange, given up when the last reference goes: also when his connection broke before the
/// first byte was written.
final class Membership: Sendable {
    /// The exchange that the caller follows.
    let exchange: LiveExchange
    private let follower: Int

    /// Joins an exchange; nil if it is too late to see its beginning.
    init?(joining exchange: LiveExchange) {
        guard let follower = exchange.join() else { return nil }
        self.exchange = exchange
        self.follower = follower
    }

    deinit { exchange.leave(follower) }

    /// Waits for the piece of that number; nil at the end.
    func piece(_ index: Int) async throws -> ByteBuffer? { try await exchange.piece(index, for: follower) }

    /// The content up to its end, or to the limit of what is kept, and the number of the piece behind it.
    func beginning() async throws -> (bytes: ByteBuffer, next: Int?) { try await exchange.beginning(for: follower) }

    /// Waits for the end and returns the answer.
    func reply() async throws -> CachedReply? { try await exchange.reply(for: follower) }
}
