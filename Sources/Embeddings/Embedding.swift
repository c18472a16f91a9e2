/// One text's vector, of unit length, with what the model saw of the text.
public struct Embedding: Hashable, Sendable {
    /// The components: finite, `dimension` of them, Euclidean length 1 (within float32 rounding).
    public let vector: [Float]

    /// The number of tokens the model read, with its special tokens and after truncation, if the model tells.
    public let tokenCount: Int?

    /// The share of the text's tokens that the model does not know (`[UNK]`), from 0 to 1, if the model tells.
    ///
    /// A model that is mostly blind to a text places it anywhere; semantic matching is then unsafe.
    public let unknownTokenShare: Float?

    /// Creates an embedding from a vector that is already of unit length.
    ///
    /// Use ``init(normalizing:tokenCount:unknownTokenShare:expectedDimension:)`` at the boundary with a model.
    public init(unitVector: [Float], tokenCount: Int? = nil, unknownTokenShare: Float? = nil) {
        self.vector = unitVector
        self.tokenCount = tokenCount
        self.unknownTokenShare = unknownTokenShare
    }

    /// Checks a model's raw output and scales it to unit length, once, at the boundary.
    ///
    /// - Throws: ``EmbedderError/wrongDimension(expected:actual:)`` or ``EmbedderError/invalidVector(_:)`` when a
    ///   component is not finite or all are zero.
    /// - Complexity: O(*d*) for *d* components.
    public init(
        normalizing raw: [Float],
        tokenCount: Int? = nil,
        unknownTokenShare: Float? = nil,
        expectedDimension: Int
    ) throws(EmbedderError) {
        guard raw.count == expectedDimension else {
            throw .wrongDimension(expected: expectedDimension, actual: raw.count)
        }
        // Float64 accumulation: a float32 sum of squares overflows for components above 1e19.
        var sum = 0.0
        for component in raw { sum += Double(component) * Double(component) }
        guard sum.isFinite else { throw .invalidVector("a component is not a finite number") }
        guard sum > 0 else { throw .invalidVector("every component is zero") }
        let scale = 1 / sum.squareRoot()
        self.init(
            unitVector: raw.map { Float(Double($0) * scale) },
            tokenCount: tokenCount,
            unknownTokenShare: unknownTokenShare
        )
    }
}
