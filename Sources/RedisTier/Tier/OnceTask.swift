internal import Synchronization

/// Runs a work once; whoever asks while it runs waits for its end.
final class OnceTask: Sendable {
    private let task = Mutex<Task<Void, Never>?>(nil)
    private let isDone = Atomic(false)

    func run(_ work: @escaping @Sendable () async -> Void) async {
        guard let running = begin(work) else { return }
        await running.value
        isDone.store(true, ordering: .releasing)
    }

    /// Begins the work if nobody has, and does not wait; nil if it is known to be done.
    @discardableResult
    func begin(_ work: @escaping @Sendable () async -> Void) -> Task<Void, Never>? {
        if isDone.load(ordering: .acquiring) { return nil }
        return task.withLock { task in
            if let task { return task }
            let made = Task { await work() }
            task = made
            return made
        }
    }
}
