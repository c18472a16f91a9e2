internal import Dispatch
internal import Synchronization

/// Runs encoder jobs on a few threads of its own, each with a workspace, in the order they came.
///
/// A text takes milliseconds of pure arithmetic, and a batch takes seconds. On Swift's cooperative pool, which has one
/// thread per core, that would hold up every other task of the process; here the system's scheduler shares the cores,
/// at the price of two thread switches (about 20 µs) per job. The number of jobs that run at once is bounded, and
/// with it the memory of the workspaces; a job that is cancelled while it waits never starts.
final class EncoderPool: Sendable {
    /// What waits for a workspace.
    struct Job: Sendable {
        let id: UInt64
        let run: @Sendable (EncoderWorkspace) -> Void
        let cancel: @Sendable () -> Void
    }

    /// The most jobs that run at once.
    let width: Int

    private let makeWorkspace: @Sendable () -> EncoderWorkspace
    private let queue = DispatchQueue(label: "semcache.encoder", attributes: .concurrent)
    private let state: Mutex<EncoderPoolState<EncoderWorkspace, Job>>
    private let nextID = Atomic<UInt64>(0)

    /// Creates a pool; workspaces are made when they are first needed.
    init(width: Int, makeWorkspace: @escaping @Sendable () -> EncoderWorkspace) {
        precondition(width > 0, "a pool has at least one thread")
        self.width = width
        self.makeWorkspace = makeWorkspace
        state = Mutex(EncoderPoolState(width: width))
    }

    /// Runs `work` on one of the pool's threads and waits for its result.
    ///
    /// - Throws: `CancellationError` when the task is cancelled before the work starts; what `work` throws.
    func run<Result: Sendable>(
        _ work: @escaping @Sendable (EncoderWorkspace) throws -> Result
    ) async throws -> Result {
        try Task.checkCancellation()
        let id = nextID.add(1, ordering: .relaxed).newValue
        return try await withTaskCancellationHandler {
            try await withCheckedThrowingContinuation { continuation in
                submit(
                    Job(
                        id: id,
                        run: { workspace in continuation.resume(with: Swift.Result { try work(workspace) }) },
                        cancel: { continuation.resume(throwing: CancellationError()) }
                    )
                )
                // A cancellation that came before the job was there found nothing to cancel.
                if Task.isCancelled { cancel(id) }
            }
        } onCancel: {
            cancel(id)
        }
    }

    private func submit(_ job: Job) {
        switch state.withLock({ $0.submit(job) }) {
        case .wait: break
        case .start(let job, let workspace):
            queue.async { self.work(job, in: workspace ?? self.makeWorkspace()) }
        }
    }

    /// Runs a job and then those that wait, so that a busy pool switches threads no more.
    private func work(_ first: Job, in workspace: EncoderWorkspace) {
        var next: Job? = first
        while let job = next {
            job.run(workspace)
            next = state.withLock { $0.finish(workspace) }
        }
    }

    private func cancel(_ id: UInt64) {
        state.withLock { $0.remove { $0.id == id } }?.cancel()
    }
}
