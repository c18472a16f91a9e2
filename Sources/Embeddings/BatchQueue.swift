/// Which calls travel together: the pure part of ``BatchingEmbedder``.
struct BatchQueue {
    /// One caller's texts.
    struct Request: Hashable, Sendable {
        let id: UInt64
        let texts: [String]
    }

    /// What the driver has to do.
    enum Action: Hashable, Sendable {
        /// Send this batch now.
        case send([Request])
        /// Close this window when the delay is over.
        case wait(window: Int)
    }

    private let capacity: Int
    private var pending: [Request] = []
    private var pendingTexts = 0
    private var window = 0

    /// Creates a queue whose batches hold at most `capacity` texts.
    init(capacity: Int) {
        self.capacity = capacity
    }

    /// Adds a call of fewer texts than a batch holds.
    mutating func add(_ request: Request) -> [Action] {
        var actions: [Action] = []
        if pendingTexts + request.texts.count > capacity { actions.append(.send(takePending())) }
        pending.append(request)
        pendingTexts += request.texts.count
        if pendingTexts == capacity {
            actions.append(.send(takePending()))
        } else if pending.count == 1 {
            actions.append(.wait(window: window))
        }
        return actions
    }

    /// The delay of a window is over: returns its batch, unless it was full and has left.
    mutating func close(_ window: Int) -> [Request]? {
        window == self.window && !pending.isEmpty ? takePending() : nil
    }

    private mutating func takePending() -> [Request] {
        defer {
            pending = []
            pendingTexts = 0
            window += 1
        }
        return pending
    }
}
