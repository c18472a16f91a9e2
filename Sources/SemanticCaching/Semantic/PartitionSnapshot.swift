package import VectorSearch

/// The indexes of all partitions as bytes.
///
/// Integers are little-endian UInt64, texts have their length before them:
///
///     "SCPART02" ‖ length of the directory ‖ directory ‖ SHA-256 of the directory ‖ index ‖ index ‖ …
///     directory = seal[32] ‖ embedding model ‖ count × (digest[32] ‖ tenant ‖ name ‖ length of the index)
///
/// Each index has checksums of its own, so every damaged byte is found. The seal tells the store that it is a copy of.
package struct PartitionSnapshot {
    /// The name that a ``SnapshotStore`` keeps it under.
    package static let name = "partitions"

    /// What is random in a snapshot and noted in its store: a copy of another store, or of another state of it that a
    /// backup brought back, is not taken for its own.
    package var seal: Digest256
    /// The model whose vectors the indexes hold.
    package var embeddingModel: String
}

extension PartitionSnapshot {
    /// A partition as it comes out of a snapshot.
    package typealias Restored = (digest: Digest256, namespace: NamespaceID, index: any VectorIndex)

    private static let magic = Array("SCPART02".utf8)

    /// The bytes of all indexes; nil if one of them has none.
    func bytes(of table: PartitionTable) -> [UInt8]? {
        guard let indexes = table.snapshots() else { return nil }
        var directory = seal.bytes
        Self.append(embeddingModel, to: &directory)
        Self.append(indexes.count, to: &directory)
        for index in indexes {
            directory += index.digest.bytes
            for text in [index.namespace.tenant, index.namespace.name] { Self.append(text, to: &directory) }
            Self.append(index.bytes.count, to: &directory)
        }
        var bytes = Self.magic
        bytes.reserveCapacity(indexes.reduce(directory.count + 64) { $0 + $1.bytes.count })
        Self.append(directory.count, to: &bytes)
        bytes += directory
        bytes += Digest256(hashing: directory).bytes
        for index in indexes { bytes += index.bytes }
        return bytes
    }

    /// The partitions in the bytes, with indexes of the given dimension, and what they are a copy of.
    ///
    /// - Throws: ``VectorIndexError/corruptSnapshot(_:)``.
    package static func read(
        _ bytes: UnsafeRawBufferPointer,
        dimension: Int,
        isWanted: (PartitionSnapshot) -> Bool = { _ in true }
    ) throws(VectorIndexError) -> [Restored] {
        var reader = Reader(bytes: bytes)
        guard try reader.take(magic.count).elementsEqual(magic) else { throw .corruptSnapshot("no partitions") }
        let entries = UnsafeRawBufferPointer(rebasing: try reader.take(reader.takeCount()))
        guard Digest256(hashing: entries) == Digest256(bytes: try reader.take(32)) else {
            throw .corruptSnapshot("the directory is damaged")
        }
        var directory = Reader(bytes: entries)
        let header = PartitionSnapshot(seal: try directory.takeDigest(), embeddingModel: try directory.takeText())
        guard isWanted(header) else { throw .corruptSnapshot("it is of another store or embedding model") }
        var partitions: [Restored] = []
        for _ in 0..<(try directory.takeCount()) {
            let digest = try directory.takeDigest()
            let namespace = NamespaceID(tenant: try directory.takeText(), name: try directory.takeText())
            let length = try directory.takeLength()
            let index = try AutoIndex(snapshot: Array(reader.take(length)))
            guard index.dimension == dimension else { throw .corruptSnapshot("vectors of another dimension") }
            partitions.append((digest, namespace, index))
        }
        guard reader.isAtEnd, directory.isAtEnd else { throw .corruptSnapshot("bytes after the last partition") }
        return partitions
    }

    private static func append(_ value: Int, to bytes: inout [UInt8]) {
        withUnsafeBytes(of: UInt64(value).littleEndian) { bytes += $0 }
    }

    private static func append(_ text: String, to bytes: inout [UInt8]) {
        append(text.utf8.count, to: &bytes)
        bytes += text.utf8
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

        mutating func takeDigest() throws(VectorIndexError) -> Digest256 {
            guard let digest = Digest256(bytes: try take(32)) else { throw .corruptSnapshot("no digest") }
            return digest
        }

        mutating func takeText() throws(VectorIndexError) -> String {
            String(decoding: try take(takeCount()), as: UTF8.self)
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
