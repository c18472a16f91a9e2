/// Turns texts into unit vectors whose inner product is their similarity in meaning.
///
///     let embeddings = try await embedder.embed(["How do I reset my password?"])
///     embeddings[0].vector.count  // embedder.model.dimension
///
/// A conformer keeps the order of its input, returns exactly one ``Embedding`` per text, checks and normalises each
/// vector, observes task cancellation, and is safe to call from any number of tasks at once.
public protocol Embedder: Sendable {
    /// The model whose vectors this embedder returns.
    var model: EmbeddingModel { get }

    /// Embeds the texts, in order.
    ///
    /// - Throws: ``EmbedderError``, or `CancellationError`.
    func embed(_ texts: [String]) async throws -> [Embedding]
}

extension Embedder {
    /// Embeds one text.
    public func embed(_ text: String) async throws -> Embedding {
        let embeddings = try await embed([text])
        guard let first = embeddings.first, embeddings.count == 1 else {
            throw EmbedderError.invalidResponse("one text gave \(embeddings.count) vectors")
        }
        return first
    }
}
