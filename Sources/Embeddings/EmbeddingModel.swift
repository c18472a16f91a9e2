/// The identity of an embedding model: vectors of two different models are never compared.
///
///     let model = EmbeddingModel(id: "all-MiniLM-L6-v2", dimension: 384, maximumTokens: 256)
///
/// The `id` must name the weights and everything that changes their output (pooling, prompt prefix, requested
/// dimension): it is part of every cache scope and of every stored vector.
public struct EmbeddingModel: Hashable, Sendable, Codable {
    /// The stable name of the weights, for example `all-MiniLM-L6-v2`.
    public let id: String

    /// The number of components of each vector.
    public let dimension: Int

    /// The number of tokens after which the model truncates its input, if known.
    public let maximumTokens: Int?

    /// Creates a model identity.
    public init(id: String, dimension: Int, maximumTokens: Int? = nil) {
        self.id = id
        self.dimension = dimension
        self.maximumTokens = maximumTokens
    }
}
