import CacheServer
import OpenAI
import SQLiteStorage
import SemanticCaching

extension Setting where Root == Settings {
    /// All settings of the server that have one value; keys, namespaces, rules and prices are lists of the file.
    static let all: [Self] =
        server + limits + storage + engine + verifier + redis
        + Setting<NamespaceSettings>.all.map { Self("defaults", \.cache.namespaces, $0) }

    private static let server: [Self] = [
        Self("upstream", \.upstream, .url, "Where requests go, with its /v1."),
        Self("upstream_key", \.upstreamKey, .key, "The key for the upstream; none passes each caller's own."),
        Self("host", \.host, .text("an address"), "The address to listen on.", isLive: false),
        Self("port", \.port, .port, "The port to listen on; 0 for any that is free.", isLive: false),
        Self(
            "pass_through",
            \.serving.passThrough,
            .choice(),
            "Which uncached requests pass; automatic: models where callers share our key, else all."
        ),
        Self(
            "default_namespace",
            \.serving.defaultNamespace,
            .text("a name"),
            "The namespace of requests without one."
        ),
        Self(
            "completes_abandoned_answers",
            \.serving.completesAbandonedAnswers,
            .flag,
            "Whether an answer is read to its end, for the store, when its callers have gone."
        ),
        Self(
            "store_grace",
            \.serving.storeGrace,
            .duration(from: .zero),
            "The longest that a miss waits for the store: its head, or the end of a stream."
        ),
        Self(
            "replay_pacing",
            \.serving.replayPacing,
            .duration(from: .zero),
            "The wait between the words of a replayed stream."
        ),
        Self(
            "summary_model",
            \.serving.summaryModel,
            .text("a model"),
            "The model, at the upstream, that sums conversations up; none for their own sentences."
        ),
        Self("access_log", \.serving.logsAccess, .flag, "Whether each request is a line of JSON on standard output."),
        Self("access_log_questions", \.serving.logsQuestions, .flag, "Whether that line has what was asked."),
        Self("admin.host", \.admin.host, .text("an address"), "The address of the admin API.", isLive: false),
        Self("admin.port", \.admin.port, .port, "The port of the admin API and the dashboard.", isLive: false),
        Self("admin.token", \.admin.token, .key, "The token that the admin API asks for."),
    ]

    private static let limits: [Self] = [
        Self(
            "limits.body_bytes",
            \.limits.maximumBodyBytes,
            .bytes(),
            "The largest body that is read; larger ones get 413."
        ),
        Self(
            "limits.concurrent_requests",
            \.limits.maximumConcurrentRequests,
            .integer(1...1_000_000),
            "The most requests at once; more get 429.",
            isLive: false
        ),
        Self(
            "limits.idle_timeout",
            \.limits.idleTimeout,
            .duration(from: .seconds(1)),
            "How long a connection may stay silent.",
            isLive: false
        ),
        Self("limits.body_timeout", \.limits.bodyTimeout, .duration(), "The longest that a body may take to arrive."),
        Self(
            "limits.upstream_timeout",
            \.limits.upstreamTimeout,
            .duration(),
            "The longest that an exchange with the upstream takes.",
            isLive: false
        ),
        Self(
            "limits.event_line_bytes",
            \.limits.maximumEventLineBytes,
            .bytes(),
            "The longest line of an event stream that is stored."
        ),
        Self("limits.captured_bytes", \.limits.maximumCapturedBytes, .bytes(), "The longest answer that is stored."),
        Self(
            "limits.request_bytes",
            \.cache.maximumRequestBytes,
            .bytes(),
            "Larger requests pass by the cache.",
            isLive: false
        ),
        Self(
            "tenants.stores_per_minute",
            \.limits.maximumStoresPerMinute,
            .integer(0...Int.max),
            "The most answers that a tenant may have stored in a minute."
        ),
        Self(
            "tenants.namespaces",
            \.limits.maximumNamespacesPerTenant,
            .integer(1...Int.max),
            "The most namespaces that a tenant may use."
        ),
        Self(
            "tenants.entries",
            \.limits.maximumEntriesPerTenant,
            .integer(1...Int.max),
            "The most answers that a tenant may keep; above, its own least valuable ones go."
        ),
        Self("tenants.bytes", \.limits.maximumBytesPerTenant, .bytes(), "The most bytes that they may occupy."),
    ]

