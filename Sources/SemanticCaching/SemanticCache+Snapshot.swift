internal import Embeddings
internal import Logging
internal import Synchronization
internal import VectorSearch

extension SemanticCache {
    private static var snapshotName: String { "partitions" }

    /// Keeps a copy of the indexes, so that the next start need not build them; false if that could not be.
    ///
    /// A copy is kept only if it holds exactly what the store held at one moment: nothing may be stored while it is made.
    /// Namespaces with another than the automatic index are built anew at each start, and so is all beside them. Under steady traffic call it when the traffic rests, or at the end.
    /// - Throws: ``CacheError`` with `storeUnavailable`; the copy before is then still there.
    /// - Complexity: O(bytes of the indexes).
    @discardableResult
    public func saveSnapshot(to snapshots: any SnapshotStore) async throws -> Bool {
        let before = try await store.changeCount()
        guard unpublished.load(ordering: .acquiring) == 0 else { return false }
        guard let bytes = PartitionSnapshot.bytes(of: partitions) else { return false }
        guard unpublished.load(ordering: .acquiring) == 0, try await store.changeCount() == before else { return false }
        try await snapshots.save(bytes, as: Self.snapshotName, changeCount: before)
        return true
    }

    /// Takes the indexes from a snapshot; false, with a line in the log, if they have to be built anew.
    func loadSnapshot(from snapshots: any SnapshotStore) async throws -> Bool {
        guard let embedder else { return false }
        let outcome = await snapshots.load(Self.snapshotName, changeCount: try await store.changeCount())
        switch outcome {
        case .unusable(let reason):
            logger.notice("the index is built from the store", metadata: ["snapshot": "\(reason)"])
            return false
        case .loaded(let image):
            do throws(VectorIndexError) {
                let restored = try image.read { (bytes) throws(VectorIndexError) in
                    try PartitionSnapshot.partitions(in: bytes, dimension: embedder.model.dimension)
                }
                partitions.restore(restored)
                return true
            } catch {
                logger.warning("a damaged snapshot is left aside", metadata: ["error": "\(error)"])
                return false
            }
        }
    }
}

extension SnapshotImage {
    /// ``withBytes(_:)`` with a typed error.
    fileprivate func read<Result>(
        _ body: (UnsafeRawBufferPointer) throws(VectorIndexError) -> Result
    ) throws(VectorIndexError) -> Result {
        let outcome = withBytes { bytes -> Swift.Result<Result, VectorIndexError> in
            do throws(VectorIndexError) { return .success(try body(bytes)) } catch { return .failure(error) }
        }
        return try outcome.get()
    }
}
