import OpenAI
import SemanticCaching

/// A chat model on an OpenAI-compatible server as verifier of matches and judge of answers.
struct LLMVerifier: HitVerifier, AnswerJudge {
    let name: String
    private let judge: EquivalenceJudge

    init(client: OpenAIChatClient, model: String) {
        judge = EquivalenceJudge(client: client)
        name = "llm:\(model)"
    }

    func mayServe(_ pair: VerificationPair) async throws -> Bool {
        try await judge.answers(pair.question, stored: pair.storedQuestion, answer: pair.storedAnswer)
    }

    /// A judge that does not answer cannot tell.
    func isSameAnswer(fresh: String, stored: String, question: AnalyzedText) async -> Bool? {
        try? await judge.isSame(fresh, stored, question: question.text)
    }
}
