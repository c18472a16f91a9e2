internal import Embeddings

extension CacheClock {
    /// Deadlines on this clock: cheap ones on the machine's, slept for on any other.
    var deadlines: DeadlineSource { self is SystemClock ? .system : .sleeping { try await sleep(for: $0) } }
}
