internal import NIOCore
internal import OpenAI
internal import SemanticCaching
internal import Synchronization

/// One exchange with the upstream, which any number of callers follow from its beginning.
///
///     upstream ──► publish ──► pieces 0, 1, 2, …  ──► follower (at 2)
///                                                 ──► follower (at 0, just come)
///                                                 ──► store, at the end
///
/// It runs in a task of its own: no caller's departure ends it for the others. When the last one has gone, it is
/// cancelled, unless the answer is wanted for the store.
final class LiveExchange: Sendable {
    /// The head of the upstream's answer.
    struct Head: Sendable {
        let status: Int
        let headers: [(name: String, value: String)]

        /// The first field of a name, compared without case.
        func header(_ name: String) -> String? { headers.first { $0.name.lowercased() == name }?.value }
    }

    /// What is known at the end.
    struct Outcome: Sendable {
        /// The answer, if it is one that can be stored.
        let reply: CachedReply?
        /// Where it is stored now, if it is.
        let entry: EntryID?
    }

    private struct State {
        var head: Head?
        /// The pieces that are still held; the first has the number `firstPiece`.
        var pieces: [ByteBuffer] = []
        var firstPiece = 0
        var heldBytes = 0
        var hasEnded = false
        var failure: (any Error)?
        var reply: CachedReply?
        var outcome: Outcome?
        /// The number of the piece that each follower needs next.
        var positions: [Int: Int] = [:]
        var lastFollower = 0
        var mayJoin = true
        /// Whether all have left an answer that nobody else wants.
        var isAbandoned = false
        /// Raised by each change, so that a follower who looked before it does not sleep through it.
        var version: UInt64 = 0
        var sleepers: [UInt64: CheckedContinuation<Void, Never>] = [:]
        var lastSleeper: UInt64 = 0
        var task: Task<Void, Never>?

        /// Whether one more caller may have all of it: not behind its end, but while its answer is being stored.
        ///
        /// Else who asks again with the answer in his hands could be given it a second time, be it an error.
        var isOpen: Bool { mayJoin && (!hasEnded || reply != nil && outcome == nil) }

        /// Lets go of pieces that nobody needs any more, once nobody may join to see the beginning.
        mutating func trim() {
            guard !mayJoin else { return }
            let needed = positions.values.min() ?? .max
            let count = min(max(0, needed - firstPiece), pieces.count)
            heldBytes -= pieces[..<count].reduce(0) { $0 + $1.readableBytes }
            pieces.removeFirst(count)
            firstPiece += count
        }
    }

    /// The form in which the leader asked for the answer.
    let form: WireForm
    private let state = Mutex(State())
    private let completesAbandoned: Bool
    private let maximumBytes: Int

    init(form: WireForm, completesAbandoned: Bool, maximumBytes: Int) {
        self.form = form
        self.completesAbandoned = completesAbandoned
        self.maximumBytes = maximumBytes
    }

    // MARK: - The upstream's side

    /// Runs the exchange.
    func start(_ body: @escaping @Sendable (LiveExchange) async -> Void) {
        let task = Task { await body(self) }
        let isAbandoned = state.withLock { state in
            state.task = task
            return state.isAbandoned
        }
        if isAbandoned { task.cancel() }
    }

    func publish(head: Head) { change { $0.head = head } }

    /// Adds the next bytes.
    ///
    /// Beyond the limit nobody may join any more, what all have read is let go, and the slowest reader sets the pace:
    /// those who follow still get all of it, in bounded memory.
    func publish(_ piece: ByteBuffer) async throws {
        change { state in
            state.pieces.append(piece)
            state.heldBytes += piece.readableBytes
            if state.heldBytes > maximumBytes { state.mayJoin = false }
            state.trim()
        }
        let limit = maximumBytes
        _ = try await wait { $0.heldBytes <= limit || $0.positions.isEmpty ? true : nil }
    }

    /// Ends the content.
    ///
    /// The outcome comes later, with ``settle(_:)``: nobody waits for the store.
    func end(reply: CachedReply?) {
        change { state in
            state.hasEnded = true
            state.reply = reply
        }
    }

    func fail(_ error: any Error) {
        change { state in
            state.hasEnded = true
            state.failure = state.failure ?? error
            state.outcome = Outcome(reply: nil, entry: nil)
        }
    }

    /// Ends an exchange that takes too long; one whose content has ended is left to store it.
    func giveUp(_ error: any Error) {
        var task: Task<Void, Never>?
        change { state in
            guard !state.hasEnded else { return }
            state.hasEnded = true
            state.failure = error
            state.outcome = Outcome(reply: nil, entry: nil)
            task = state.task
        }
        task?.cancel()
    }

    /// Whether it ended by an error.
    var hasFailed: Bool { state.withLock { $0.failure != nil } }

