internal import Glibc

/// A value behind a readers-writer lock: many readers at once, or one writer.
///
///     let graph = RWLock(Graph())
///     let found = graph.read { $0.search(query) }
///     graph.write { $0.link(node) }
///
/// Waiting writers go before new readers, so a stream of searches cannot starve an insert. For that reason a thread
/// must not read again inside `read`. `Mutex` is the better choice where the critical section is a few instructions.
package final class RWLock<Value: ~Copyable>: Sendable {
    // Guarded by `lock`: `read` only borrows it under the shared lock, `write` mutates it under the exclusive one.
    private nonisolated(unsafe) var value: Value
    // Allocated, because pthread locks must keep their address; only pthread calls touch it.
    private nonisolated(unsafe) let lock: UnsafeMutablePointer<pthread_rwlock_t>

    /// Puts a value under a new lock.
    package init(_ value: consuming sending Value) {
        self.value = value
        lock = .allocate(capacity: 1)
        var attributes = pthread_rwlockattr_t()
        pthread_rwlockattr_init(&attributes)
        pthread_rwlockattr_setkind_np(&attributes, Int32(PTHREAD_RWLOCK_PREFER_WRITER_NONRECURSIVE_NP))
        let status = pthread_rwlock_init(lock, &attributes)
        precondition(status == 0, "cannot create a readers-writer lock: error \(status)")
        pthread_rwlockattr_destroy(&attributes)
    }

    deinit {
        pthread_rwlock_destroy(lock)
        lock.deallocate()
    }

    /// Runs `body` while no writer runs; other readers may run at the same time.
    @inline(__always)
    package func read<Result: ~Copyable, Failure: Error>(
        _ body: (borrowing Value) throws(Failure) -> Result
    ) throws(Failure) -> Result {
        let status = pthread_rwlock_rdlock(lock)
        precondition(status == 0, "reader cannot lock: error \(status)")
        defer { pthread_rwlock_unlock(lock) }
        return try body(value)
    }

    /// Runs `body` alone.
    @inline(__always)
    package func write<Result: ~Copyable, Failure: Error>(
        _ body: (inout Value) throws(Failure) -> Result
    ) throws(Failure) -> Result {
        let status = pthread_rwlock_wrlock(lock)
        precondition(status == 0, "writer cannot lock: error \(status)")
        defer { pthread_rwlock_unlock(lock) }
        return try body(&value)
    }
}
