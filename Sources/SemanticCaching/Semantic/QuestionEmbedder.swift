package import Embeddings
internal import Synchronization

/// Gives questions their vectors: at most one call a text, however many ask at once, and never longer than its deadline.
package final class QuestionEmbedder: Sendable {
    let embedder: any Embedder
    private let clock: any CacheClock
    private let settings: CacheConfiguration.Embedding
    private let memo: ExactCache<Embedding>
    private let flights = SingleFlight<Digest256, Embedding>()
    private let times = Mutex(DurationHistogram())

    /// Creates an embedder of questions.
    package init(_ embedder: any Embedder, settings: CacheConfiguration.Embedding, clock: any CacheClock) {
        self.embedder = embedder
        self.settings = settings
        self.clock = clock
        memo = ExactCache(
            .init(
                maximumEntries: settings.memoizedTexts,
                maximumBytes: .max,
                eviction: .tinyLFU,
                shardCount: 16
            )
        )
    }

    /// The model that the vectors are of.
    var model: EmbeddingModel { embedder.model }

    /// How long the embedder took, for texts that were not remembered.
    var durations: DurationHistogram { times.withLock { $0 } }

    /// Keeps what is not a vector of the model away from the indexes: embedders are other people's code too.
    private func check(_ embedding: Embedding) throws(EmbedderError) {
        guard embedding.vector.count == model.dimension else {
            throw .wrongDimension(expected: model.dimension, actual: embedding.vector.count)
        }
        guard embedding.vector.allSatisfy(\.isFinite) else { throw .invalidVector("a component is not finite") }
    }

    /// The unit vectors of texts, in order, by one call of the embedder; for work that no request waits for.
    ///
    /// They are not remembered: what is asked now would have to give way to what was asked once. The deadline is that of the
    /// texts one by one.
    /// - Throws: As ``embedding(of:)``; then none of them has a vector.
    func embeddings(of texts: [String]) async throws -> [Embedding] {
        try await withDeadline(settings.deadline * texts.count, on: clock.deadlines) { [self] in
            let embeddings = try await embedder.embed(texts)
            guard embeddings.count == texts.count else {
                throw EmbedderError.invalidResponse("\(texts.count) texts gave \(embeddings.count) vectors")
            }
            for embedding in embeddings { try check(embedding) }
            return embeddings
        }
    }

    /// Whether a text is short enough to be embedded.
    func takes(_ text: String) -> Bool { text.utf8.count <= settings.maximumTextBytes }

    /// The unit vector of a text.
    ///
    /// - Throws: ``EmbedderError``, `DeadlineExceeded` or `CancellationError`.
    package func embedding(of text: String) async throws -> Embedding {
        guard takes(text) else {
            throw EmbedderError.invalidInput("it has more than \(settings.maximumTextBytes) bytes")
        }
        let digest = Digest256(hashing: Array(text.utf8))
        let now = clock.now
        if let known = memo.value(for: digest, now: now) { return known }
        return try await withDeadline(settings.deadline, on: clock.deadlines) { [self] in
            try await flights.run(digest) { [self] in
                // A flight may have landed between the look above and this one.
                if let known = memo.value(for: digest, now: now) { return known }
                let start = ContinuousClock.now
                defer { times.withLock { $0.observe(start.duration(to: .now)) } }
                let embedding = try await embedder.embed(text)
                try check(embedding)
                memo.insert(embedding, for: digest, byteCount: 4 * embedding.vector.count, expiresAt: nil, now: now)
                return embedding
            }.value
        }
    }
}
