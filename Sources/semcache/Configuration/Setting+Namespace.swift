import SemanticCaching

extension Setting where Root == NamespaceSettings {
    /// What can be set for a namespace, under `namespaces: {"faq/*": …}`, and for all of them, under `defaults`.
    static let all: [Self] = general + verification

    private static let general: [Self] = [
        Self("threshold", \.threshold, .number(0...1), "The cosine similarity that a match in meaning must reach."),
        Self("matches_meaning", \.matchesMeaning, .flag, "Whether questions are matched in meaning at all."),
        Self("index", \.index, .choice(), "How questions are searched.", isLive: false),
        Self("candidate_count", \.candidateCount, .integer(1...64), "The nearest questions that the policy sees."),
        Self(
            "minimum_question_length",
            \.minimumQuestionLength,
            .integer(0...1_000_000),
            "Shorter questions, in characters, are matched word for word only."
        ),
        Self(
            "maximum_unknown_token_share",
            \.maximumUnknownTokenShare,
            .number(0...1),
            "The share of unknown tokens above which a question is matched word for word only."
        ),
        Self(
            "maximum_error_rate",
            \.maximumErrorRate,
            .number(1e-6...0.5),
            "The share of requests that may be answered wrong; with it the namespace learns.",
            isLive: false
        ),
        Self(
            "counts_errors_per_hit",
            \.countsErrorsPerHit,
            .flag,
            "Whether that share is of hits instead of requests.",
            isLive: false
        ),
        Self("judge_rate", \.judgeRate, .number(0...1), "The share of missed answers that are judged for learning."),
        Self("time_to_live", \.timeToLive, .duration(), "How long an answer is fresh; none for ever."),
        Self("idle_timeout", \.idleTimeout, .duration(), "How long an answer is kept without being served."),
        Self(
            "stale_while_revalidate",
            \.staleWhileRevalidate,
            .duration(from: .zero),
            "How long past its expiry an answer is served while one request refreshes it."
        ),
        Self(
            "stale_if_error",
            \.staleIfError,
            .duration(from: .zero),
            "How long past its expiry an answer is served when the upstream fails."
        ),
        Self("maximum_entries", \.maximumEntries, .integer(1...Int.max), "The most answers."),
        Self("maximum_bytes", \.maximumBytes, .bytes(), "The most bytes of questions, vectors and answers."),
        Self("eviction", \.eviction, .choice(), "Which answers go first when a limit is reached.", isLive: false),
        Self(
            "maximum_temperature",
            \.maximumTemperature,
            .number(0...2),
            "Requests with a higher temperature pass by the cache."
        ),
        Self(
            "deterministic_only",
            \.deterministicOnly,
            .flag,
            "Whether a request without a temperature counts as one with 1.0."
        ),
        Self("stores_tool_calls", \.storesToolCalls, .flag, "Whether answers that call tools are stored."),
        Self("maximum_reply_bytes", \.maximumReplyBytes, .bytes(), "Longer answers are not stored."),
        Self(
            "conversation_mode",
            \.conversation.mode,
            .choice(),
            "What of a conversation goes upstream: all of it, the last exchanges, or a summary and the last messages."
        ),
        Self(
            "matches_across_contexts",
            \.conversation.matchesAcrossContexts,
            .flag,
            "Whether a question that stands alone may be answered from another conversation."
        ),
        Self("slim_exchanges", \.conversation.slimExchanges, .integer(0...1_000), "The exchanges that slim keeps."),
        Self(
            "window_length",
            \.conversation.windowLength,
            .integer(1...10_000),
            "The least number of messages that summary sends word for word."
        ),
        Self(
            "window_tokens",
            \.conversation.windowTokens,
            .integer(1...Int.max),
            "The tokens that those messages may have."
        ),
        Self("block_length", \.conversation.blockLength, .integer(2...10_000), "The messages that a summary takes in."),
        Self(
            "summary_tokens",
            \.conversation.summaryTokens,
            .integer(16...100_000),
            "The greatest length of a summary."
        ),
        Self(
            "summary_share",
            \.conversation.summaryShare,
            .number(0.001...1),
            "The share of what it stands for that a summary may have."
        ),
        Self(
            "prompt_cache_hints",
            \.conversation.hintsPromptCache,
            .flag,
            "Whether requests tell the provider what to keep in its prompt cache: breakpoints, or a key."
        ),
        Self(
            "conversation_time_to_live",
            \.conversation.timeToLive,
            .duration(),
            "How long known conversations and summaries are kept."
        ),
        Self(
            "freshness",
            \.freshness,
            .choice(),
            "relaxed, or strict: serve nothing while it is not known what other replicas removed."
        ),
        Self(
            "strict_freshness_bound",
            \.strictFreshnessBound,
            .duration(),
            "How long a strict namespace is served from without hearing from the shared tier."
        ),
        Self("is_shared", \.isShared, .flag, "Whether tenants share the namespace.", isLive: false),
        Self("is_shadow", \.isShadow, .flag, "Whether matches in meaning are counted and never served."),
    ]
}
