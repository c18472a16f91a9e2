/// Everything a flat search writes to, taken from a pool so that a search allocates only its result.
///
/// One pool serves all indexes of the process: thousands of small namespaces do not each hold on to scratch memory.
final class SearchScratch {
    /// The query at unit length.
    var query = ScratchBuffer<Float>()
    /// The query in int8, and as tables for sign bits.
    var queryCode = ScratchBuffer<Int8>()
    var tables = ScratchBuffer<UInt8>()
    /// Integer sums of one block of rows.
    var sums = ScratchBuffer<Int32>()
    var shortSums = ScratchBuffer<UInt16>()
    /// Scores of one block of rows.
    var scores = ScratchBuffer<Float>()
    /// Positions in the block that reach the threshold.
    var positions = ScratchBuffer<UInt32>()
    /// Double-precision similarities of the finalists.
    var exact = ScratchBuffer<Double>()
    /// Order of the finalists.
    var order = ScratchBuffer<UInt32>()
    /// Candidates of a quantised scan, and those of float32.
    var scanned = CandidateSelection()
    var settled = CandidateSelection()

    /// Runs `body` with scratch memory that no other search uses meanwhile.
    static func with<Result, Failure: Error>(
        _ body: (SearchScratch) throws(Failure) -> Result
    ) throws(Failure) -> Result {
        let scratch = pool.take() ?? SearchScratch()
        defer { pool.give(scratch) }
        return try body(scratch)
    }

    private static let pool = Pool()

    private final class Pool: Sendable {
        // As many as searches ever ran at once, up to a limit that keeps an idle process small.
        private static let limit = 64
        private let idle = Guarded<[Handle]>([])

        func take() -> SearchScratch? {
            idle.withLock { $0.popLast() }?.scratch
        }

        func give(_ scratch: SearchScratch) {
            let handle = Handle(scratch: scratch)
            idle.withLock { if $0.count < Self.limit { $0.append(handle) } }
        }
    }

    // Scratch has exactly one user at a time: whoever took it from the pool, or the pool itself.
    private struct Handle: @unchecked Sendable {
        let scratch: SearchScratch
    }
}
