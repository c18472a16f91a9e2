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
    public func snapshot() -> [UInt8] {
        // Between two moves every entry is in one segment, except while the graph is dissolved: that holds `waiting`.
        let (flat, graph) = waiting.withLock { _ in
            membership.withLock { _ in
                let current = segments.withLock { $0 }
                return (current.flat.snapshot(), current.graph?.snapshot() ?? [])
            }
        }
        var writer = SnapshotWriter(
            kind: Section.kind,
            dimension: dimension,
            sectionCount: 2,
            contentBytes: flat.count + graph.count
        )
        writer.add(Section.flat, flat)
        writer.add(Section.graph, graph)
        return writer.finish()
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
            let reader = try SnapshotReader(buffer, kind: Section.kind)
            return (
                dimension: reader.dimension, flat: [UInt8](try reader.bytes(Section.flat)),
                graph: [UInt8](try reader.bytes(Section.graph))
            )
        }
        let flat = try FlatIndex(snapshot: parts.flat)
        let graph =
            parts.graph.isEmpty
            ? nil
            : try HNSWIndex(snapshot: parts.graph, vectorStorage: configuration.graph.vectorStorage)
        guard flat.dimension == parts.dimension, (graph?.dimension ?? parts.dimension) == parts.dimension else {
            throw .corruptSnapshot("segments of different dimension")
        }
        if let graph, flat.idsInOrder().contains(where: { graph.contains(id: $0) }) {
            throw .corruptSnapshot("an entry is in both segments")
        }
        self.init(dimension: parts.dimension, configuration: configuration)
        segments.withLock {
            $0.flat = flat
            $0.graph = graph
        }
        membership.withLock { $0.count = flat.count + (graph?.count ?? 0) }
    }
}
