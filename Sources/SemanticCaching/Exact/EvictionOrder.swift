/// Decides which entry goes next, by the policy that it was made with; knows entries by their slots only.
///
///     nodes   [ entry 0 | entry 1 | … ]          links, bytes, hash, hits, queue of each slot
///     queues  oldest-first, LRU:   [ all ]
///             W-TinyLFU:           [ window | probation | protected ]
///             by value:            [ value class 0 | value class 1 | … ]
///
/// Each entry is in one queue, linked by slot numbers; the head of a queue goes first.
struct EvictionOrder: Sendable {
    struct Node: Sendable {
        var previous = Slot.none
        var next = Slot.none
        /// The bytes of the entry; one of 4 GiB or more counts as 4 GiB.
        var bytes: UInt32 = 0
        /// What the frequency sketch knows the entry by.
        var hash: UInt32 = 0
        /// How often the entry was used, up to 65,535.
        var hits: UInt16 = 0
        var queue: UInt8 = 0
    }

    let policy: EvictionPolicy
    var nodes: [Node] = []
    var queues: [SlotList] = []
    /// The number of entries.
    private(set) var count = 0
    /// The bytes of the entries.
    private(set) var bytes = 0

    var sketch = FrequencySketch()
    var jitter: UInt64
    var contest = Contest()

    var values = ValueState()

    /// Creates an order of no entries.
    ///
    /// The seed drives the rare random admissions of W-TinyLFU.
    init(policy: EvictionPolicy, jitterSeed: UInt64) {
        self.policy = policy
        jitter = jitterSeed | 1
    }

    func bytes(of slot: Slot) -> Int { Int(nodes[slot.index].bytes) }

    func hits(of slot: Slot) -> Int { Int(nodes[slot.index].hits) }

    /// Adds an entry that was used `hits` times before.
    ///
    /// `saving` is what one hit saves, in any unit that all entries share; only the order by value looks at it.
    mutating func insert(_ slot: Slot, hash: UInt64, bytes: Int, saving: Float, hits: Int = 0) {
        while slot.index >= nodes.count { nodes.append(Node()) }
        nodes[slot.index] = Node(
            bytes: UInt32(clamping: bytes),
            // The table places keys by the low half of the hash; the sketch gets the other one.
            hash: UInt32(truncatingIfNeeded: hash >> 32),
            hits: UInt16(clamping: hits)
        )
        switch policy {
        case .oldestFirst, .leastRecentlyUsed: append(slot, to: 0)
        case .tinyLFU: insertIntoWindow(slot)
        case .byValue: insertByValue(slot, saving: saving)
        }
    }

    /// Notes a use of the entry.
    mutating func touch(_ slot: Slot) {
        let hits = nodes[slot.index].hits
        nodes[slot.index].hits = hits &+ (hits == .max ? 0 : 1)
        refresh(slot)
    }

    private mutating func refresh(_ slot: Slot) {
        switch policy {
        case .oldestFirst: break
        case .leastRecentlyUsed: moveToTail(slot, of: 0)
        case .tinyLFU: promote(slot)
        case .byValue: requeueByValue(slot)
        }
    }

    /// Notes that the entry has new content: it is as young as a new one, but keeps what is known of its use.
    mutating func replace(_ slot: Slot, bytes: Int, saving: Float) {
        let queue = nodes[slot.index].queue
        unlink(slot)
        nodes[slot.index].bytes = UInt32(clamping: bytes)
        append(slot, to: queue)
        if policy == .byValue { values.setSaving(saving, of: slot) }
        refresh(slot)
    }

    /// Corrects what the entry occupies.
    mutating func resize(_ slot: Slot, bytes newBytes: Int) {
        let clamped = UInt32(clamping: newBytes)
        let growth = Int(clamped) - Int(nodes[slot.index].bytes)
        nodes[slot.index].bytes = clamped
        queues[Int(nodes[slot.index].queue)].bytes += growth
        bytes += growth
        if policy == .byValue { requeueByValue(slot) }
    }

    /// Takes an entry out.
    mutating func remove(_ slot: Slot) { unlink(slot) }

    /// The entry that must go now for the limits to hold, for the caller to remove; nil when they do.
    mutating func victim(limits: EvictionLimits) -> Slot? {
        if policy == .tinyLFU { return tinyLFUVictim(limits: limits) }
        return limits.allow(entries: count, bytes: bytes) ? nil : popCandidate()
    }

    /// The entry that would go next if one had to; nil when there is none.
    var weakest: Slot? {
        switch policy {
        case .oldestFirst, .leastRecentlyUsed: head(of: 0)
        case .tinyLFU: weakestByFrequency
        case .byValue: weakestByValue
        }
    }

    /// The entry that goes next whatever the limits, for the caller to remove; nil when there is none.
    mutating func popCandidate() -> Slot? {
        let slot = weakest
        if policy == .byValue, let slot { values.age(by: slot) }
        return slot
    }

    /// Forgets all entries and gives the memory back.
    mutating func removeAll() { self = EvictionOrder(policy: policy, jitterSeed: jitter) }
}

// MARK: - Lists

extension EvictionOrder {
    func head(of queue: UInt8) -> Slot? {
        guard Int(queue) < queues.count, !queues[Int(queue)].isEmpty else { return nil }
        return queues[Int(queue)].head
    }

    mutating func append(_ slot: Slot, to queue: UInt8) {
        while Int(queue) >= queues.count { queues.append(SlotList()) }
        let entryBytes = Int(nodes[slot.index].bytes)
        let tail = queues[Int(queue)].tail
        nodes[slot.index].queue = queue
        nodes[slot.index].previous = tail
        nodes[slot.index].next = .none
        if tail == .none {
            queues[Int(queue)].head = slot
            if policy == .byValue { values.mark(queue, isOccupied: true) }
        } else {
            nodes[tail.index].next = slot
        }
        queues[Int(queue)].tail = slot
        queues[Int(queue)].count += 1
        queues[Int(queue)].bytes += entryBytes
        count += 1
        bytes += entryBytes
    }

    mutating func unlink(_ slot: Slot) {
        let node = nodes[slot.index]
        let queue = Int(node.queue)
        if node.previous == .none {
            queues[queue].head = node.next
        } else {
            nodes[node.previous.index].next = node.next
        }
        if node.next == .none {
            queues[queue].tail = node.previous
        } else {
            nodes[node.next.index].previous = node.previous
        }
        if queues[queue].isEmpty, policy == .byValue { values.mark(node.queue, isOccupied: false) }
        queues[queue].count -= 1
        queues[queue].bytes -= Int(node.bytes)
        count -= 1
        bytes -= Int(node.bytes)
    }

    mutating func move(_ slot: Slot, to queue: UInt8) {
        unlink(slot)
        append(slot, to: queue)
    }

    mutating func moveToTail(_ slot: Slot, of queue: UInt8) {
        if nodes[slot.index].next != .none { move(slot, to: queue) }
    }
}
