internal import HummingbirdCore
internal import Logging
internal import NIOCore
internal import Synchronization

/// HTTP/1 connections that are served on the thread that reads and writes them.
///
/// Else each request would hop from the connection's event loop to the pool of threads and back, which costs more than
/// a lookup. What takes long is not done there: embedding and storing have tasks of their own, on the pool.
struct LoopBoundConnections: ServerChildChannel {
    typealias Value = HTTP1Channel.Value

    private let base: HTTP1Channel
    private let hits: InlineHits.Lookup?
    private let silence: Duration
    private let executors = LoopExecutors()

    /// Creates connections; what the lookup answers needs no task at all.
    ///
    /// - Parameter silence: How long a caller may read nothing of what waits for him.
    init(_ base: HTTP1Channel, hits: InlineHits.Lookup? = nil, silence: Duration) {
        self.base = base
        self.hits = hits
        self.silence = silence
    }

    func setup(channel: any Channel, logger: Logger) -> EventLoopFuture<Value> {
        base.setup(channel: channel, logger: logger).flatMapThrowing { [hits, silence] value in
            let pipeline = value.channel.pipeline.syncOperations
            // Behind the handler that knows when a connection is idle, before the one that hands requests to tasks.
            let state = try pipeline.handler(type: HTTPConnectionStateHandler.self)
            if let hits { try pipeline.addHandler(InlineHits(hits), position: .after(state)) }
            try pipeline.addHandler(DepartureHandler(), position: .after(state))
            try pipeline.addHandler(WriteDeadline(limit: silence), position: .after(state))
            return value
        }
    }

    func handle(value: Value, logger: Logger) async {
        await withTaskExecutorPreference(executors[value.channel.eventLoop]) {
            await base.handle(value: value, logger: logger)
        }
    }
}

/// One executor for each event loop; they live as long as the server.
private final class LoopExecutors: Sendable {
    private let executors = Mutex<[ObjectIdentifier: LoopExecutor]>([:])

    subscript(loop: any EventLoop) -> LoopExecutor {
        executors.withLock { executors in
            if let known = executors[ObjectIdentifier(loop)] { return known }
            let made = LoopExecutor(loop)
            executors[ObjectIdentifier(loop)] = made
            return made
        }
    }
}

/// Runs the jobs of tasks on an event loop.
private final class LoopExecutor: TaskExecutor {
    private let loop: any EventLoop

    init(_ loop: any EventLoop) {
        self.loop = loop
    }

    func enqueue(_ job: consuming ExecutorJob) {
        let job = UnownedJob(job)
        loop.execute { job.runSynchronously(on: self.asUnownedTaskExecutor()) }
    }
}
