internal import SemanticCaching
internal import VectorKernels

/// The content of a mapped snapshot file, behind its header.
struct MappedSnapshot: SnapshotImage {
    let file: MappedFile

    func withBytes<Result>(_ body: (UnsafeRawBufferPointer) throws -> Result) rethrows -> Result {
        try file.withBytes { try body(UnsafeRawBufferPointer(rebasing: $0[SnapshotHeader.contentOffset...])) }
    }

    func map(_ range: Range<Int>, at address: UnsafeMutableRawPointer) -> Bool {
        let start = SnapshotHeader.contentOffset
        return file.map(start + range.lowerBound..<start + range.upperBound, at: address)
    }
}
