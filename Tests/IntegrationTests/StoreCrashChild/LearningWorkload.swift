internal import Embeddings
package import SQLiteStorage
package import SemanticCaching

/// A namespace that a person tells again and again whether an answer was right.
package enum LearningWorkload {
    /// The namespace.
    package static let scope = CacheScope(namespace: "taught", model: "model")

    /// The name of the embedding model whose cosines are learned.
    package static let embeddingModel = "letters"

    /// Learns until the process dies; tells of each word after it was acknowledged.
    package static func run(on store: SQLiteStore, _ tell: (UInt64) -> Void) async throws {
        var configuration = CacheConfiguration()
        configuration.namespaces.maximumErrorRate = 0.05
        let cache = try SemanticCache(embedder: LetterEmbedder(), store: store, configuration: configuration)
        try await cache.open()
        let request = CacheRequest("How do I reset my password?", scope: scope)
        guard let entry = try await cache.store(CachedReply(text: "There."), for: request) else { return }
        var number: UInt64 = 0
        while true {
            let question = "How may I reset the password of account \(number)?"
            let isRight = number.isMultiple(of: 3)
            guard try await cache.learn(fromPerson: isRight, about: entry, servedTo: question) else { return }
            tell(number)
            number += 1
        }
    }
}

/// Counts letters: enough for questions that are near each other.
private struct LetterEmbedder: Embedder {
    let model = EmbeddingModel(id: LearningWorkload.embeddingModel, dimension: 26)

    func embed(_ texts: [String]) async throws -> [Embedding] {
        try texts.map { text in
            var vector = [Float](repeating: 0.01, count: model.dimension)
            for byte in text.lowercased().utf8 where (0x61...0x7A).contains(byte) { vector[Int(byte - 0x61)] += 1 }
            return try Embedding(normalizing: vector, expectedDimension: model.dimension)
        }
    }
}
