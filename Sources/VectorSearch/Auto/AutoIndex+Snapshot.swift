internal import VectorKernels

extension AutoIndex {
    /// The sections of a snapshot of kind "AUTO": `FLAT`, the snapshot of the flat segment, and `HNSW`, that of the
    /// graph or nothing.
    private enum Section {
        static let kind = FourCC("AUTO")
        static let flat = FourCC("FLAT")
        static let graph = FourCC("HNSW")
    }

    /// Returns the whole index as bytes, for ``init(snapshot:configuration:)``.
    ///
    /// Searches go on meanwhile, insertions and removals wait. The layout is that of `SnapshotFormat`.
    ///
    /// - Complexity: O(*n* · *d*).
    public func snapshot() -> [UInt8] { Array(snapshotPieces().joined()) }

    /// Returns ``snapshot()`` as pieces that follow each other: the largest ones are not copied together.
    ///
    /// - Complexity: O(*n* · *d*), in memory once.
    package func snapshotPieces() -> [[UInt8]] {
        // Between two moves every entry is in one segment, except while the graph is dissolved: that holds `waiting`.
        let (flat, graph) = waiting.withLock { _ in
            membership.withLock { _ in
                let current = segments.withLock { $0 }
                return (current.flat.snapshot(), current.graph?.snapshot() ?? [])
            }
        }
        let writer = SnapshotWriter(kind: Section.kind, dimension: dimension, sectionCount: 2)
        return writer.finish(nesting: [(Section.flat, flat), (Section.graph, graph)])
    }

    /// Restores an index from a snapshot.
    ///
    /// - Complexity: O(*n* · *d*), without building a graph.
    /// - Throws: ``VectorIndexError/corruptSnapshot(_:)`` for bytes that are damaged, truncated, of another kind or
    ///   version, or that hold what no index can hold.
    public convenience init(
        snapshot bytes: [UInt8],
        configuration: AutoIndexConfiguration = AutoIndexConfiguration()
    ) throws(VectorIndexError) {
        let parts = try bytes.span.bytes.withUnsafeBytes { (buffer) throws(VectorIndexError) in
            try Parts(SnapshotSource(buffer), configuration)
        }
        self.init(parts, configuration: configuration)
    }

    /// Restores an index from a snapshot, in place where that can be: long sections of a mapped file are not copied.
    ///
    /// - Throws: ``VectorIndexError/corruptSnapshot(_:)``.
    package convenience init(
        snapshot source: SnapshotSource,
        configuration: AutoIndexConfiguration = AutoIndexConfiguration()
    ) throws(VectorIndexError) {
        self.init(try Parts(source, configuration), configuration: configuration)
    }

    private convenience init(_ parts: Parts, configuration: AutoIndexConfiguration) {
        self.init(dimension: parts.flat.dimension, configuration: configuration)
        segments.withLock {
            $0.flat = parts.flat
            $0.graph = parts.graph
        }
        membership.withLock { $0.count = parts.flat.count + (parts.graph?.count ?? 0) }
    }

    /// The segments in a snapshot, which fit each other.
    private struct Parts {
        let flat: FlatIndex
        let graph: HNSWIndex?

        init(_ source: SnapshotSource, _ configuration: AutoIndexConfiguration) throws(VectorIndexError) {
            let reader = try SnapshotReader(source.bytes, kind: Section.kind)
            flat = try FlatIndex(snapshot: source[try reader.range(Section.flat)])
            let range = try reader.range(Section.graph)
            let storage = configuration.graph.vectorStorage
            graph = range.isEmpty ? nil : try HNSWIndex(snapshot: source[range], vectorStorage: storage)
            guard flat.dimension == reader.dimension, (graph?.dimension ?? reader.dimension) == reader.dimension else {
                throw .corruptSnapshot("segments of different dimension")
            }
            if let graph, flat.idsInOrder().contains(where: { graph.contains(id: $0) }) {
                throw .corruptSnapshot("an entry is in both segments")
            }
        }
    }
}
