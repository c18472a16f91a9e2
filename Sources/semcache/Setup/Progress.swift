import Embeddings

/// Embeds many texts while a person sees how far it is.
enum Progress {
    private static let batchSize = 64

    static func embed(_ texts: [String], with embedder: any Embedder) async throws -> [Embedding] {
        var embeddings: [Embedding] = []
        embeddings.reserveCapacity(texts.count)
        let start = ContinuousClock.now
        defer { Terminal.clearProgress() }
        while embeddings.count < texts.count {
            try Task.checkCancellation()
            embeddings += try await embedder.embed(Array(texts[embeddings.count...].prefix(batchSize)))
            let rate = Double(embeddings.count) / max(1e-9, start.duration(to: .now).microseconds / 1e6)
            Terminal.showProgress(
                "embedding \(embeddings.count) of \(texts.count) texts, \(Int(rate)) a second, "
                    + "\(Int(Double(texts.count - embeddings.count) / max(rate, 1e-9))) s to go"
            )
        }
        return embeddings
    }
}
