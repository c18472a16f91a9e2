internal import VectorKernels

/// The first page of a snapshot file, before the index's own bytes, which begin on a page so that they can be mapped.
///
/// ```
///  offset  bytes
///       0      8  magic "SEMCSNAP"
///       8      4  format version
///      12      4  zero
///      16      8  the store's count of changes when the index was complete
///      24      8  length of the content
///      32     24  zero
///      56      8  XXH64 of bytes 0 ..< 56
///      64   4032  zero
///    4096      …  content, with checksums of its own
/// ```
///
/// Integers are little-endian.
struct SnapshotHeader: Equatable {
    static let byteCount = 64
    static let contentOffset = 4096
    static let version: UInt32 = 2
    private static let magic = Array("SEMCSNAP".utf8)

    /// Why a file is no snapshot.
    struct Fault: Error {
        let reason: String
    }

    let changeCount: UInt64
    let contentBytes: Int

    /// The header as bytes, all that is before the content.
    var bytes: [UInt8] {
        var bytes = Self.magic + [UInt8](repeating: 0, count: Self.contentOffset - Self.magic.count)
        bytes.withUnsafeMutableBytes { raw in
            raw.storeBytes(of: Self.version.littleEndian, toByteOffset: 8, as: UInt32.self)
            raw.storeBytes(of: changeCount.littleEndian, toByteOffset: 16, as: UInt64.self)
            raw.storeBytes(of: UInt64(contentBytes).littleEndian, toByteOffset: 24, as: UInt64.self)
            let sum = Checksum.xxh64(UnsafeRawBufferPointer(rebasing: raw[0..<56]))
            raw.storeBytes(of: sum.littleEndian, toByteOffset: 56, as: UInt64.self)
        }
        return bytes
    }

    /// Reads the header of a file and checks that the file is as long as it says.
    static func read(_ file: UnsafeRawBufferPointer) -> Result<SnapshotHeader, Fault> {
        guard file.count >= contentOffset else { return .failure(Fault(reason: "shorter than its header")) }
        func integer(at offset: Int) -> UInt64 {
            UInt64(littleEndian: file.loadUnaligned(fromByteOffset: offset, as: UInt64.self))
        }
        guard file.prefix(8).elementsEqual(magic) else { return .failure(Fault(reason: "not a snapshot")) }
        guard integer(at: 56) == Checksum.xxh64(UnsafeRawBufferPointer(rebasing: file[0..<56])) else {
            return .failure(Fault(reason: "damaged header"))
        }
        guard integer(at: 8) == UInt64(version) else {
            return .failure(Fault(reason: "format version \(integer(at: 8)), this program reads \(version)"))
        }
        guard let length = Int(exactly: integer(at: 24)), length == file.count - contentOffset else {
            return .failure(Fault(reason: "truncated or extended"))
        }
        guard file[byteCount..<contentOffset].allSatisfy({ $0 == 0 }) else {
            return .failure(Fault(reason: "damaged header"))
        }
        return .success(SnapshotHeader(changeCount: integer(at: 16), contentBytes: length))
    }
}
