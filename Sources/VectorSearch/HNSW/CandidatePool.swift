/// The nodes that a walk has in view: frontier and result in one sorted array.
///
/// ```
///   best                                              worst
///  │ s₀ ✓ │ s₁ ✓ │ s₂ │ s₃ ✓ │ s₄ │ … │ s(limit-1) │        ✓ expanded
///                 └ cursor: the best that is not
/// ```
///
/// One array instead of two heaps: a search keeps a few dozen candidates, for which shifting part of a cache line
/// costs less than sifting. An element is 64 bits, score above slot, so that a comparison is one instruction.
struct CandidatePool: ~Copyable {
    /// Candidates in view.
    private(set) var count = 0
    /// The score that a candidate must exceed to come into view.
    private(set) var floor = Int32.min

    private var buffer = ScratchBuffer<UInt64>()
    private var elements: UnsafeMutablePointer<UInt64>
    private var limit = 0
    private var cursor = 0

    private static let expanded: UInt64 = 1 << 31

    init() {
        elements = buffer.reserve(64)
    }

    /// Starts over with room for `limit` candidates.
    mutating func begin(limit: Int) {
        elements = buffer.reserve(limit)
        self.limit = limit
        count = 0
        cursor = 0
        floor = .min
    }

    /// The slot of the candidate at a rank, 0 for the best.
    @inline(__always)
    func slot(_ rank: Int) -> UInt32 {
        UInt32(truncatingIfNeeded: elements[rank] & ~(~0 << 31))
    }

    /// The score of the candidate at a rank.
    @inline(__always)
    func score(_ rank: Int) -> Int32 {
        Self.score(of: elements[rank])
    }

    /// Takes a candidate into view, unless it does not exceed the floor.
    ///
    /// - Complexity: O(limit), with the constant of a memory move.
    @inline(__always)
    mutating func insert(slot: UInt32, score: Int32) {
        guard score > floor else { return }
        var low = 0
        var high = count
        while low < high {
            let middle = (low &+ high) / 2
            if Self.score(of: elements[middle]) < score { high = middle } else { low = middle &+ 1 }
        }
        // A full pool loses its last element.
        let kept = count < limit ? count : limit &- 1
        (elements + low + 1).update(from: elements + low, count: kept &- low)
        elements[low] = UInt64(UInt32(bitPattern: score) ^ 1 << 31) << 32 | UInt64(slot)
        count = kept &+ 1
        if count == limit { floor = self.score(limit &- 1) }
        if low < cursor { cursor = low }
    }

    /// Hands out the best candidate that was not expanded, with its rank.
    @inline(__always)
    mutating func next() -> (slot: UInt32, rank: Int)? {
        while cursor < count {
            let rank = cursor
            cursor &+= 1
            if elements[rank] & Self.expanded == 0 {
                elements[rank] |= Self.expanded
                return (slot(rank), rank)
            }
        }
        return nil
    }

    @inline(__always)
    private static func score(of element: UInt64) -> Int32 {
        Int32(bitPattern: UInt32(truncatingIfNeeded: element >> 32) ^ 1 << 31)
    }
}
