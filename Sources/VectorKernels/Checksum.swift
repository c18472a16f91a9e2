internal import CVectorKernels
internal import Dispatch

/// XXH64, the checksum of our files: finds damage, not malice.
package enum Checksum {
    /// Returns the XXH64 digest of some bytes.
    ///
    /// - Complexity: O(*n*), about 10 GB/s.
    package static func xxh64(_ bytes: UnsafeRawBufferPointer, seed: UInt64 = 0) -> UInt64 {
        cvk_xxh64(bytes.baseAddress ?? UnsafeRawPointer(bitPattern: 1), bytes.count, seed)
    }

    /// Bytes of a piece of ``ofPieces(_:)``: large enough to cost no more than the whole, small enough to share out.
    private static var pieceBytes: Int { 4 << 20 }

    /// Returns a checksum of many bytes, made on all cores.
    ///
    /// Of up to 4 MiB it is the XXH64; of more, the XXH64 of the little-endian XXH64s of pieces of 4 MiB. A difference in
    /// any piece changes its digest and with that the whole.
    ///
    /// - Complexity: O(*n*), as fast as memory can be read.
    package static func ofPieces(_ bytes: UnsafeRawBufferPointer) -> UInt64 {
        guard bytes.count > pieceBytes else { return xxh64(bytes) }
        let count = (bytes.count + pieceBytes - 1) / pieceBytes
        let digests = [UInt64](unsafeUninitializedCapacity: count) { digests, initialized in
            // Each iteration writes one element, which no other touches.
            nonisolated(unsafe) let (digests, bytes) = (digests, bytes)
            DispatchQueue.concurrentPerform(iterations: count) { piece in
                let start = piece * pieceBytes
                let range = start..<Swift.min(start + pieceBytes, bytes.count)
                digests[piece] = xxh64(UnsafeRawBufferPointer(rebasing: bytes[range])).littleEndian
            }
            initialized = count
        }
        return digests.withUnsafeBytes { xxh64($0) }
    }
}
