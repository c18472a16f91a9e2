internal import VectorKernels

extension FlatIndex {
    /// The sections of a snapshot of kind "FLAT", all of *n* values: `IDS ` UInt64, `SEQ ` UInt64 (order of insertion),
    /// `LABL` UInt32, `EXPY` UInt32, `ROWS` *n* × dimension float32.
    private enum Section {
        static let kind = FourCC("FLAT")
        static let ids = FourCC("IDS ")
        static let sequence = FourCC("SEQ ")
        static let labels = FourCC("LABL")
        static let expiry = FourCC("EXPY")
        static let rows = FourCC("ROWS")
    }

    /// Returns the whole index as bytes, for ``init(snapshot:quantization:)``.
    ///
    /// Searches go on meanwhile, insertions and removals wait. The layout is that of `SnapshotFormat`. Quantised codes
    /// are not part of it; they are made again from the rows.
    ///
    /// - Complexity: O(*n* · *d*).
    public func snapshot() -> [UInt8] {
        storage.read { storage in
            let rowBytes = dimension * MemoryLayout<Float>.stride
            var writer = SnapshotWriter(
                kind: Section.kind,
                dimension: dimension,
                sectionCount: 5,
                contentBytes: storage.count * (rowBytes + 24)
            )
            writer.add(Section.ids, storage.ids)
            writer.add(Section.sequence, storage.sequence)
            writer.add(Section.labels, storage.attributes.map(\.label))
            writer.add(Section.expiry, storage.attributes.map(\.expiresAt))
            writer.add(Section.rows, rowBytes: rowBytes, count: storage.count) {
                UnsafeRawPointer(storage.rows.row($0))
            }
            return writer.finish()
        }
    }

    /// Restores an index from a snapshot.
    ///
    /// - Complexity: O(*n* · *d*).
    /// - Throws: ``VectorIndexError/corruptSnapshot(_:)`` for bytes that are damaged, truncated, of another kind or
    ///   version, or that hold what no index can hold.
    public convenience init(
        snapshot bytes: [UInt8],
        quantization: FlatQuantization = .int8
    ) throws(VectorIndexError) {
        let columns = try bytes.span.bytes.withUnsafeBytes { (buffer) throws(VectorIndexError) in
            try Self.columns(of: buffer)
        }
        self.init(dimension: columns.dimension, quantization: quantization)
        bytes.withUnsafeBytes { restore(columns, from: $0) }
    }

    /// Restores an index from a snapshot that lies elsewhere.
    ///
    /// - Throws: ``VectorIndexError/corruptSnapshot(_:)``.
    package convenience init(
        snapshot source: SnapshotSource,
        quantization: FlatQuantization = .int8
    ) throws(VectorIndexError) {
        let columns = try Self.columns(of: source.bytes)
        self.init(dimension: columns.dimension, quantization: quantization)
        restore(columns, from: source.bytes)
    }

    private func restore(_ columns: Columns, from bytes: UnsafeRawBufferPointer) {
        storage.write { storage in
            storage.restore(
                rows: UnsafeRawBufferPointer(rebasing: bytes[columns.rows]),
                ids: columns.ids,
                sequence: columns.sequence,
                attributes: columns.attributes,
                slots: columns.slots
            )
        }
    }

    /// What a snapshot holds, checked.
    private struct Columns {
        let dimension: Int
        let ids: [UInt64]
        let sequence: [UInt64]
        let attributes: [VectorAttributes]
        let slots: [UInt64: UInt32]
        /// Where the rows are in the snapshot.
        let rows: Range<Int>
    }

    private static func columns(of bytes: UnsafeRawBufferPointer) throws(VectorIndexError) -> Columns {
        let reader = try SnapshotReader(bytes, kind: Section.kind)
        let dimension = reader.dimension
        guard dimension <= 65_536 else { throw .corruptSnapshot("dimension \(dimension)") }
        let idBytes = try reader.bytes(Section.ids).count
        let count = idBytes / MemoryLayout<UInt64>.stride
        guard count <= Int(Int32.max) else { throw .corruptSnapshot("\(count) entries") }
        let ids = try reader.values(Section.ids, as: UInt64.self, count: count)
        let sequence = try reader.values(Section.sequence, as: UInt64.self, count: count)
        let labels = try reader.values(Section.labels, as: UInt32.self, count: count)
        let expiry = try reader.values(Section.expiry, as: UInt32.self, count: count)
        let rows = try reader.bytes(Section.rows)
        guard rows.count == count * dimension * MemoryLayout<Float>.stride else {
            throw .corruptSnapshot("\(rows.count) bytes of rows for \(count) entries")
        }
        // Nobody inserts so often; from a number near the end, the next insertions would run over it.
        guard sequence.max() ?? 0 < 1 << 63 else { throw .corruptSnapshot("impossible order of insertion") }
        try requireUnitRows(rows, count: count, dimension: dimension)
        var slots = [UInt64: UInt32](minimumCapacity: count)
        for (slot, id) in ids.enumerated() where slots.updateValue(UInt32(slot), forKey: id) != nil {
            throw .corruptSnapshot("entry \(id) twice")
        }
        return Columns(
            dimension: dimension,
            ids: ids,
            sequence: sequence,
            attributes: zip(labels, expiry).map { VectorAttributes(label: $0, expiresAt: $1) },
            slots: slots,
            rows: try reader.range(Section.rows)
        )
    }

    /// The bounds of a search hold for unit rows only, and a checksum says nothing about who wrote the file.
    private static func requireUnitRows(
        _ rows: UnsafeRawBufferPointer,
        count: Int,
        dimension: Int
    ) throws(VectorIndexError) {
        let floats = rows.assumingMemoryBound(to: Float.self)
        for slot in 0..<count {
            let row = UnsafeBufferPointer(rebasing: floats[(slot * dimension)..<((slot + 1) * dimension)])
            let squared = Float32Kernels.sumOfSquares(row.span)
            // A little more than insertion allows: another processor may add the squares in another order.
            guard squared > 0.9979, squared < 1.0021 else {
                throw .corruptSnapshot("row \(slot) is no vector of unit length")
            }
        }
    }
}
