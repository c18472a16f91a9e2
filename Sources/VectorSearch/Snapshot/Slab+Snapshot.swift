internal import VectorKernels

extension Slab {
    /// Takes rows of ``width`` elements that follow each other in a snapshot: the pages themselves if they lie in a file,
    /// else a copy.
    mutating func restore(rows: Int, from source: SnapshotSource, _ range: Range<Int>) {
        guard rows > 0, !adopt(rows: rows, map: { source.map(range, at: $0) }) else { return }
        reserve(rows: rows)
        source.copyRows(range, bytesPerRow: width * MemoryLayout<Element>.stride, to: base, rowBytes: rowBytes)
    }
}
