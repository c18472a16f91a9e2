internal import Synchronization

/// Gathers calls that come close together into one call of the model.
///
///     let embedder = BatchingEmbedder(base: openAI, limits: .init(texts: 64, delay: .milliseconds(3)))
///     async let first = embedder.embed("one")       // both travel
///     async let second = embedder.embed("two")      // in one request
///
/// A batch leaves when it has ``Limits/texts`` texts, or ``Limits/delay`` after its first. It pays off where a call has
/// a price of its own: a server over the network. A caller that is cancelled stops waiting at once. A batch that the
/// model refuses for its content is repeated caller by caller, so that nobody pays for another's text.
public final class BatchingEmbedder: Embedder {
    /// When a batch leaves.
    public struct Limits: Hashable, Sendable {
        /// Texts that make a batch full, 32 by default; a call with as many or more goes straight through.
        public var texts: Int
        /// How long the first text of a batch waits for company, 2 ms by default.
        public var delay: Duration

        /// Creates limits.
        public init(texts: Int = 32, delay: Duration = .milliseconds(2)) {
            precondition(texts > 0, "a batch has at least one text")
            self.texts = texts
            self.delay = delay
        }
    }

    private typealias Continuation = CheckedContinuation<[Embedding], any Error>

    private struct State {
        var queue: BatchQueue
        var callers: [UInt64: Continuation] = [:]
        var nextID: UInt64 = 0
    }

    private let base: any Embedder
    private let limits: Limits
    private let clock: any Clock<Duration>
    private let state: Mutex<State>

    /// The wrapped embedder's model.
    public var model: EmbeddingModel { base.model }

    /// Wraps an embedder.
    ///
    /// - Parameters:
    ///   - base: the model that embeds.
    ///   - limits: how long calls are gathered, and how many texts at the most.
    ///   - clock: measures the delay; tests give one that they move by hand.
    public init(base: any Embedder, limits: Limits = Limits(), clock: any Clock<Duration> = ContinuousClock()) {
        self.base = base
        self.limits = limits
        self.clock = clock
        state = Mutex(State(queue: BatchQueue(capacity: limits.texts)))
    }

    /// Embeds the texts, in order, together with those of other callers.
    ///
    /// - Throws: `CancellationError`, and what the wrapped embedder throws.
    public func embed(_ texts: [String]) async throws -> [Embedding] {
        guard !texts.isEmpty else { return [] }
        guard texts.count < limits.texts else { return try await base.embed(texts) }
        let id = state.withLock { state in
            state.nextID += 1
            return state.nextID
        }
        return try await withTaskCancellationHandler {
            try await withCheckedThrowingContinuation { continuation in
                submit(BatchQueue.Request(id: id, texts: texts), continuation)
                // A cancellation that came before the caller was known found nobody to wake.
                if Task.isCancelled { finish(id, .failure(CancellationError())) }
            }
        } onCancel: {
            finish(id, .failure(CancellationError()))
        }
    }

    private func submit(_ request: BatchQueue.Request, _ continuation: Continuation) {
        let actions = state.withLock { state in
            state.callers[request.id] = continuation
            return state.queue.add(request)
        }
        for action in actions {
            switch action {
            case .send(let batch):
                Task { await self.send(batch) }
            case .wait(let window):
                Task {
                    try? await self.clock.sleep(for: self.limits.delay)
                    if let batch = self.state.withLock({ $0.queue.close(window) }) { await self.send(batch) }
                }
            }
        }
    }

    private func send(_ batch: [BatchQueue.Request]) async {
        let wanted = state.withLock { state in batch.filter { state.callers[$0.id] != nil } }
        guard !wanted.isEmpty else { return }
        do {
            let embeddings = try await base.embed(wanted.flatMap(\.texts))
            var rest = embeddings[...]
            guard embeddings.count == wanted.reduce(0, { $0 + $1.texts.count }) else {
                throw EmbedderError.invalidResponse("a batch came back with \(embeddings.count) vectors")
            }
            for request in wanted {
                finish(request.id, .success(Array(rest.prefix(request.texts.count))))
                rest = rest.dropFirst(request.texts.count)
            }
        } catch EmbedderError.invalidInput where wanted.count > 1 {
            for request in wanted { await send([request]) }
        } catch {
            for request in wanted { finish(request.id, .failure(error)) }
        }
    }

    /// Wakes a caller, unless something else woke it before.
    private func finish(_ id: UInt64, _ result: Result<[Embedding], any Error>) {
        state.withLock { $0.callers.removeValue(forKey: id) }?.resume(with: result)
    }
}
