#if SEMCACHE_TSAN
internal import Glibc

/// A value behind a lock, in the form that the thread sanitizer understands.
///
/// The sanitizer learns of order between threads from calls that it intercepts, as it does pthread locks.
/// `Synchronization.Mutex` sleeps in the kernel without such a call, so that it sees races where there are none.
package final class Guarded<Value: ~Copyable>: Sendable {
    // `withLock` alone touches it, under the lock.
    private nonisolated(unsafe) var value: Value
    // Allocated, because pthread locks must keep their address; only pthread calls touch it.
    private nonisolated(unsafe) let lock: UnsafeMutablePointer<pthread_mutex_t>

    package init(_ value: consuming sending Value) {
        self.value = value
        lock = .allocate(capacity: 1)
        let status = pthread_mutex_init(lock, nil)
        precondition(status == 0, "cannot create a lock: error \(status)")
    }

    deinit {
        pthread_mutex_destroy(lock)
        lock.deallocate()
    }

    package func withLock<Result: ~Copyable, Failure: Error>(
        _ body: (inout sending Value) throws(Failure) -> sending Result
    ) throws(Failure) -> sending Result {
        pthread_mutex_lock(lock)
        defer { pthread_mutex_unlock(lock) }
        return try body(&value)
    }
}
#else
internal import Synchronization

/// A value behind a lock: `Synchronization.Mutex`, and a pthread lock where `make sanitize` looks for races.
///
///     let count = Guarded(0)
///     count.withLock { $0 += 1 }
package struct Guarded<Value: ~Copyable>: ~Copyable, Sendable {
    private let mutex: Mutex<Value>

    /// Puts a value under a new lock.
    package init(_ value: consuming sending Value) {
        mutex = Mutex(value)
    }

    /// Runs `body` alone.
    @inline(__always)
    package borrowing func withLock<Result: ~Copyable, Failure: Error>(
        _ body: (inout sending Value) throws(Failure) -> sending Result
    ) throws(Failure) -> sending Result {
        try mutex.withLock(body)
    }
}
#endif