    func settle(_ outcome: Outcome) { change { $0.outcome = outcome } }

    // MARK: - The callers' side

    /// Adds a caller, who must ``leave(_:)`` in the end; nil if it is too late to see the beginning, or to ask at all.
    func join() -> Int? {
        state.withLock { state in
            guard state.isOpen else { return nil }
            state.lastFollower += 1
            state.positions[state.lastFollower] = 0
            return state.lastFollower
        }
    }

    /// Whether a caller may still join.
    var isOpen: Bool { state.withLock { $0.isOpen } }

    /// The number of callers who follow now.
    var followers: Int { state.withLock { $0.positions.count } }

    /// Takes a caller off.
    func leave(_ follower: Int) {
        var task: Task<Void, Never>?
        change { state in
            state.positions[follower] = nil
            if state.positions.isEmpty, !state.hasEnded, !completesAbandoned {
                state.mayJoin = false
                state.isAbandoned = true
                task = state.task
            }
            state.trim()
        }
        task?.cancel()
    }

    /// Waits for the head.
    ///
    /// - Throws: The exchange's error, or `CancellationError`, also for a follower who has left.
    func head(for follower: Int) async throws -> Head {
        try await wait { state throws in
            guard state.positions[follower] != nil else { throw CancellationError() }
            if let head = state.head { return head }
            if let failure = state.failure { throw failure }
            return nil
        }
    }

    /// Waits for the follower's piece of that number; nil at the end.
    ///
    /// He needs those before it no more.
    ///
    /// - Throws: The exchange's error, or `CancellationError`, also for a follower who has left.
    func piece(_ index: Int, for follower: Int) async throws -> ByteBuffer? {
        advance(follower, to: index)
        return try await wait { state throws -> ByteBuffer?? in
            // For one who has left nothing is held any more.
            guard state.positions[follower] != nil else { throw CancellationError() }
            let place = index - state.firstPiece
            if place < state.pieces.count { return .some(state.pieces[place]) }
            if let failure = state.failure { throw failure }
            return state.hasEnded ? .some(nil) : nil
        }
    }

    private func advance(_ follower: Int, to index: Int) {
        let wasTooMuch = state.withLock { state in
            guard state.positions[follower] != nil else { return false }
            state.positions[follower] = index
            let wasTooMuch = state.heldBytes > maximumBytes
            state.trim()
            return wasTooMuch
        }
        if wasTooMuch { change { _ in } }
    }

    /// Waits for the end and returns the answer; nil if the content is none that could be understood.
    ///
    /// The follower reads no pieces, so he holds none up.
    ///
    /// - Throws: The exchange's error, or `CancellationError`, also for a follower who has left.
    func reply(for follower: Int) async throws -> CachedReply? {
        advance(follower, to: .max)
        return try await wait { state throws -> CachedReply?? in
            guard state.positions[follower] != nil else { throw CancellationError() }
            if let failure = state.failure { throw failure }
            return state.hasEnded ? .some(state.reply) : nil
        }
    }

    /// Waits until the answer is stored, or known not to be.
    func outcome() async throws -> Outcome {
        try await wait { $0.outcome }
    }

    /// The content up to its end, or to the limit of what is kept; for answers that are no streams.
    ///
    /// - Returns: The bytes, and the number of the piece behind them; nil at the end.
    func beginning(for follower: Int) async throws -> (bytes: ByteBuffer, next: Int?) {
        var bytes = ByteBuffer()
        var index = 0
        while var next = try await piece(index, for: follower) {
            bytes.writeBuffer(&next)
            index += 1
            guard bytes.readableBytes <= maximumBytes else { return (bytes, index) }
        }
        return (bytes, nil)
    }

    // MARK: - Waiting

    private func change(_ body: (inout State) -> Void) {
        let sleepers = state.withLock { state in
            body(&state)
            state.version += 1
            defer { state.sleepers = [:] }
            return Array(state.sleepers.values)
        }
        for sleeper in sleepers { sleeper.resume() }
    }

    private func wait<Value>(until look: (inout State) throws -> Value?) async throws -> Value {
        while true {
            try Task.checkCancellation()
            let (found, version) = try state.withLock { state in (try look(&state), state.version) }
            if let found { return found }
            await sleep(since: version)
        }
    }

    private func sleep(since version: UInt64) async {
        let number = state.withLock { state in
            state.lastSleeper += 1
            return state.lastSleeper
        }
        await withTaskCancellationHandler {
            await withCheckedContinuation { continuation in
                let isOver = state.withLock { state in
                    if state.version != version || Task.isCancelled { return true }
                    state.sleepers[number] = continuation
                    return false
                }
                if isOver { continuation.resume() }
            }
        } onCancel: {
            state.withLock { $0.sleepers.removeValue(forKey: number) }?.resume()
        }
    }
}
