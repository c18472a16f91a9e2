import SemanticCaching

extension Setting where Root == Settings {
    /// Who has the last word on matches that are not sure; namespaces ask it as their `verification_mode` says.
    static let verifier: [Self] = [
        Self("verifier.kind", \.verifier.kind, .choice(), "Who is asked: llm or cross-encoder.", isLive: false),
        Self("verifier.url", \.verifier.url, .url, "The OpenAI-compatible server of the llm.", isLive: false),
        Self(
            "verifier.model",
            \.verifier.model,
            .text("a name or a folder"),
            "The name of the llm, or the folder of the cross-encoder.",
            isLive: false
        ),
        Self("verifier.key", \.verifier.key, .key, "The key for that server.", isLive: false),
        Self(
            "verifier.score",
            \.verifier.score,
            .number(0...1),
            "The score from which a cross-encoder agrees.",
            isLive: false
        ),
        Self(
            "verifier.judges_answers",
            \.verifier.judgesAnswers,
            .flag,
            "Whether the llm judges answers as well, for namespaces that learn.",
            isLive: false
        ),
    ]
}

extension Setting where Root == NamespaceSettings {
    /// When a namespace asks the verifier.
    static let verification: [Self] = [
        Self(
            "verification_mode",
            \.verification.mode,
            .choice(),
            "off, blocking (requests wait), or asynchronous (the wording is served the next time)."
        ),
        Self(
            "verification_similarity",
            \.verification.lowestSimilarity,
            .number(0...1),
            "The cosine from which the verifier is asked, where a threshold decides."
        ),
        Self(
            "verification_probability",
            \.verification.lowestProbability,
            .number(0...1),
            "The probability from which it is asked, where a learned policy decides."
        ),
        Self("verification_deadline", \.verification.deadline, .duration(), "The longest that a request waits for it."),
    ]
}
