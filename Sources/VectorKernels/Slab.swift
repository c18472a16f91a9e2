internal import CVectorKernels

/// Rows of fixed width in one contiguous, 64-byte-aligned, growing piece of memory.
///
///     var slab = VectorSlab(width: 384)
///     slab.reserve(rows: 1)
///     slab.row(0).update(from: vector, count: 384)
///
/// ```
///  base ─► │ row 0: width elements │ zeros │ row 1 │ zeros │ …            each row starts on a 64-byte line
///          └──────── stride ───────────────┘
/// ```
///
/// New rows read as zeros, and so does the padding of every row: kernels may run over `stride` elements. The exception are
/// the rows behind those of a file (``adopt(rows:map:)``), up to the end of its last page: they hold what follows in the file,
/// and whoever takes one writes all of it; such rows have no padding.
/// A small slab lives on the heap and grows by copying (4 → 16 → 64 … rows); from ``mappingThreshold`` on it is
/// address space that gets pages when touched, so that growing never copies and capacity costs nothing.
package struct Slab<Element: BitwiseCopyable>: ~Copyable {
    /// Elements of a row that carry data.
    package let width: Int
    /// Elements from one row to the next: ``width`` rounded up to a whole 64-byte line.
    package let stride: Int
    /// Rows that may be used without growing.
    package private(set) var capacity = 0

    private var region: UnsafeMutableRawPointer?
    private var regionBytes = 0
    private var isMapped = false
    /// Whether the first pages are those of a file: the system does not move such a mapping in one piece.
    private var beginsWithFile = false

    /// Bytes from which memory comes from the system in huge pages instead of the heap.
    private static var mappingThreshold: Int { hugePage }

    private static var hugePage: Int { 2 << 20 }

    private static var alignment: Int { 64 }

    /// Creates a slab without memory.
    ///
    /// - Parameter width: elements per row, at least 1.
    package init(width: Int) {
        precondition(width > 0, "a row has at least one element")
        let size = MemoryLayout<Element>.stride
        precondition(Self.alignment.isMultiple(of: size), "the element size must divide a 64-byte line")
        self.width = width
        let perLine = Self.alignment / size
        stride = (width + perLine - 1) / perLine * perLine
    }

    deinit {
        Self.release(region, bytes: regionBytes, isMapped: isMapped)
    }

    /// Bytes from one row to the next.
    package var rowBytes: Int { stride * MemoryLayout<Element>.stride }

    /// The first row.
    ///
    /// Only valid between two calls of ``reserve(rows:)``, and only once rows were reserved.
    package var base: UnsafeMutablePointer<Element> {
        guard let region else { preconditionFailure("a slab without rows has no memory") }
        return region.assumingMemoryBound(to: Element.self)
    }

    /// The row at `index`, which must be below ``capacity``.
    package func row(_ index: Int) -> UnsafeMutablePointer<Element> {
        assert(index >= 0 && index < capacity)
        return base + index &* stride
    }

    /// Bytes that `rows` rows in use occupy; what a mapping merely reserves is not counted.
    package func bytes(forRows rows: Int) -> Int {
        guard isMapped else { return regionBytes }
        // A mapping fills up by huge pages.
        return Swift.min(regionBytes, (rows * rowBytes + Self.hugePage - 1) / Self.hugePage * Self.hugePage)
    }

    /// Makes room for at least `rows` rows; may move them.
    ///
    /// - Complexity: amortised O(1) per row.
    package mutating func reserve(rows: Int) {
        guard rows > capacity else { return }
        let needed = rows * rowBytes
        if needed >= Self.mappingThreshold {
            growMapping(to: needed)
        } else {
            growHeap(to: rows)
        }
    }

    /// Takes rows from a file that holds them as they lie in a slab, without copying or reading them.
    ///
    /// Whatever is written to the rows later stays in memory. Only for a slab without memory; false, with nothing changed,
    /// if the rows are too few for a mapping, or not as wide in memory as in the file, or `map` fails.
    ///
    /// - Parameter map: puts the file's pages at an address, up to the end of the last one.
    package mutating func adopt(rows: Int, map: (UnsafeMutableRawPointer) -> Bool) -> Bool {
        guard region == nil, width == stride, rows * rowBytes >= Self.mappingThreshold else { return false }
        growMapping(to: rows * rowBytes)
        guard let region, map(region) else {
            removeAll()
            return false
        }
        beginsWithFile = true
        return true
    }

    /// Drops all memory.
    package mutating func removeAll() {
        Self.release(region, bytes: regionBytes, isMapped: isMapped)
        region = nil
        regionBytes = 0
        isMapped = false
        beginsWithFile = false
        capacity = 0
    }

    private mutating func growHeap(to rows: Int) {
        var larger = Swift.max(4, capacity)
        while larger < rows { larger *= larger < 64 ? 4 : 2 }
        let bytes = larger * rowBytes
        let fresh = UnsafeMutableRawPointer.allocate(byteCount: bytes, alignment: Self.alignment)
        let old = UnsafeRawPointer(region)
        if let old { fresh.copyMemory(from: old, byteCount: regionBytes) }
        (fresh + regionBytes).initializeMemory(as: UInt8.self, repeating: 0, count: bytes - regionBytes)
        Self.release(region, bytes: regionBytes, isMapped: false)
        adopt(fresh, bytes: bytes, isMapped: false)
    }

    private mutating func growMapping(to needed: Int) {
        // Eight times the need: address space is free, and the next growth is far away.
        let bytes = (needed * 8 + Self.hugePage - 1) / Self.hugePage * Self.hugePage
        let fresh: UnsafeMutableRawPointer?
        if isMapped, !beginsWithFile, let region {
            fresh = cvk_memory_grow(region, regionBytes, bytes)
        } else {
            fresh = cvk_memory_map(bytes)
            if let fresh, let region {
                fresh.copyMemory(from: region, byteCount: regionBytes)
                Self.release(region, bytes: regionBytes, isMapped: isMapped)
                beginsWithFile = false
            }
        }
        // Like a failed Array growth: there is no sensible way on without memory.
        guard let fresh else { preconditionFailure("out of memory: cannot map \(bytes) bytes of vectors") }
        adopt(fresh, bytes: bytes, isMapped: true)
    }

    private mutating func adopt(_ fresh: UnsafeMutableRawPointer, bytes: Int, isMapped: Bool) {
        region = fresh
        regionBytes = bytes
        self.isMapped = isMapped
        capacity = bytes / rowBytes
    }

    private static func release(_ region: UnsafeMutableRawPointer?, bytes: Int, isMapped: Bool) {
        guard let region else { return }
        if isMapped {
            cvk_memory_unmap(region, bytes)
        } else {
            region.deallocate()
        }
    }
}

// A slab is the only owner of its memory, and has no shared state: it may move between threads, and its users guard
// concurrent access as for any other value (mutation needs exclusive access).
extension Slab: @unchecked Sendable where Element: Sendable {}

/// Rows of float32 vectors.
package typealias VectorSlab = Slab<Float>
