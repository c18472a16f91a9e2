internal import VectorKernels

/// Puts the sections of an index snapshot together.
///
///     var writer = SnapshotWriter(kind: FourCC("FLAT"), dimension: 384)
///     writer.add(FourCC("IDS "), ids)
///     let bytes = writer.finish()
///
/// See ``SnapshotFormat`` for the layout.
package struct SnapshotWriter {
    private struct Section {
        let tag: FourCC
        let offset: Int
        let length: Int
        let checksum: UInt64
        /// 1 for a snapshot inside this one.
        var kind: UInt32 = 0
    }

    private let kind: FourCC
    private let dimension: Int
    private let tableEnd: Int
    private var sections: [Section] = []
    private var bytes: [UInt8]

    /// Starts a snapshot.
    ///
    /// - Parameters:
    ///   - kind: the kind of index.
    ///   - dimension: components per vector.
    ///   - sectionCount: sections that will be added, exactly.
    ///   - contentBytes: a hint at the bytes in all of them, to allocate once.
    package init(kind: FourCC, dimension: Int, sectionCount: Int, contentBytes: Int = 0) {
        precondition((0...SnapshotFormat.sectionLimit).contains(sectionCount), "a snapshot has at most 64 sections")
        self.kind = kind
        self.dimension = dimension
        tableEnd = SnapshotFormat.headerBytes + sectionCount * SnapshotFormat.tableEntryBytes
        // What is between sections: little, or less than a two-hundredth.
        let padding = sectionCount * SnapshotFormat.alignment + contentBytes / 128
        bytes = []
        bytes.reserveCapacity(tableEnd + contentBytes + padding)
        bytes.append(contentsOf: repeatElement(0, count: tableEnd))
    }

    /// Adds a section of raw bytes, which must be in little-endian order.
    package mutating func add(_ tag: FourCC, bytes content: UnsafeRawBufferPointer) {
        let offset = begin(length: content.count)
        bytes.append(contentsOf: content)
        close(tag, offset: offset)
    }

    /// Adds a section of fixed-width values.
    package mutating func add<Element: BitwiseCopyable>(_ tag: FourCC, _ values: [Element]) {
        SnapshotReader.requireLittleEndian()
        values.withUnsafeBytes { add(tag, bytes: $0) }
    }

    /// Adds a section of `count` rows of `rowBytes` bytes each, wherever they lie.
    package mutating func add(
        _ tag: FourCC,
        rowBytes: Int,
        count: Int,
        row: (Int) -> UnsafeRawPointer
    ) {
        let offset = begin(length: count * rowBytes)
        for index in 0..<count {
            bytes.append(contentsOf: UnsafeRawBufferPointer(start: row(index), count: rowBytes))
        }
        close(tag, offset: offset)
    }

    /// Pads up to where a section of that length begins.
    private mutating func begin(length: Int) -> Int {
        let start = SnapshotFormat.start(after: bytes.count, length: length)
        bytes.append(contentsOf: repeatElement(0, count: start - bytes.count))
        return start
    }

    /// Notes a section that ends here.
    private mutating func close(_ tag: FourCC, offset: Int) {
        let length = bytes.count - offset
        let checksum = bytes.withUnsafeBytes { Checksum.ofPieces(UnsafeRawBufferPointer(rebasing: $0[offset...])) }
        sections.append(Section(tag: tag, offset: offset, length: length, checksum: checksum))
    }

    /// Returns the finished snapshot.
    package consuming func finish() -> [UInt8] {
        bytes.append(contentsOf: repeatElement(0, count: SnapshotFormat.aligned(bytes.count) - bytes.count))
        writeHeader(total: bytes.count)
        return bytes
    }

    /// Returns the snapshot with others as its last sections, as pieces that follow each other, so that large ones are not
    /// copied.
    package consuming func finish(nesting snapshots: [(tag: FourCC, bytes: [UInt8])]) -> [[UInt8]] {
        var pieces: [[UInt8]] = []
        var end = bytes.count
        for (tag, content) in snapshots {
            let start = SnapshotFormat.start(after: end, length: content.count)
            pieces.append([UInt8](repeating: 0, count: start - end))
            pieces.append(content)
            sections.append(Section(tag: tag, offset: start, length: content.count, checksum: 0, kind: 1))
            end = start + content.count
        }
        let total = SnapshotFormat.aligned(end)
        pieces.append([UInt8](repeating: 0, count: total - end))
        writeHeader(total: total)
        return [bytes] + pieces.filter { !$0.isEmpty }
    }

    private mutating func writeHeader(total: Int) {
        let announced = SnapshotFormat.headerBytes + sections.count * SnapshotFormat.tableEntryBytes
        precondition(announced == tableEnd, "the number of sections was announced differently")
        bytes.withUnsafeMutableBytes { image in
            for (index, section) in sections.enumerated() {
                let entry = SnapshotFormat.headerBytes + index * SnapshotFormat.tableEntryBytes
                image.store(section.tag.rawValue, at: entry)
                image.store(section.kind, at: entry + 4)
                image.store(UInt64(section.offset), at: entry + 8)
                image.store(UInt64(section.length), at: entry + 16)
                image.store(section.checksum, at: entry + 24)
            }
            image.copyBytes(from: SnapshotFormat.magic)
            image.store(SnapshotFormat.version, at: 8)
            image.store(kind.rawValue, at: 12)
            image.store(UInt64(dimension), at: 16)
            image.store(UInt64(sections.count), at: 24)
            image.store(UInt64(total), at: 32)
            let content = UnsafeRawBufferPointer(image)
            let table = UnsafeRawBufferPointer(rebasing: content[SnapshotFormat.headerBytes..<tableEnd])
            image.store(Checksum.xxh64(table), at: 48)
            image.store(Checksum.xxh64(UnsafeRawBufferPointer(rebasing: content[0..<56])), at: 56)
        }
    }
}

extension UnsafeMutableRawBufferPointer {
    fileprivate func store<Value: FixedWidthInteger & BitwiseCopyable>(_ value: Value, at offset: Int) {
        storeBytes(of: value.littleEndian, toByteOffset: offset, as: Value.self)
    }
}
