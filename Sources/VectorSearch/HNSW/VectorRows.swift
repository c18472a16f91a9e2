internal import Glibc
internal import VectorKernels

/// Float32 rows in memory or in a mapped, unnamed file.
///
/// File pages are the system's to drop and reload, so a large index costs memory only for the rows that searches touch.
struct VectorRows: ~Copyable {
    private var slab: VectorSlab
    private var file: MappedFile?

    /// Prepares storage without rows; a file that cannot be made means memory.
    init(dimension: Int, storage: HNSWConfiguration.VectorStorage) {
        slab = VectorSlab(width: dimension)
        if case .temporaryFile(let directory) = storage { file = MappedFile(directory: directory) }
    }

    /// Components of a row.
    var dimension: Int { slab.width }

    /// Floats from one row to the next.
    var stride: Int { slab.stride }

    /// The first row; valid until rows are reserved.
    var base: UnsafeMutablePointer<Float> {
        if let file { return file.base.assumingMemoryBound(to: Float.self) }
        return slab.base
    }

    /// The row at `index`, which must have been reserved.
    func row(_ index: Int) -> UnsafeMutablePointer<Float> { base + index &* stride }

    /// Bytes of memory that `rows` rows hold; a file holds none.
    func bytes(forRows rows: Int) -> Int { file == nil ? slab.bytes(forRows: rows) : 0 }

    /// Takes rows from a snapshot: in place where that can be.
    mutating func restore(rows: Int, from source: SnapshotSource, _ range: Range<Int>) {
        guard file != nil else { return slab.restore(rows: rows, from: source, range) }
        reserve(rows: rows)
        guard rows > 0 else { return }
        source.copyRows(range, bytesPerRow: dimension * MemoryLayout<Float>.stride, to: base, rowBytes: slab.rowBytes)
    }

    /// Makes room for `rows` rows; may move them.
    mutating func reserve(rows: Int) {
        guard let open = file else { return slab.reserve(rows: rows) }
        let needed = rows * slab.rowBytes
        guard open.bytes < needed, !open.grow(to: Swift.max(needed, open.bytes * 2, 1 << 20)) else { return }
        // The disk is full: a cache that runs in memory is better than one that stops.
        slab.reserve(rows: rows)
        if open.bytes > 0 { memcpy(slab.base, open.base, Swift.min(open.bytes, slab.capacity * slab.rowBytes)) }
        file = nil
    }
}

/// A shared mapping of a file that no directory lists.
private final class MappedFile {
    private(set) var bytes = 0
    private let descriptor: Int32
    private var mapping: UnsafeMutableRawPointer?

    init?(directory: String) {
        var template = Array((directory + "/semcache-rows-XXXXXX").utf8CString)
        descriptor = mkstemp(&template)
        guard descriptor >= 0 else { return nil }
        unlink(template)
    }

    deinit {
        if let mapping { munmap(mapping, bytes) }
        close(descriptor)
    }

    var base: UnsafeMutableRawPointer {
        guard let mapping else { preconditionFailure("a file without rows has no memory") }
        return mapping
    }

    /// Lengthens file and mapping; returns false, unchanged, when the disk or the address space is full.
    func grow(to size: Int) -> Bool {
        // Blocks are taken now: a write to a mapped hole on a full disk would end the process.
        guard posix_fallocate(descriptor, 0, size) == 0 else { return false }
        let fresh = mmap(nil, size, PROT_READ | PROT_WRITE, MAP_SHARED, descriptor, 0)
        guard let fresh, fresh != MAP_FAILED else { return false }
        madvise(fresh, size, MADV_RANDOM)
        if let mapping { munmap(mapping, bytes) }
        mapping = fresh
        bytes = size
        return true
    }
}