    private static let storage: [Self] = [
        Self("data", \.data, .text("a folder"), "The folder of the cache.", isLive: false),
        Self(
            "uses_tuned_settings",
            \.cache.usesTunedSettings,
            .flag,
            "Whether what `tune --apply` left beside the cache is heeded.",
            isLive: false
        ),
        Self(
            "store.key",
            \.store.key,
            .key,
            "The key of an encrypted cache: 32 bytes in hexadecimal or base 64.",
            isLive: false,
            environment: "SEMCACHE_KEY"
        ),
        Self("store.key_file", \.store.keyFile, .text("a file"), "The file with that key.", isLive: false),
        Self(
            "store.synchronous",
            \.store.options.synchronous,
            .choice(),
            "normal: stored answers survive a crash of the process; full: of the machine.",
            isLive: false
        ),
        Self(
            "store.acknowledge",
            \.store.options.durability,
            .choice([("after-commit", .acknowledgeAfterCommit), ("before-commit", .acknowledgeBeforeCommit)]),
            "Whether storing waits for its commit.",
            isLive: false
        ),
        Self(
            "store.readers",
            \.store.options.maximumReaders,
            .integer(1...64),
            "Connections that read.",
            isLive: false
        ),
        Self("store.log_bytes", \.store.options.logBytes, .bytes(from: 1 << 16), "The write-ahead log.", isLive: false),
        Self(
            "store.maximum_bytes",
            \.cache.maximumBytes,
            .bytes(),
            "The most bytes of all namespaces together.",
            isLive: false
        ),
    ]

    private static let engine: [Self] = [
        Self(
            "embedder.model",
            \.embedder.folder,
            .text("a folder"),
            "Folder of a sentence-transformers model of the BERT family.",
            isLive: false,
            environment: "SEMCACHE_MODEL"
        ),
        Self("embedder.enabled", \.embedder.isEnabled, .flag, "Whether questions are embedded at all.", isLive: false),
        Self("embedder.url", \.embedder.url, .url, "An OpenAI-compatible server to embed with.", isLive: false),
        Self("embedder.name", \.embedder.name, .text("a name"), "The model on that server.", isLive: false),
        Self(
            "embedder.dimension",
            \.embedder.dimension,
            .integer(1...65_536),
            "The components of that model's vectors.",
            isLive: false
        ),
        Self("embedder.key", \.embedder.key, .key, "The key for that server.", isLive: false),
        Self(
            "embedder.deadline",
            \.cache.embedding.deadline,
            .duration(),
            "The time after which a request goes on without a match in meaning.",
            isLive: false
        ),
        Self(
            "embedder.memoized_texts",
            \.cache.embedding.memoizedTexts,
            .integer(1...Int.max),
            "The texts whose vectors are remembered.",
            isLive: false
        ),
        Self(
            "embedder.maximum_text_bytes",
            \.cache.embedding.maximumTextBytes,
            .bytes(),
            "Longer questions are matched word for word only.",
            isLive: false
        ),
        Self(
            "memory.maximum_entries",
            \.cache.exact.maximumEntries,
            .integer(1...Int.max),
            "The most requests answered word for word from memory.",
            isLive: false
        ),
        Self(
            "memory.maximum_bytes",
            \.cache.exact.maximumBytes,
            .bytes(),
            "The bytes of their answers.",
            isLive: false
        ),
        Self("memory.eviction", \.cache.exact.eviction, .choice(), "Which of them go first.", isLive: false),
    ]
}
