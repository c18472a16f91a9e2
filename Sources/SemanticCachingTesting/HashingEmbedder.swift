public import Embeddings

/// An embedder without a model: words and letter trigrams hashed into a vector, so that alike texts lie close.
///
///     let embedder = HashingEmbedder()
///     let vector = try await embedder.embed("Reset my password").vector  // unit length, the same on every machine
///
/// It knows no meaning: "refund" and "money back" are far apart for it. It counts what it is asked, and fails or hangs
/// when told to.
public final class HashingEmbedder: Embedder {
    /// What the embedder does with the next calls.
    public enum Behavior: Sendable {
        /// Answers.
        case working
        /// Fails with this error.
        case failing(EmbedderError)
        /// Answers after the gate has let the call through; for ever, if it never does.
        case held(Gate)
    }

    private struct State {
        var behavior = Behavior.working
        var calls = 0
        var texts: [String] = []
    }

    /// The identity of the hashing, which is all there is of a model.
    public let model: EmbeddingModel
    private let state = Watched(State())

    /// Creates an embedder of the given dimension; with `maximumTokens`, it reads so many words of a text and no more.
    public init(dimension: Int = 64, id: String = "hashing", maximumTokens: Int? = nil) {
        precondition(dimension > 0, "a vector needs a component")
        model = EmbeddingModel(id: "\(id)-\(dimension)", dimension: dimension, maximumTokens: maximumTokens)
    }

    /// What the embedder does with the next calls.
    public var behavior: Behavior {
        get { state.value.behavior }
        set { state.update { $0.behavior = newValue } }
    }

    /// The number of calls so far, failed ones included.
    public var callCount: Int { state.value.calls }

    /// The texts of all calls so far, in order.
    public var embeddedTexts: [String] { state.value.texts }

    /// Suspends until there have been this many calls.
    ///
    /// - Throws: `CancellationError` as soon as the task is cancelled.
    public func waitForCalls(count: Int) async throws { try await state.wait { $0.calls >= count } }

    /// Embeds the texts, in order.
    ///
    /// - Throws: The error of ``Behavior/failing(_:)``, or `CancellationError`.
    public func embed(_ texts: [String]) async throws -> [Embedding] {
        let behavior = state.update { state in
            state.calls += 1
            state.texts += texts
            return state.behavior
        }
        switch behavior {
        case .working: break
        case .failing(let error): throw error
        case .held(let gate): try await gate.pass()
        }
        try Task.checkCancellation()
        return try texts.map { text in
            try Self.embedding(of: text, dimension: model.dimension, maximumTokens: model.maximumTokens)
        }
    }

    /// The vector of a text: each word counts 1, each letter trigram a third, with a hashed place and sign.
    ///
    /// - Complexity: O(*n* + *d*) for *n* characters and dimension *d*.
    public static func embedding(
        of text: String,
        dimension: Int,
        maximumTokens: Int? = nil
    ) throws(EmbedderError) -> Embedding {
        var vector = [Float](repeating: 0, count: dimension)
        func add(_ bytes: some Sequence<UInt8>, weight: Float) {
            let hash = fnv1a(bytes)
            vector[Int(hash % UInt64(dimension))] += hash >> 63 == 0 ? weight : -weight
        }
        // A constant part keeps the empty text, and words that cancel out, from being the zero vector.
        add("\u{0}".utf8, weight: 0.01)
        let words = text.lowercased().split { !$0.isLetter && !$0.isNumber }.prefix(maximumTokens ?? .max)
        for word in words {
            add(word.utf8, weight: 1)
            let letters = Array(" \(word) ".utf8)
            for start in 0..<max(0, letters.count - 2) { add(letters[start..<start + 3], weight: 1 / 3) }
        }
        return try Embedding(normalizing: vector, tokenCount: words.count, expectedDimension: dimension)
    }

    /// The 64-bit FNV-1a hash, with its bits mixed once more for the sign and the place.
    private static func fnv1a(_ bytes: some Sequence<UInt8>) -> UInt64 {
        var hash: UInt64 = 0xCBF2_9CE4_8422_2325
        for byte in bytes { hash = (hash ^ UInt64(byte)) &* 0x0000_0100_0000_01B3 }
        hash = (hash ^ (hash >> 32)) &* 0xD6E8_FEB8_6659_FD93
        return hash ^ (hash >> 32)
    }
}
