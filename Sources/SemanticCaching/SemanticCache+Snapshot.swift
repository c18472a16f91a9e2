internal import Embeddings
internal import Logging
internal import Synchronization
internal import VectorSearch

extension SemanticCache {
    /// What is known of the copy of the indexes.
    struct SnapshotState {
        /// Whether the indexes hold all that the store holds.
        var isComplete = true
        /// The store's count of changes when the last copy was made, loaded or found to be impossible.
        var changeCount: UInt64?
    }

    /// Keeps a copy of the indexes, so that the next start need not build them; false if that could not be.
    ///
    /// Traffic goes on meanwhile. Whatever is stored or removed while the copy is made, or after it, the next opening finds
    /// by comparing it with the store. No copy is made of an index that is not complete yet, or of another kind than the
    /// automatic one: those are built anew at each start, and so is all beside them.
    /// - Throws: ``CacheError`` with `storeUnavailable`; the copy before is then still there.
    /// - Complexity: O(bytes of the indexes) in time, O(bytes of the largest) in memory; insertions into an index wait while
    ///   it is copied in memory, not while it is written.
    @discardableResult
    public func saveSnapshot(to snapshots: any SnapshotStore) async throws -> Bool {
        guard let embedder, snapshotState.withLock(\.isComplete) else { return false }
        let changeCount = try await store.changeCount()
        let header = PartitionSnapshot(seal: .random(), embeddingModel: embedder.model.id)
        guard partitions.hasSnapshot else {
            snapshotState.withLock { $0.changeCount = changeCount }
            return false
        }
        try await snapshots.save(as: PartitionSnapshot.name, changeCount: changeCount) { [self] append in
            try await header.write(partitions, append)
            try await store.noteSnapshotSeal(header.seal)
            // After a power failure the store may lack questions that the copy has. Their numbers must not come to mean
            // others. The copy appears under its name after this.
            try await store.reserveQuestionIDs(upTo: lastQuestionID.load(ordering: .acquiring))
        }
        snapshotState.withLock { $0.changeCount = changeCount }
        return true
    }

    /// Makes a new copy if the one there is lacks so much that opening with it would take noticeably longer.
    func saveSnapshotIfDue(to snapshots: any SnapshotStore) async throws {
        let last = snapshotState.withLock(\.changeCount) ?? 0
        let changes = try await store.changeCount() &- last
        // A twentieth: a copy of a large index costs as much I/O as the index is large.
        guard changes >= max(256, UInt64(partitions.usage.questions / 20)) else { return }
        try await saveSnapshot(to: snapshots)
    }

    /// Takes the indexes from a snapshot.
    ///
    /// - Returns: whether it is of exactly the store's present state; nil, with a line in the log, if there is none that can
    ///   be used.
    func loadSnapshot(from snapshots: any SnapshotStore) async throws -> Bool? {
        guard let embedder else { return nil }
        let (image, changeCount): (any SnapshotImage, UInt64)
        switch await snapshots.load(PartitionSnapshot.name) {
        case .unusable(let reason):
            logger.notice("the index is built from the store", metadata: ["snapshot": "\(reason)"])
            return nil
        case .loaded(let found, let count): (image, changeCount) = (found, count)
        }
        let seals = try await store.snapshotSeals()
        do throws(VectorIndexError) {
            let restored = try image.partitions(dimension: embedder.model.dimension) { header in
                header.embeddingModel == embedder.model.id && seals.contains(header.seal)
            }
            partitions.restore(restored)
        } catch {
            logger.warning("a snapshot is left aside, the index is built anew", metadata: ["error": "\(error)"])
            return nil
        }
        snapshotState.withLock { $0.changeCount = changeCount }
        return try await store.changeCount() == changeCount
    }
}

extension Digest256 {
    fileprivate static func random() -> Digest256 {
        var generator = SystemRandomNumberGenerator()
        return Digest256(words: (generator.next(), generator.next(), generator.next(), generator.next()))
    }
}
