internal import GRDB

/// Work outside of batches that waits for its turn.
struct PendingMaintenance: Sendable {
    /// Does the work and tells its caller; called on the writer's own thread.
    let perform: @Sendable (Database) -> Void
}
