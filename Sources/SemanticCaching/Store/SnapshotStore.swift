/// Where indexes are kept between two lives of the process, so that a start need not build them again.
///
/// A snapshot is a copy of what the ``EntryStore`` held and never trusted further than that: whoever loads one compares
/// it with the store. Its content must carry checksums of its own, which whoever reads it verifies.
public protocol SnapshotStore: Sendable {
    /// Keeps a snapshot in place of the one of the same name; a crash leaves the old one or the new one.
    ///
    /// - Throws: ``CacheError`` with `storeUnavailable`; the old one is then still there.
    /// - Parameters:
    ///   - content: The bytes of the snapshot.
    ///   - name: Its name among others of the same store.
    ///   - changeCount: The store's ``EntryStore/changeCount()`` before the content was gathered.
    func save(_ content: [UInt8], as name: String, changeCount: UInt64) async throws

    /// The snapshot of that name, if it is whole.
    func load(_ name: String) async -> SnapshotOutcome

    /// Removes a snapshot; no error if there is none.
    func remove(_ name: String) async throws

    /// The names of all snapshots, sorted.
    func names() async throws -> [String]
}

/// What came of the attempt to load a snapshot.
public enum SnapshotOutcome: Sendable {
    /// Here it is, with the count of changes that it was saved with.
    case loaded(any SnapshotImage, changeCount: UInt64)
    /// There is none that can be used, for this reason: the index is to be built from the store.
    case unusable(reason: String)
}

/// The content of a snapshot, wherever it lies.
public protocol SnapshotImage: Sendable {
    /// Gives access to the bytes, aligned to 64, during the call.
    func withBytes<Result>(_ body: (UnsafeRawBufferPointer) throws -> Result) rethrows -> Result
}
