/// Everything that a search or an insertion writes to, taken from a pool so that a search allocates only its result.
///
/// One pool serves all graphs of the process.
final class HNSWScratch {
    /// Nodes met by the walk.
    var visited = VisitedSet()
    /// Candidates of the walk.
    var pool = CandidatePool()
    /// Where the walk of the lowest level begins.
    var entries = CandidatePool()
    /// Passing candidates of a filtered walk.
    var passing = CandidatePool()
    /// The query at unit length.
    var unit = ScratchBuffer<Float>()
    /// The query, rotated.
    var rotated = ScratchBuffer<Float>()
    /// The query as signed bytes.
    var query = ScratchBuffer<Int8>()
    /// A node as signed bytes.
    var node = ScratchBuffer<Int8>()
    /// Nodes that an expansion kept, and their scores.
    var ids = ScratchBuffer<UInt32>()
    var scores = ScratchBuffer<Int32>()
    /// Finalists of a search or candidates of a selection.
    var finalists = ScratchBuffer<UInt32>()
    var finalScores = ScratchBuffer<Int32>()
    var similarities = ScratchBuffer<Float>()
    /// Planes of codes of a vector on its way in.
    var high = ScratchBuffer<UInt8>()
    var low = ScratchBuffer<UInt8>()

    /// Runs `body` with scratch memory that nothing else uses meanwhile.
    static func with<Result, Failure: Error>(
        _ body: (HNSWScratch) throws(Failure) -> Result
    ) throws(Failure) -> Result {
        let scratch = pool.take() ?? HNSWScratch()
        defer { pool.give(scratch) }
        return try body(scratch)
    }

    private static let pool = Pool()

    private final class Pool: Sendable {
        private static let limit = 64
        private let idle: Guarded<[Handle]>

        init() {
            var handles: [Handle] = []
            handles.reserveCapacity(Self.limit)
            idle = Guarded(handles)
        }

        func take() -> HNSWScratch? {
            idle.withLock { $0.popLast()?.scratch }
        }

        func give(_ scratch: HNSWScratch) {
            let handle = Handle(scratch: scratch)
            idle.withLock { if $0.count < Self.limit { $0.append(handle) } }
        }
    }

    // Scratch has exactly one user at a time: whoever took it from the pool, or the pool itself.
    private struct Handle: @unchecked Sendable {
        let scratch: HNSWScratch
    }
}
