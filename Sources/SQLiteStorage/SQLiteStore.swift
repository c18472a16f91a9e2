internal import Dispatch
internal import GRDB
public import SemanticCaching
internal import Synchronization

/// An entry store in one SQLite database: what it has acknowledged survives `kill -9` at any moment.
///
///     let store = try await SQLiteStore.open(at: "/var/lib/semcache")
///     let cache = try SemanticCache(embedder: embedder, store: store)
///
/// One process writes a directory; any number of others may read it. In the process, all writing calls go through one
/// connection that commits them in groups, and reading calls run on connections of their own and never wait for it.
/// Every row has a checksum, so that damage becomes an error or a miss and never a wrong answer.
public final class SQLiteStore: EntryStore {
    /// The directory of the store.
    public let directory: String

    let files: StoreDirectory
    let pool: DatabasePool
    let symbols = SymbolTable()
    /// Keys that are not in their table yet; nil where another process may write.
    let recentKeys: RecentKeys?
    let cipher: TextCipher
    let options: SQLiteStoreOptions
    private let writer: GroupCommitWriter
    private let gate = AccessGate()
    private let readsUnderWay = Atomic(0)
    // Held for as long as the store may write; nil in a store that only reads.
    private let lock: DirectoryLock?

    /// Opens the store in a directory, making both if there are none; recovers what a crash left behind.
    ///
    /// - Throws: ``/SemanticCaching/CacheError`` with `storeLocked` if another process writes there, `schemaTooNew` if a newer version
    ///   did, `corruptStore` for a damaged file or another encryption key, `invalidConfiguration` if the encryption
    ///   key is missing or not needed, `storeUnavailable` if files cannot be read or written.
    public static func open(
        at directory: String,
        options: SQLiteStoreOptions = SQLiteStoreOptions()
    ) async throws -> SQLiteStore {
        try await runBlocking { try SQLiteStore(files: StoreDirectory(path: directory), options: options) }
    }

    private init(files: StoreDirectory, options: SQLiteStoreOptions) throws {
        self.files = files
        self.options = options
        directory = files.path
        cipher = TextCipher(options.encryptionKey)
        if options.isReadOnly {
            guard files.hasDatabase else {
                throw CacheError(.storeUnavailable, "there is no store in \(files.path)")
            }
            lock = nil
        } else {
            try files.create()
            lock = try DirectoryLock(path: files.lockPath)
            try files.createDatabase()
        }
        pool = try StoreConnection.open(files: files, options: options, cipher: cipher)
        recentKeys = options.isReadOnly ? nil : RecentKeys()
        if let recentKeys {
            try pool.read { try StoreLedger.noteUntabledKeys(in: recentKeys, from: $0) }
            recentKeys.settle()
        }
        writer = GroupCommitWriter(
            pool: pool,
            symbols: symbols,
            recentKeys: recentKeys ?? RecentKeys(),
            cipher: cipher,
            options: options
        )
    }

    /// Finishes what is under way, folds the log into the database and frees the directory; further calls throw.
    public func close() async throws {
        guard await gate.close() else { return }
        await writer.close()
        let (pool, isReadOnly) = (pool, options.isReadOnly)
        try await runBlocking {
            // An open without a log to read is the fastest; if it cannot be folded in now, the next opening does it.
            if !isReadOnly { try? pool.writeWithoutTransaction { _ = try $0.checkpoint(.truncate) } }
            try pool.close()
        }
        lock?.release()
    }

    /// Runs a reading call on a connection of its own.
    func read<Result: Sendable>(
        _ body: @escaping @Sendable (Database) throws -> Result
    ) async throws(CacheError) -> Result {
        try gate.enter()
        defer { gate.leave() }
        // What this process was told is stored must be found: whoever misses it would take it for gone.
        if writer.hasUncommitted { await writer.catchUp() }
        readsUnderWay.add(1, ordering: .relaxed)
        defer { readsUnderWay.subtract(1, ordering: .relaxed) }
        do {
            return try await pool.unsafeRead(body)
        } catch {
            throw .translating(error)
        }
    }

    /// Runs a reading call that looks at a few rows: here and now if a connection is free, as the way to another thread
    /// and back takes ten times as long as the call.
    func readFewRows<Result: Sendable>(
        _ body: @escaping @Sendable (Database) throws -> Result
    ) async throws(CacheError) -> Result {
        // Every call is counted before it asks for a connection, so one that is within the number does not wait.
        let count = readsUnderWay.add(1, ordering: .relaxed).newValue
        defer { readsUnderWay.subtract(1, ordering: .relaxed) }
        guard count <= max(1, options.maximumReaders) else { return try await read(body) }
        try gate.enter()
        defer { gate.leave() }
        if writer.hasUncommitted { await writer.catchUp() }
        do {
            return try readOnThisThread(body)
        } catch {
            throw .translating(error)
        }
    }

    // Not async, so that GRDB's function that does not suspend is meant.
    private func readOnThisThread<Result>(_ body: (Database) throws -> Result) throws -> Result {
        try pool.unsafeRead(body)
    }

    /// Runs a writing call in the next group.
    ///
    /// - Parameters:
    ///   - order: calls of a group run in this order; rows that come in the order of their numbers fill pages.
    ///   - isShort: whether it takes microseconds, so that it may run on the caller's thread.
    ///   - mayBeLost: whether a crash may lose it although it is acknowledged, if the options say so.
    func write<Result: Sendable>(
        order: UInt64 = 0,
        isShort: Bool = false,
        mayBeLost: Bool = false,
        _ body: @escaping @Sendable (inout WriteTransaction) throws -> Result
    ) async throws(CacheError) -> Result {
        guard !options.isReadOnly else {
            throw CacheError(.storeUnavailable, "the store in \(directory) is open for reading only")
        }
        try gate.enter()
        defer { gate.leave() }
        return try await writer.submit(order: order, isShort: isShort, mayBeLost: mayBeLost, body)
    }

    /// Runs maintenance on the writing connection, outside of any transaction.
    func writeAlone(_ work: @escaping @Sendable (Database) throws -> Void) async throws(CacheError) {
        guard !options.isReadOnly else {
            throw CacheError(.storeUnavailable, "the store in \(directory) is open for reading only")
        }
        try gate.enter()
        defer { gate.leave() }
        do {
            try await writer.runAlone(work)
        } catch {
            throw .translating(error)
        }
    }
}

/// Runs work that blocks on a thread that may.
func runBlocking<Result: Sendable>(
    _ work: @escaping @Sendable () throws -> Result
) async throws(CacheError) -> Result {
    do {
        return try await withCheckedThrowingContinuation { continuation in
            DispatchQueue.global(qos: .userInitiated).async {
                continuation.resume(with: Swift.Result(catching: work))
            }
        }
    } catch {
        throw .translating(error)
    }
}
