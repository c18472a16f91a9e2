import VectorKernels

@testable import VectorSearch

/// Puts the checksums of a damaged index snapshot right, so that what stands behind them is tested.
///
/// A fuzzer never finds a checksum by itself.
enum SnapshotForge {
    /// The snapshot with its length and every checksum as its own table demands.
    static func repaired(_ bytes: [UInt8]) -> [UInt8] {
        guard bytes.count >= SnapshotFormat.headerBytes else { return bytes }
        var image = bytes
        image.withUnsafeMutableBytes { image in
            let content = UnsafeRawBufferPointer(image)
            func integer(_ offset: Int) -> Int {
                Int(clamping: UInt64(littleEndian: content.loadUnaligned(fromByteOffset: offset, as: UInt64.self)))
            }
            func sum(_ range: Range<Int>) -> UInt64 {
                Checksum.xxh64(UnsafeRawBufferPointer(rebasing: content[range])).littleEndian
            }
            image.copyBytes(from: SnapshotFormat.magic)
            image.storeBytes(of: SnapshotFormat.version.littleEndian, toByteOffset: 8, as: UInt32.self)
            image.storeBytes(of: UInt64(bytes.count).littleEndian, toByteOffset: 32, as: UInt64.self)
            let count = min(integer(24), SnapshotFormat.sectionLimit)
            let tableEnd = SnapshotFormat.headerBytes + count * SnapshotFormat.tableEntryBytes
            guard tableEnd <= bytes.count else { return }
            for entry in stride(from: SnapshotFormat.headerBytes, to: tableEnd, by: SnapshotFormat.tableEntryBytes) {
                let (start, length) = (integer(entry + 8), integer(entry + 16))
                guard start <= bytes.count, length <= bytes.count - start else { continue }
                image.storeBytes(of: sum(start..<(start + length)), toByteOffset: entry + 24, as: UInt64.self)
            }
            image.storeBytes(of: sum(SnapshotFormat.headerBytes..<tableEnd), toByteOffset: 48, as: UInt64.self)
            image.storeBytes(of: sum(0..<56), toByteOffset: 56, as: UInt64.self)
        }
        return image
    }

    /// Small snapshots of each kind of index, as seeds.
    @Sendable static func seeds() -> [[UInt8]] {
        let flat = FlatIndex(dimension: 4)
        let graph = HNSWIndex(dimension: 4)
        let auto = AutoIndex(dimension: 4)
        for id in 0..<12 as Range<UInt64> {
            let angle = Float(id) / 12
            let vector = [angle, 1 - angle, 0, (1 - angle * angle - (1 - angle) * (1 - angle)).magnitude.squareRoot()]
            for index in [flat, graph, auto] as [any VectorIndex] { try? index.insert(vector, id: id) }
        }
        return [flat.snapshot(), graph.snapshot(), auto.snapshot()]
    }
}
