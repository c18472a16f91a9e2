internal import CVectorKernels

/// XXH64, the checksum of our files: finds damage, not malice.
package enum Checksum {
    /// Returns the XXH64 digest of some bytes.
    ///
    /// - Complexity: O(*n*), about 10 GB/s.
    package static func xxh64(_ bytes: UnsafeRawBufferPointer, seed: UInt64 = 0) -> UInt64 {
        cvk_xxh64(bytes.baseAddress ?? UnsafeRawPointer(bitPattern: 1), bytes.count, seed)
    }
}
