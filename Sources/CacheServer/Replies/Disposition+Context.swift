internal import SemanticCaching

extension Disposition {
    /// What was done about the request's conversation.
    struct Context: Hashable, Sendable {
        /// `exact`, `semantic`, `slim`, `summary` or `full`.
        let word: String
        /// The tokens of the conversation that came in.
        var tokensIn: Int?
        /// The tokens that went upstream.
        var tokensOut: Int?

        /// An answer from the cache.
        init?(_ verdict: Verdict?) {
            guard let verdict, verdict.isServable else { return nil }
            word = verdict.tier == .semantic ? "semantic" : "exact"
        }

        /// An answer of the model to what was made of the conversation.
        init(_ prompt: PreparedPrompt) {
            word = prompt.mode.rawValue
            tokensIn = prompt.fullTokens
            tokensOut = prompt.sentTokens + prompt.summaryUsage.promptTokens
        }
    }
}
