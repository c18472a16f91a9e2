internal import VectorKernels

extension HNSWIndex {
    /// Returns the whole index as bytes, for ``init(snapshot:vectorStorage:)``.
    ///
    /// Searches go on meanwhile, insertions and removals wait. The layout is that of `SnapshotFormat`, with the slabs of
    /// `HNSWGraph` as they are, so that an index starts without building anything.
    ///
    /// - Complexity: O(*n* · *d*).
    public func snapshot() -> [UInt8] {
        graph.read { $0.snapshot() }
    }

    /// Restores an index from a snapshot.
    ///
    /// - Parameters:
    ///   - bytes: what ``snapshot()`` returned.
    ///   - storage: where the float32 rows are to live.
    /// - Complexity: O(*n* · *d*), without any search.
    /// - Throws: ``VectorIndexError/corruptSnapshot(_:)`` for bytes that are damaged, truncated, of another kind or
    ///   version, or that hold what no index can hold.
    public convenience init(
        snapshot bytes: [UInt8],
        vectorStorage storage: HNSWConfiguration.VectorStorage = .memory
    ) throws(VectorIndexError) {
        let image = try bytes.span.bytes.withUnsafeBytes { (buffer) throws(VectorIndexError) in
            try HNSWImage(buffer)
        }
        self.init(emptyLike: image, storage)
        bytes.withUnsafeBytes { buffer in graph.write { $0.restore(image, from: SnapshotSource(buffer)) } }
    }

    /// Restores an index from a snapshot, in place where that can be: long sections of a mapped file are not copied.
    ///
    /// - Throws: ``VectorIndexError/corruptSnapshot(_:)``.
    package convenience init(
        snapshot source: SnapshotSource,
        vectorStorage storage: HNSWConfiguration.VectorStorage = .memory
    ) throws(VectorIndexError) {
        let image = try HNSWImage(source.bytes)
        self.init(emptyLike: image, storage)
        graph.write { $0.restore(image, from: source) }
    }

    private convenience init(emptyLike image: HNSWImage, _ storage: HNSWConfiguration.VectorStorage) {
        var configuration = image.configuration
        configuration.vectorStorage = storage
        self.init(dimension: image.dimension, configuration: configuration)
    }
}
