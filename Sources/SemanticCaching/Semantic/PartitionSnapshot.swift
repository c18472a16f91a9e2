internal import VectorSearch

/// The indexes of all partitions as bytes.
///
/// Integers are little-endian UInt64, texts have their length before them:
///
///     "SCPART01" ‖ length of the directory ‖ directory ‖ SHA-256 of the directory ‖ index ‖ index ‖ …
///     directory = count × (digest[32] ‖ tenant ‖ name ‖ length of the index)
///
/// Each index has checksums of its own, so every damaged byte is found.
enum PartitionSnapshot {
    /// A partition as it comes out of a snapshot.
    typealias Restored = (digest: Digest256, namespace: NamespaceID, index: any VectorIndex)

    private static let magic = Array("SCPART01".utf8)

    /// The bytes of all indexes; nil if one of them has none.
    static func bytes(of table: PartitionTable) -> [UInt8]? {
        guard let indexes = table.snapshots() else { return nil }
        var directory: [UInt8] = []
        append(indexes.count, to: &directory)
        for index in indexes {
            directory += index.digest.bytes
            for text in [index.namespace.tenant, index.namespace.name] {
                append(text.utf8.count, to: &directory)
                directory += text.utf8
            }
            append(index.bytes.count, to: &directory)
        }
        var bytes = magic
        bytes.reserveCapacity(indexes.reduce(directory.count + 64) { $0 + $1.bytes.count })
        append(directory.count, to: &bytes)
        bytes += directory
        bytes += Digest256(hashing: directory).bytes
        for index in indexes { bytes += index.bytes }
        return bytes
    }

    /// The partitions in the bytes, with indexes of the given dimension.
    ///
    /// - Throws: ``VectorIndexError/corruptSnapshot(_:)``.
    static func partitions(
        in bytes: UnsafeRawBufferPointer,
        dimension: Int
    ) throws(VectorIndexError) -> [Restored] {
        var reader = Reader(bytes: bytes)
        guard try reader.take(magic.count).elementsEqual(magic) else { throw .corruptSnapshot("no partitions") }
        let entries = UnsafeRawBufferPointer(rebasing: try reader.take(reader.takeCount()))
        guard Digest256(hashing: entries) == Digest256(bytes: try reader.take(32)) else {
            throw .corruptSnapshot("the directory is damaged")
        }
        var directory = Reader(bytes: entries)
        var partitions: [Restored] = []
        for _ in 0..<(try directory.takeCount()) {
            guard let digest = Digest256(bytes: try directory.take(32)) else { throw .corruptSnapshot("no digest") }
            let tenant = String(decoding: try directory.take(directory.takeCount()), as: UTF8.self)
            let name = String(decoding: try directory.take(directory.takeCount()), as: UTF8.self)
            let length = try directory.takeLength()
            let index = try AutoIndex(snapshot: Array(reader.take(length)))
            guard index.dimension == dimension else { throw .corruptSnapshot("vectors of another dimension") }
            partitions.append((digest, NamespaceID(tenant: tenant, name: name), index))
        }
        guard reader.isAtEnd, directory.isAtEnd else { throw .corruptSnapshot("bytes after the last partition") }
        return partitions
    }

    private static func append(_ value: Int, to bytes: inout [UInt8]) {
        withUnsafeBytes(of: UInt64(value).littleEndian) { bytes += $0 }
    }

    /// Takes pieces off the front of bytes, and never more than there are.
    private struct Reader {
        let bytes: UnsafeRawBufferPointer
        var offset = 0

        var isAtEnd: Bool { offset == bytes.count }

        mutating func take(_ count: Int) throws(VectorIndexError) -> UnsafeRawBufferPointer.SubSequence {
            guard count <= bytes.count - offset else { throw .corruptSnapshot("it ends too early") }
            defer { offset += count }
            return bytes[offset..<offset + count]
        }

        /// A count of things that are in these bytes.
        mutating func takeCount() throws(VectorIndexError) -> Int {
            let count = try takeLength()
            guard count <= bytes.count else { throw .corruptSnapshot("a length is too great") }
            return count
        }

        /// A length of something elsewhere.
        mutating func takeLength() throws(VectorIndexError) -> Int {
            let field = UnsafeRawBufferPointer(rebasing: try take(8))
            guard let value = Int(exactly: UInt64(littleEndian: field.loadUnaligned(as: UInt64.self))) else {
                throw .corruptSnapshot("a length is too great")
            }
            return value
        }
    }
}
