/// A writing call that waits for its turn in a batch.
struct PendingWrite: Sendable {
    /// Its place among the calls of a batch, which came at the same time.
    let order: UInt64
    /// Whether it takes microseconds, so that any thread may do it.
    let isShort: Bool
    /// Whether a crash may lose it although it is acknowledged, if the options say so: what stores, and nothing else.
    let mayBeLost: Bool
    /// Whether its caller may be asked to carry out the next batch on its own thread.
    let mayLead: Bool
    /// Does the work inside the transaction and returns what to do once it is committed.
    ///
    /// It runs again, alone, if the batch that it was in had to be rolled back.
    let perform: @Sendable (inout WriteTransaction) throws -> @Sendable () -> Void
    /// Tells the caller that nothing was stored.
    let fail: @Sendable (any Error) -> Void
    /// Asks the caller to carry out the next batch.
    let callToLead: @Sendable () -> Void
}
