internal import VectorKernels

extension AutoIndex {
    /// The sections of a snapshot of kind "AUTO": `AUDT`, what the last audit of the graph found, `FLAT`, the snapshot of
    /// the flat segment, and `HNSW`, that of the graph or nothing.
    ///
    /// `AUDT` is two UInt64: the effort of a search as a multiple of the configured one, 0 for a scan; and the entries of
    /// the graph from which on it is audited again. Snapshots of earlier versions have none: their graph is audited
    /// when entries come into it next.
    private enum Section {
        static let kind = FourCC("AUTO")
        static let audit = FourCC("AUDT")
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
        let (audit, flat, graph) = waiting.withLock { _ in
            membership.withLock { membership in
                let current = segments.withLock { $0 }
                let multiple = current.graphSearch.multiple(of: configuration.graph.searchEffort)
                let audit = [UInt64(multiple), UInt64(membership.nextAudit)]
                return (audit, current.flat.snapshot(), current.graph?.snapshot() ?? [])
            }
        }
        var writer = SnapshotWriter(kind: Section.kind, dimension: dimension, sectionCount: 3)
        writer.add(Section.audit, audit)
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
            $0.graphSearch = GraphAudit.Search(multiple: parts.audit.multiple, of: configuration.graph.searchEffort)
        }
        membership.withLock {
            $0.count = parts.flat.count + (parts.graph?.count ?? 0)
            $0.nextAudit = parts.audit.next
        }
    }

    /// The segments in a snapshot, which fit each other.
    private struct Parts {
        let flat: FlatIndex
        let graph: HNSWIndex?
        let audit: (multiple: Int, next: Int)

        init(_ source: SnapshotSource, _ configuration: AutoIndexConfiguration) throws(VectorIndexError) {
            let reader = try SnapshotReader(source.bytes, kind: Section.kind)
            flat = try FlatIndex(snapshot: source[try reader.range(Section.flat)])
            let range = try reader.range(Section.graph)
            audit = try Self.audit(reader)
            let storage = configuration.graph.vectorStorage
            graph = range.isEmpty ? nil : try HNSWIndex(snapshot: source[range], vectorStorage: storage)
            guard flat.dimension == reader.dimension, (graph?.dimension ?? reader.dimension) == reader.dimension else {
                throw .corruptSnapshot("segments of different dimension")
            }
            if let graph, flat.idsInOrder().contains(where: { graph.contains(id: $0) }) {
                throw .corruptSnapshot("an entry is in both segments")
            }
        }

        private static func audit(_ reader: SnapshotReader) throws(VectorIndexError) -> (multiple: Int, next: Int) {
            guard reader.contains(Section.audit) else { return (1, 0) }
            let values = try reader.values(Section.audit, as: UInt64.self, count: 2)
            guard let multiple = Int(exactly: values[0]), multiple == 0 || GraphAudit.multiples.contains(multiple),
                values[1] <= 2 * UInt64(HNSWGraph.slotLimit)
            else { throw .corruptSnapshot("impossible audit") }
            return (multiple, Int(values[1]))
        }
    }
}
