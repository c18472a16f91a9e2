import Embeddings
import Logging
import SQLiteStorage
import SemanticCaching

/// Opens a cache on disk for a command that asks it questions.
enum StoredCache {
    /// Reads what the store holds; the embedder is nil for matches word for word only.
    ///
    /// - Parameter isServing: Opens the cache for storing too, and returns while it still reads.
    static func open(
        _ store: SQLiteStore,
        embedder: (any Embedder)?,
        configuration: CacheConfiguration,
        isServing: Bool = false,
        verifier: VerifierChoice = VerifierChoice(),
        sharedTier: (any SharedTier)? = nil,
        // What a log would say, the verdict says too, and a person reads only one of them.
        logger: Logger = Logger(label: "semcache") { _ in SwiftLogNoOpLogHandler() }
    ) async throws -> SemanticCache {
        let last = try verifier.make()
        let cache = try SemanticCache(
            embedder: embedder,
            store: store,
            configuration: configuration,
            policy: Policies.standard,
            judge: last.judge,
            verifier: last.verifier,
            sharedTier: sharedTier,
            logger: logger
        )
        defer { Terminal.clearProgress() }
        let snapshots = FileSnapshotStore(directory: store.directory)
        if isServing {
            try await cache.open(snapshots: snapshots, inBackground: true)
            return cache
        }
        try await cache.openToRead(snapshots: snapshots) {
            Terminal.showProgress("reading the cache: \($0) questions")
        }
        return cache
    }
}
