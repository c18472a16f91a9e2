import RedisTier

extension Setting where Root == Settings {
    /// The tier that replicas share; without its URL there is none.
    static let redis: [Self] = [
        Self(
            "redis.url",
            \.redis.url,
            .redisURL,
            "What replicas share: a Redis or Valkey server, or a node of a Cluster.",
            isLive: false
        ),
        Self(
            "redis.lookup_deadline",
            \.redis.lookupDeadline,
            .duration(),
            "How long a request waits for an answer of another replica.",
            isLive: false
        ),
        Self(
            "redis.leases",
            \.redis.usesLeases,
            .flag,
            "Whether replicas ask the upstream once for all of them.",
            isLive: false
        ),
        Self(
            "redis.follow",
            \.redis.followsChanges,
            .flag,
            "Whether the answers of other replicas are held here, for matches in meaning.",
            isLive: false
        ),
        Self(
            "redis.queued_answers",
            \.redis.maximumQueuedAnswers,
            .integer(1...10_000_000),
            "The most answers that wait to be published.",
            isLive: false
        ),
        Self(
            "redis.stream_length",
            \.redis.streamLength,
            .integer(100...100_000_000),
            "About how many changes a namespace's stream keeps.",
            isLive: false
        ),
        Self(
            "redis.followed_bytes",
            \.redis.maximumFollowedBytes,
            .bytes(),
            "The most bytes of other replicas' namespaces held here; those used least recently go first.",
            isLive: false
        ),
        Self(
            "redis.tenant_secret_file",
            \.redis.tenantSecretFile,
            .text("a file"),
            "The secret that makes tenants of callers' keys, the same in all replicas; none: the data folder's own.",
            isLive: false
        ),
    ]
}

extension SettingType where Value == RedisURL {
    static let redisURL = Self(
        expectation: "an address such as redis://user:password@host:6379/0 or unix:///run/redis.sock",
        isSecret: true,
        read: { try? RedisURL($0) },
        write: { _ in "" },
        compare: { $0 == $1 }
    )
}
