/// How a ``SQLiteStore`` keeps its promise.
///
///     var options = SQLiteStoreOptions()
///     options.synchronous = .full
public struct SQLiteStoreOptions: Sendable {
    /// What an acknowledged store survives.
    public enum Synchronous: String, CaseIterable, Sendable {
        /// It survives a crash of the process at any moment; a crash of the machine may take the last seconds.
        case normal
        /// It survives a crash of the machine, at the price of an fsync per commit.
        case full
    }

    /// When a call that stores returns.
    public enum Durability: String, CaseIterable, Sendable {
        /// After its commit.
        case acknowledgeAfterCommit
        /// When it is carried out, before its commit: faster, and the last calls before a crash may be lost.
        ///
        /// Reading calls wait for the commit of what was acknowledged before them; other processes see it a moment later.
        /// What removes, invalidates or reserves returns after its commit.
        case acknowledgeBeforeCommit
    }

    /// What an acknowledged store survives; ``Synchronous/normal`` by default.
    public var synchronous = Synchronous.normal
    /// When a call that stores returns; after its commit by default.
    public var durability = Durability.acknowledgeAfterCommit
    /// The most connections that read at the same time.
    public var maximumReaders = 4
    /// The most calls that share one commit.
    public var maximumBatch = 512
    /// The length of the write-ahead log, in bytes, at which it is folded into the database.
    ///
    /// A longer log is folded less often, which spares syncs and repeated writes of a page; a shorter one is replayed
    /// faster after a crash.
    public var logBytes = 64 << 20
    /// The key that questions and answers are encrypted with; nil keeps them as they are.
    public var encryptionKey: EncryptionKey?
    /// Opens the store for reading only, beside a process that writes or without one.
    public var isReadOnly = false

    /// Creates the default options.
    public init() {}
}
