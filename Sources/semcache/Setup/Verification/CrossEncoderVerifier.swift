import LocalEmbeddings
import SemanticCaching

/// A local cross-encoder as verifier: it reads both questions at once.
struct CrossEncoderVerifier: HitVerifier {
    let name: String
    private let model: BERTCrossEncoder
    private let lowestScore: Float

    init(model: BERTCrossEncoder, lowestScore: Float) {
        self.model = model
        self.lowestScore = lowestScore
        name = "cross-encoder:\(model.id)"
    }

    /// Asks in both orders: a model that reads from left to right must not depend on who asked first.
    func mayServe(_ pair: VerificationPair) async throws -> Bool {
        let scores = try await model.scores([
            (pair.question, pair.storedQuestion), (pair.storedQuestion, pair.question),
        ])
        return scores.allSatisfy { $0 >= lowestScore }
    }
}
