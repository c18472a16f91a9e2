import Embeddings
import Logging
import SQLiteStorage
import SemanticCaching

/// Opens a cache on disk for a command that asks it questions.
enum StoredCache {
    /// Reads what the store holds; the embedder is nil for matches word for word only.
    static func open(
        _ store: SQLiteStore,
        embedder: (any Embedder)?,
        configuration: CacheConfiguration,
        // What a log would say, the verdict says too, and a person reads only one of them.
        logger: Logger = Logger(label: "semcache") { _ in SwiftLogNoOpLogHandler() }
    ) async throws -> SemanticCache {
        let cache = try SemanticCache(
            embedder: embedder,
            store: store,
            configuration: configuration,
            policy: Policies.standard,
            logger: logger
        )
        defer { Terminal.clearProgress() }
        try await cache.open(snapshots: FileSnapshotStore(directory: store.directory)) {
            Terminal.showProgress("reading the cache: \($0) questions")
        }
        return cache
    }
}
