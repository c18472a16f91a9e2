/// Cuts a scan into blocks of rows, small ones first.
///
/// A block's scores fit the first-level cache. The first blocks are short, so that a threshold is known before most
/// rows are looked at; every block starts at a multiple of 64 rows.
struct ScanBlocks {
    static let largest = 4096

    private let count: Int
    private var start = 0
    private var length = 64

    init(count: Int) {
        self.count = count
    }

    mutating func next() -> Range<Int>? {
        guard start < count else { return nil }
        let end = Swift.min(start &+ length, count)
        defer {
            start = end
            length = Swift.min(length &* 2, Self.largest)
        }
        return start..<end
    }
}
