/// Finds what has expired without looking at anything else: hierarchical timing wheels, exact to the millisecond.
///
///     level 0   64 buckets of 1 ms      ─ what is due within 64 ms
///     level 1   64 buckets of 64 ms     ─ … within 4 s
///     level 2   64 buckets of 4 s       ─ … within 4 min 22 s
///       …       each bucket a linked list of slots, each level a 64-bit map of its buckets that are not empty
///     level 7   64 buckets of 140 years
///
/// A time is written in base 64; an entry lies on the level of the first digit in which its deadline differs from
/// the time that the wheel has reached, in the bucket of that digit. When the wheel reaches a bucket of a higher level,
/// it hands the entries down. The maps make it step over any number of empty buckets at once.
///
/// Varghese and Lauck: "Hashed and Hierarchical Timing Wheels", SOSP 1987, doi 10.1145/41457.37504.
package struct TimerWheel: Sendable {
    private struct Node {
        /// When the entry expires; it may have moved behind its bucket since it was put there.
        var deadline = Int64.max
        var next = Slot.none
        /// The slot before this one, or the bucket of which it is the first, marked by the high bit.
        var previous = Slot.none
    }

    private static let digits: Int64 = 6
    private static let bucketsPerLevel = 64
    private static let bucketMark: UInt32 = 1 << 31
    /// Deadlines from the year 10889 on are never: they are not in the wheel.
    private static let horizon: Int64 = 1 << 48

    private var nodes: [Node] = []
    private var heads: [Slot] = []
    private var occupied: [UInt64] = []
    private var reached: Int64 = 0
    /// The number of entries that have a deadline.
    package private(set) var count = 0

    /// Creates a wheel with no deadlines.
    package init() {}

    /// When the entry of the slot expires; nil for never.
    package func deadline(of slot: Slot) -> Timestamp? {
        let deadline = nodes[slot.index].deadline
        return deadline == .max ? nil : Timestamp(milliseconds: deadline)
    }

    /// Whether the entry of the slot has expired.
    package func isExpired(_ slot: Slot, now: Timestamp) -> Bool { nodes[slot.index].deadline <= now.milliseconds }

    /// Gives the entry of the slot its deadline, in place of any that it had; nil for never.
    ///
    /// - Complexity: O(1) amortised.
    package mutating func schedule(_ slot: Slot, at deadline: Timestamp?, now: Timestamp) {
        while slot.index >= nodes.count { nodes.append(Node()) }
        if nodes[slot.index].previous != .none { unlink(slot) }
        nodes[slot.index].deadline = deadline?.milliseconds ?? .max
        if count == 0 { reached = max(reached, min(now.milliseconds, Self.horizon - 1)) }
        link(slot)
    }

    /// Moves the deadline of the entry of the slot back, as each hit does with a sliding time to live.
    ///
    /// The entry stays where it is; the wheel notices when it gets there.
    /// - Complexity: O(1).
    package mutating func postpone(_ slot: Slot, to deadline: Timestamp) {
        assert(nodes[slot.index].deadline <= deadline.milliseconds, "an earlier deadline needs schedule(_:at:now:)")
        nodes[slot.index].deadline = deadline.milliseconds
    }

    /// Forgets the deadline of the slot, if it has one.
    ///
    /// - Complexity: O(1).
    package mutating func cancel(_ slot: Slot) {
        guard slot.index < nodes.count else { return }
        if nodes[slot.index].previous != .none { unlink(slot) }
        nodes[slot.index].deadline = .max
    }

    /// Takes one expired entry out; nil when there is none at all.
    ///
    /// When the clock was set back, entries expire up to that much later, never too early.
    /// - Complexity: O(1) amortised over the entries that are scheduled.
    package mutating func popExpired(now: Timestamp) -> Slot? {
        while let bucket = dueBucket(now: now.milliseconds) {
            let slot = heads[bucket]
            unlink(slot)
            if nodes[slot.index].deadline <= now.milliseconds {
                nodes[slot.index].deadline = .max
                return slot
            }
            // Handed down a level, or sent on because its deadline was postponed.
            link(slot)
        }
        return nil
    }

    /// Forgets all deadlines and gives the memory back.
    package mutating func removeAll() { self = TimerWheel() }

    /// The first bucket that holds anything and starts at `now` or before; moves the wheel to its start.
    private mutating func dueBucket(now: Int64) -> Int? {
        if count == 0 { return nil }
        for level in occupied.indices {
            let shift = Int64(level) * Self.digits
            let digit = (reached >> shift) & 63
            // Entries lie in front of the wheel, so what comes first is the lowest bucket from here on.
            let ahead = occupied[level] >> UInt64(digit)
            guard ahead != 0 else { continue }
            let bucket = digit + Int64(ahead.trailingZeroBitCount)
            let start = (reached >> (shift + Self.digits)) << (shift + Self.digits) | bucket << shift
            if start <= now {
                reached = max(reached, start)
                return level * Self.bucketsPerLevel + Int(bucket)
            }
        }
        reached = max(reached, min(now, Self.horizon - 1))
        return nil
    }

    private mutating func link(_ slot: Slot) {
        let deadline = nodes[slot.index].deadline
        guard deadline < Self.horizon else { return }
        let place = max(deadline, reached)
        let highestBit = Int64(63 - ((place ^ reached) | 1).leadingZeroBitCount)
        let level = Int(highestBit / Self.digits)
        while level >= occupied.count {
            occupied.append(0)
            heads.append(contentsOf: repeatElement(.none, count: Self.bucketsPerLevel))
        }
        let digit = Int(place >> (Int64(level) * Self.digits)) & 63
        let bucket = level * Self.bucketsPerLevel + digit
        let next = heads[bucket]
        nodes[slot.index].next = next
        nodes[slot.index].previous = Slot(rawValue: Self.bucketMark | UInt32(bucket))
        if next != .none { nodes[next.index].previous = slot }
        heads[bucket] = slot
        occupied[level] |= 1 << UInt64(digit)
        count += 1
    }

    private mutating func unlink(_ slot: Slot) {
        let (previous, next) = (nodes[slot.index].previous, nodes[slot.index].next)
        if next != .none { nodes[next.index].previous = previous }
        if previous.rawValue & Self.bucketMark != 0 {
            let bucket = Int(previous.rawValue & ~Self.bucketMark)
            heads[bucket] = next
            if next == .none {
                occupied[bucket / Self.bucketsPerLevel] &= ~(1 << UInt64(bucket % Self.bucketsPerLevel))
            }
        } else {
            nodes[previous.index].next = next
        }
        nodes[slot.index].previous = .none
        count -= 1
    }
}
