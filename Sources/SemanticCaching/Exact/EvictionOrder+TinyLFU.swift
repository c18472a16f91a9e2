/// W-TinyLFU: newcomers wait in a window of 1 %; to stay, one must have been used more often than the entry it displaces.
///
///     new ─► window (1 %, LRU) ─► admission ─► probation (LRU) ─ hit ─► protected (80 % of main, LRU)
///                                    │             ▲                        │
///                                    └─► evicted   └──────── overflow ──────┘
///
/// Einziger, Friedman, Manes, ACM Transactions on Storage 13(4), 2017, doi 10.1145/3149371. Shares are taken of what is
/// resident, which equals the limit whenever it matters.
extension EvictionOrder {
    private static let window: UInt8 = 0
    private static let probation: UInt8 = 1
    private static let protected: UInt8 = 2

    /// How far the newcomer at the head of the window has come.
    struct Contest: Sendable {
        /// Whether a limit was ever reached: before that there is nothing to contest.
        var hasBegun = false
        var candidate = Slot.none
        /// The bytes of the entries that it has displaced.
        var freedBytes = 0
    }

    /// Newcomers at least this frequent are now and then admitted although they lost, see ``admits(_:over:)``.
    private static let warmFrequency = 6

    mutating func insertIntoWindow(_ slot: Slot) {
        sketch.reserve(count + 1)
        let node = nodes[slot.index]
        for _ in 0...min(Int(node.hits), FrequencySketch.maximumFrequency) { sketch.increment(node.hash) }
        append(slot, to: Self.window)
        if contest.candidate == slot { contest.candidate = .none }
        if !contest.hasBegun { shrinkWindow() }
    }

    mutating func promote(_ slot: Slot) {
        let node = nodes[slot.index]
        sketch.increment(node.hash)
        guard node.queue == Self.probation else { return moveToTail(slot, of: node.queue) }
        move(slot, to: Self.protected)
        while protectedIsOverQuota { move(queues[Int(Self.protected)].head, to: Self.probation) }
    }

    var weakestByFrequency: Slot? {
        head(of: Self.probation) ?? head(of: Self.protected) ?? head(of: Self.window)
    }

    mutating func tinyLFUVictim(limits: EvictionLimits) -> Slot? {
        if limits.allow(entries: count, bytes: bytes) {
            shrinkWindow()
            return nil
        }
        contest.hasBegun = true
        guard let candidate = head(of: Self.window), windowIsOverQuota else { return weakestByFrequency }
        guard let victim = head(of: Self.probation) ?? head(of: Self.protected) else { return candidate }
        guard admits(candidate, over: victim) else { return candidate }
        if contest.candidate != candidate { contest = Contest(hasBegun: true, candidate: candidate) }
        contest.freedBytes += bytes(of: victim)
        // One entry makes room for one, unless it is bytes that are short: then for as many bytes.
        if bytes <= limits.maximumBytes || contest.freedBytes >= bytes(of: candidate) {
            move(candidate, to: Self.probation)
            contest.candidate = .none
        }
        return victim
    }

    private mutating func shrinkWindow() {
        while windowIsOverQuota { move(queues[Int(Self.window)].head, to: Self.probation) }
    }

    /// Whether the newcomer was used more often than the entry that would go for it.
    ///
    /// Someone who knows which keys share counters could make a useless entry look popular for ever. So a warm
    /// newcomer that lost gets in anyway once in 128 times, which ends such a reign, and costs next to nothing otherwise.
    private mutating func admits(_ candidate: Slot, over victim: Slot) -> Bool {
        let candidateFrequency = sketch.frequency(nodes[candidate.index].hash)
        if candidateFrequency > sketch.frequency(nodes[victim.index].hash) { return true }
        guard candidateFrequency >= Self.warmFrequency else { return false }
        // Marsaglia's xorshift, doi 10.18637/jss.v008.i14.
        jitter ^= jitter << 13
        jitter ^= jitter >> 7
        jitter ^= jitter << 17
        return jitter & 127 == 0
    }

    private var windowIsOverQuota: Bool {
        guard let window = queues.first, window.count > 1 else { return false }
        return window.count > count / 100 || window.bytes > bytes / 100
    }

    private var protectedIsOverQuota: Bool {
        let (kept, waiting) = (queues[Int(Self.protected)], queues[Int(Self.probation)])
        return kept.count > (kept.count + waiting.count) * 4 / 5 || kept.bytes > (kept.bytes + waiting.bytes) / 5 * 4
    }
}
