public import Embeddings
public import Logging
public import SemanticCaching

extension SemanticCache {
    /// Opens a cache that lives in a directory and survives `kill -9`, a full disk and a damaged index file.
    ///
    ///     let cache = try await SemanticCache.open(at: "/var/lib/semcache", embedder: embedder)
    ///     defer { … try await cache.close(at: "/var/lib/semcache") }
    ///
    /// One process writes a directory at a time. Requests are answered at once; without a snapshot of the indexes, or with
    /// a damaged one, they are built from the database in the background.
    /// - Throws: ``CacheError`` with `storeLocked` if another process writes there, `schemaTooNew`, `corruptStore`,
    ///   `storeUnavailable` or `invalidConfiguration`.
    public static func open(
        at directory: String,
        embedder: (any Embedder)?,
        configuration: CacheConfiguration = CacheConfiguration(),
        storeOptions: SQLiteStoreOptions = SQLiteStoreOptions(),
        policy: any HitPolicy = GuardedThresholdPolicy(),
        judge: (any AnswerJudge)? = nil,
        clock: any CacheClock = SystemClock(),
        logger: Logger = Logger(label: "semcache"),
        inBackground: Bool = true
    ) async throws -> SemanticCache {
        let store = try await SQLiteStore.open(at: directory, options: storeOptions)
        do {
            let cache = try SemanticCache(
                embedder: embedder,
                store: store,
                configuration: configuration,
                policy: policy,
                judge: judge,
                clock: clock,
                logger: logger
            )
            try await cache.open(snapshots: FileSnapshotStore(directory: directory), inBackground: inBackground)
            return cache
        } catch {
            // The directory must not stay locked by a cache that nobody has.
            try? await store.close()
            throw error
        }
    }

    /// Sweeps, and keeps a snapshot of the indexes in the directory whenever much has changed, until the task is cancelled.
    ///
    /// A process that is killed then starts as fast as one that was closed.
    public func run(every interval: Duration = .seconds(30), at directory: String) async throws {
        try await run(every: interval, savingTo: FileSnapshotStore(directory: directory))
    }

    /// Keeps a snapshot of the indexes in the directory and closes the cache; the next opening then starts at once.
    ///
    /// - Throws: ``CacheError`` with `storeUnavailable`.
    public func close(at directory: String) async throws {
        try await close(savingTo: FileSnapshotStore(directory: directory))
    }
}
