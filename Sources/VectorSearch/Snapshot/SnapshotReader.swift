internal import VectorKernels

/// Checks an index snapshot completely, then hands out its sections.
///
///     let reader = try SnapshotReader(bytes, kind: FourCC("FLAT"))
///     let ids = try reader.values(FourCC("IDS "), as: UInt64.self, count: n)
///
/// Valid only as long as the bytes it was made from: use it inside `withUnsafeBytes` or on a mapping that outlives it.
package struct SnapshotReader {
    private struct Section {
        let tag: FourCC
        let range: Range<Int>
    }

    /// Components per vector.
    package let dimension: Int

    private let bytes: UnsafeRawBufferPointer
    private let sections: [Section]

    /// Opens a snapshot of the given kind.
    ///
    /// - Complexity: O(bytes) on all cores: every checksum is verified here, but those of snapshots inside this one.
    /// - Throws: ``VectorIndexError/corruptSnapshot(_:)`` for damage, truncation, another kind or an unknown version.
    package init(_ bytes: UnsafeRawBufferPointer, kind: FourCC) throws(VectorIndexError) {
        Self.requireLittleEndian()
        guard bytes.count >= SnapshotFormat.headerBytes else { throw .corruptSnapshot("shorter than its header") }
        guard bytes.prefix(8).elementsEqual(SnapshotFormat.magic) else { throw .corruptSnapshot("not a snapshot") }
        guard bytes.integer(at: 56) == Checksum.xxh64(UnsafeRawBufferPointer(rebasing: bytes[0..<56])) else {
            throw .corruptSnapshot("damaged header")
        }
        let version = UInt32(truncatingIfNeeded: bytes.integer(at: 8))
        guard version == SnapshotFormat.version else {
            throw .corruptSnapshot("format version \(version), this program reads \(SnapshotFormat.version)")
        }
        let actualKind = FourCC(rawValue: UInt32(truncatingIfNeeded: bytes.integer(at: 8) >> 32))
        guard actualKind == kind else { throw .corruptSnapshot("index of kind \(actualKind), expected \(kind)") }
        guard bytes.integer(at: 32) == UInt64(bytes.count) else { throw .corruptSnapshot("truncated or extended") }
        guard let dimension = Int(exactly: bytes.integer(at: 16)), dimension > 0, bytes.integer(at: 40) == 0 else {
            throw .corruptSnapshot("impossible header")
        }
        self.bytes = bytes
        self.dimension = dimension
        sections = try Self.readTable(bytes)
    }

    /// Whether there is such a section.
    package func contains(_ tag: FourCC) -> Bool { sections.contains { $0.tag == tag } }

    /// Where a section lies in the snapshot.
    ///
    /// - Throws: ``VectorIndexError/corruptSnapshot(_:)`` when there is none.
    package func range(_ tag: FourCC) throws(VectorIndexError) -> Range<Int> {
        guard let section = sections.first(where: { $0.tag == tag }) else {
            throw .corruptSnapshot("section \(tag) is missing")
        }
        return section.range
    }

    /// The bytes of a section.
    ///
    /// - Throws: ``VectorIndexError/corruptSnapshot(_:)`` when there is none.
    package func bytes(_ tag: FourCC) throws(VectorIndexError) -> UnsafeRawBufferPointer {
        UnsafeRawBufferPointer(rebasing: bytes[try range(tag)])
    }

    /// The values of a section that must hold exactly `count` of them.
    ///
    /// - Throws: ``VectorIndexError/corruptSnapshot(_:)`` when it is missing or of another length.
    package func values<Element: BitwiseCopyable>(
        _ tag: FourCC,
        as type: Element.Type,
        count: Int
    ) throws(VectorIndexError) -> [Element] {
        let content = try bytes(tag)
        let (expected, overflow) = count.multipliedReportingOverflow(by: MemoryLayout<Element>.stride)
        guard !overflow, count >= 0, content.count == expected else {
            throw .corruptSnapshot("section \(tag) has \(content.count) bytes, expected \(expected)")
        }
        return [Element](unsafeUninitializedCapacity: count) { values, initialized in
            UnsafeMutableRawBufferPointer(values).copyMemory(from: content)
            initialized = count
        }
    }

    /// Verifies the table, every section and the zero bytes between them.
    private static func readTable(_ bytes: UnsafeRawBufferPointer) throws(VectorIndexError) -> [Section] {
        let declared = bytes.integer(at: 24)
        guard declared <= UInt64(SnapshotFormat.sectionLimit) else { throw .corruptSnapshot("too many sections") }
        let count = Int(declared)
        let tableEnd = SnapshotFormat.headerBytes + count * SnapshotFormat.tableEntryBytes
        guard tableEnd <= bytes.count else { throw .corruptSnapshot("truncated section table") }
        let table = UnsafeRawBufferPointer(rebasing: bytes[SnapshotFormat.headerBytes..<tableEnd])
        guard bytes.integer(at: 48) == Checksum.xxh64(table) else { throw .corruptSnapshot("damaged section table") }
        var sections: [Section] = []
        var end = tableEnd
        for index in 0..<count {
            let entry = SnapshotFormat.headerBytes + index * SnapshotFormat.tableEntryBytes
            let tag = FourCC(rawValue: UInt32(truncatingIfNeeded: bytes.integer(at: entry)))
            guard let length = Int(exactly: bytes.integer(at: entry + 16)), length <= bytes.count else {
                throw .corruptSnapshot("section \(tag) is longer than the file")
            }
            let start = SnapshotFormat.start(after: end, length: length)
            guard start <= bytes.count - length, bytes.integer(at: entry + 8) == UInt64(start) else {
                throw .corruptSnapshot("section \(tag) lies outside of the file")
            }
            let range = start..<(start + length)
            guard bytes[end..<start].allSatisfy({ $0 == 0 }) else { throw .corruptSnapshot("damaged padding") }
            let isSound =
                switch bytes.integer(at: entry) >> 32 {
                case 0:
                    bytes.integer(at: entry + 24) == Checksum.ofPieces(UnsafeRawBufferPointer(rebasing: bytes[range]))
                // Whoever opens that snapshot verifies it.
                case 1: bytes.integer(at: entry + 24) == 0
                default: false
                }
            guard isSound else { throw .corruptSnapshot("section \(tag) is damaged") }
            sections.append(Section(tag: tag, range: range))
            end = range.upperBound
        }
        let isComplete = SnapshotFormat.aligned(end) == bytes.count && bytes[end...].allSatisfy { $0 == 0 }
        guard isComplete else { throw .corruptSnapshot("bytes after the last section") }
        return sections
    }

    /// Stops on machines whose memory order is not that of the format; none is supported by Swift on Linux today.
    static func requireLittleEndian() {
        precondition(UInt32(1).littleEndian == 1, "index snapshots need a little-endian machine")
    }
}

extension UnsafeRawBufferPointer {
    fileprivate func integer(at offset: Int) -> UInt64 {
        UInt64(littleEndian: loadUnaligned(fromByteOffset: offset, as: UInt64.self))
    }
}
