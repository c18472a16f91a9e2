/// Where indexes are kept between two lives of the process, so that a start need not build them again.
///
/// A snapshot is a copy of what the ``EntryStore`` held and never trusted further than that: whoever loads one compares
/// it with the store. Its content must carry checksums of its own, which whoever reads it verifies.
public protocol SnapshotStore: Sendable {
    /// Keeps a snapshot in place of the one of the same name; a crash leaves the old one or the new one.
    ///
    /// - Parameters:
    ///   - name: Its name among others of the same store.
    ///   - changeCount: The store's ``EntryStore/changeCount()`` before the content was gathered.
    ///   - write: Hands over the content, piece after piece, so that no more than a piece need be in memory. The snapshot
    ///     appears under its name when it returns, and not at all if it throws.
    /// - Throws: ``CacheError`` with `storeUnavailable`, or what `write` throws; the old one is then still there.
    func save(as name: String, changeCount: UInt64, _ write: SnapshotContent) async throws

    /// The snapshot of that name, if it is whole.
    func load(_ name: String) async -> SnapshotOutcome

    /// Removes a snapshot; no error if there is none.
    func remove(_ name: String) async throws

    /// The names of all snapshots, sorted.
    func names() async throws -> [String]
}

/// Hands over the content of a snapshot, piece after piece.
public typealias SnapshotContent = @Sendable (_ append: @Sendable ([UInt8]) async throws -> Void) async throws -> Void

extension SnapshotStore {
    /// Keeps a snapshot whose content is at hand as a whole.
    ///
    /// - Parameters:
    ///   - content: The bytes of the snapshot.
    ///   - name: Its name among others of the same store.
    ///   - changeCount: The store's ``EntryStore/changeCount()`` before the content was gathered.
    /// - Throws: ``CacheError`` with `storeUnavailable`; the old one is then still there.
    public func save(_ content: [UInt8], as name: String, changeCount: UInt64) async throws {
        try await save(as: name, changeCount: changeCount) { append in try await append(content) }
    }
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

    /// Puts the pages of a file that hold a range of the bytes at an address, where they stay when the image is gone.
    ///
    /// - Returns: false if that cannot be, as for bytes that are in no file; whoever asked copies them then.
    func map(_ range: Range<Int>, at address: UnsafeMutableRawPointer) -> Bool
}

extension SnapshotImage {
    /// Bytes that lie in no file cannot be mapped.
    public func map(_ range: Range<Int>, at address: UnsafeMutableRawPointer) -> Bool { false }
}
