internal import Synchronization

/// A shard with its lock, in an allocation of its own, so that shards do not share cache lines.
final class ExactLock: Sendable {
    let state: Mutex<ExactShard>

    init(_ state: ExactShard) { self.state = Mutex(state) }
}
