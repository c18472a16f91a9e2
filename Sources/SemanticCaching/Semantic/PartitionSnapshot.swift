package import VectorSearch

/// The indexes of all partitions as bytes.
///
/// Integers are little-endian UInt64, texts have their length before them:
///
///     "SCPART03" ‖ index ‖ index ‖ … ‖ directory ‖ SHA-256 of the directory ‖ length of the directory
///     directory = seal[32] ‖ embedding model ‖ count × (digest[32] ‖ tenant ‖ name ‖ length of the index)
///
/// Indexes begin where `SnapshotFormat` lets a section of their length begin, with zeros between them, so that a file is
/// written from front to back, one index in memory at a time, and read in place. Each index has checksums of its own, so
/// every damaged byte is found. The seal tells the store that it is a copy of.
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

    private static let magic = Array("SCPART03".utf8)

    /// Hands over the bytes of the table's indexes, piece after piece, at most one index in memory at a time.
    ///
    /// Traffic goes on between two indexes: each is of the moment at which it is reached.
    func write(_ table: PartitionTable, _ append: @Sendable ([UInt8]) async throws -> Void) async throws {
        var directory = seal.bytes
        Self.append(embeddingModel, to: &directory)
        let partitions = table.snapshotSources
        Self.append(partitions.count, to: &directory)
        var end = Self.magic.count
        // Small indexes share a piece.
        var pending = Self.magic
        for (digest, partition) in partitions {
            let pieces = partition.snapshotPieces()
            let length = pieces.reduce(0) { $0 + $1.count }
            let start = SnapshotFormat.start(after: end, length: length)
            pending += [UInt8](repeating: 0, count: start - end)
            for piece in pieces {
                if piece.count < SnapshotFormat.pageThreshold {
                    pending += piece
                } else {
                    try await append(pending)
                    pending = []
                    try await append(piece)
                }
            }
            if pending.count >= SnapshotFormat.pageThreshold {
                try await append(pending)
                pending = []
            }
            end = start + length
            directory += digest.bytes
            for text in [partition.namespace.tenant, partition.namespace.name] { Self.append(text, to: &directory) }
            Self.append(length, to: &directory)
        }
        var trailer = Digest256(hashing: directory).bytes
        Self.append(directory.count, to: &trailer)
        try await append(pending + directory + trailer)
    }

    /// The partitions in the bytes, with indexes of the given dimension, if one is given.
    ///
    /// - Throws: ``VectorIndexError/corruptSnapshot(_:)``.
    package static func read(
        _ source: SnapshotSource,
        dimension: Int? = nil,
        isWanted: (PartitionSnapshot) -> Bool = { _ in true }
    ) throws(VectorIndexError) -> [Restored] {
        let bytes = source.bytes
        guard bytes.starts(with: magic) else { throw .corruptSnapshot("no partitions") }
        let entries = try directory(of: bytes)
        var directory = Reader(bytes: UnsafeRawBufferPointer(rebasing: bytes[entries]))
        let header = PartitionSnapshot(seal: try directory.takeDigest(), embeddingModel: try directory.takeText())
        guard isWanted(header) else { throw .corruptSnapshot("it is of another store or embedding model") }
        var partitions: [Restored] = []
        var end = magic.count
        for _ in 0..<(try directory.takeCount()) {
            let digest = try directory.takeDigest()
            let namespace = NamespaceID(tenant: try directory.takeText(), name: try directory.takeText())
            let length = try directory.takeLength()
            let start = SnapshotFormat.start(after: end, length: Swift.min(length, bytes.count))
            guard start <= entries.lowerBound, length <= entries.lowerBound - start,
                bytes[end..<start].allSatisfy({ $0 == 0 })
            else { throw .corruptSnapshot("an index lies outside of the file") }
            end = start + length
            let index = try AutoIndex(snapshot: source[start..<end])
            guard index.dimension == dimension ?? index.dimension else {
                throw .corruptSnapshot("vectors of another dimension")
            }
            partitions.append((digest, namespace, index))
        }
        guard end == entries.lowerBound, directory.isAtEnd else {
            throw .corruptSnapshot("bytes after the last partition")
        }
        return partitions
    }

    /// Where the directory is, which is whole.
    private static func directory(of bytes: UnsafeRawBufferPointer) throws(VectorIndexError) -> Range<Int> {
        guard bytes.count >= magic.count + 40 else { throw .corruptSnapshot("it ends too early") }
        let trailer = bytes.count - 40
        var end = Reader(bytes: UnsafeRawBufferPointer(rebasing: bytes[trailer...]))
        let digest = try end.takeDigest()
        let length = try end.takeLength()
        guard length <= trailer - magic.count else { throw .corruptSnapshot("it ends too early") }
        let range = trailer - length..<trailer
        guard Digest256(hashing: UnsafeRawBufferPointer(rebasing: bytes[range])) == digest else {
            throw .corruptSnapshot("the directory is damaged")
        }
        return range
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

extension SnapshotImage {
    /// The partitions in the image, in place where that can be; see ``PartitionSnapshot/read(_:dimension:isWanted:)``.
    package func partitions(
        dimension: Int? = nil,
        isWanted: (PartitionSnapshot) -> Bool = { _ in true }
    ) throws(VectorIndexError) -> [PartitionSnapshot.Restored] {
        let outcome = withBytes { bytes -> Result<[PartitionSnapshot.Restored], VectorIndexError> in
            let source = SnapshotSource(bytes, mapping: map)
            do throws(VectorIndexError) {
                return .success(try PartitionSnapshot.read(source, dimension: dimension, isWanted: isWanted))
            } catch {
                return .failure(error)
            }
        }
        return try outcome.get()
    }

    /// What is damaged in an image of all partitions, walked to the last link; nil if nothing is.
    package func partitionFault() -> String? {
        do throws(VectorIndexError) {
            _ = try partitions()
            return nil
        } catch {
            return error.description
        }
    }
}
