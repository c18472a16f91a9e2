/// A writing call that waits for its turn in a batch.
struct PendingWrite: Sendable {
    /// The number of the question that is stored, 0 for other calls.
    ///
    /// Calls of a batch are carried out in this order: rows that arrive in order fill pages to the end, others leave a
    /// tenth of the file empty. Nobody can tell, as none of the callers has seen another's call return.
    let order: UInt64
    /// Does the work inside the transaction and returns what to do once it is committed.
    ///
    /// It runs again, alone, if the batch that it was in had to be rolled back.
    let perform: @Sendable (inout WriteTransaction) throws -> @Sendable () -> Void
    /// Tells the caller that nothing was stored.
    let fail: @Sendable (any Error) -> Void
}
