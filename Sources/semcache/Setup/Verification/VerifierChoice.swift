import ArgumentParser
import LocalEmbeddings
import OpenAI
import SemanticCaching

/// Who has the last word on matches of which the policy is not sure, as flags or a configuration say.
struct VerifierChoice: Sendable {
    /// The verifiers that the tool knows.
    enum Kind: String, ExpressibleByArgument, CaseIterable, Sendable {
        case llm
        case crossEncoder = "cross-encoder"
    }

    /// Which; nil for nobody.
    var kind: Kind?
    /// The server of the chat model.
    var url: BaseURL?
    /// The chat model's name, or the folder of the cross-encoder.
    var model: String?
    /// The key for the server; nil takes `$SEMCACHE_VERIFIER_KEY`.
    var key: APIKey?
    /// The score from which a cross-encoder agrees.
    var score: Float = 0.9
    /// Whether the chat model judges answers as well, for namespaces that learn.
    var judgesAnswers = false

    /// What the choice makes: a verifier, and a judge of answers if it is to be one.
    struct Made {
        var verifier: (any HitVerifier)?
        var judge: (any AnswerJudge)?
    }

    /// Makes the verifier.
    ///
    /// - Throws: `UsageError` if something is missing, `DataFileError` for a folder that holds no cross-encoder.
    func make() throws -> Made {
        guard let kind else { return Made() }
        guard let model else { throw UsageError(message: "the verifier \(kind.rawValue) needs a model") }
        switch kind {
        case .llm:
            guard let url else { throw UsageError(message: "the verifier llm needs the URL of its server") }
            let client = OpenAIChatClient(
                configuration: .init(
                    baseURL: url,
                    apiKey: key ?? APIKey(environmentVariable: "SEMCACHE_VERIFIER_KEY"),
                    model: model
                )
            )
            let verifier = LLMVerifier(client: client, model: model)
            return Made(verifier: verifier, judge: judgesAnswers ? verifier : nil)
        case .crossEncoder:
            do {
                let encoder = try BERTCrossEncoder.load(folder: model)
                return Made(verifier: CrossEncoderVerifier(model: encoder, lowestScore: score))
            } catch {
                throw DataFileError(path: model, line: nil, message: "the verifier cannot be used: \(error)")
            }
        }
    }
}
