import SemanticCaching

/// The eviction queue as its documentation tells it: lists that are searched from end to end, and no cleverness.
struct ModelQueue {
    struct Item {
        var id: EntryID
        var bytes: Int
        var saving: Float
        var hits = 0
        var deadline: Timestamp?
        var priority = 0.0
        var level = 0.0
    }

    let policy: EvictionPolicy
    let seed: HashSeed
    /// W-TinyLFU's window; the only list of the other policies.
    var window: [Item] = []
    var probation: [Item] = []
    var protected: [Item] = []
    private var sketch = FrequencySketch()
    private var jitter: UInt64
    private var inflation = 0.0
    private var wasFull = false
    private var challenger: EntryID?
    private var freed = 0

    init(policy: EvictionPolicy, seed: HashSeed) {
        self.policy = policy
        self.seed = seed
        jitter = seed.hash(0, 0) | 1
    }

    var items: [Item] { window + probation + protected }
    var bytes: Int { items.reduce(0) { $0 + $1.bytes } }

    mutating func insert(_ id: EntryID, bytes: Int, deadline: Timestamp?, saving: Float) {
        if let known = items.first(where: { $0.id == id }) {
            update(id) {
                $0.bytes = bytes
                $0.deadline = deadline
                $0.saving = saving
            }
            if policy == .oldestFirst { moveToEnd(known.id) } else { use(known.id) }
            return
        }
        var item = Item(id: id, bytes: bytes, saving: saving)
        item.deadline = deadline
        if policy == .tinyLFU {
            sketch.reserve(items.count + 1)
            sketch.increment(sketchHash(id))
        }
        setPriority(of: &item)
        window.append(item)
        if challenger == id { challenger = nil }
        if policy == .tinyLFU, !wasFull { shrinkWindow() }
    }

    mutating func touch(_ id: EntryID) {
        guard items.contains(where: { $0.id == id }) else { return }
        update(id) { $0.hits += 1 }
        use(id)
    }

    mutating func setBytes(_ bytes: Int, of id: EntryID) {
        guard items.contains(where: { $0.id == id }) else { return }
        update(id) { $0.bytes = bytes }
        if policy == .byValue { use(id) }
    }

    mutating func setExpiry(_ deadline: Timestamp?, of id: EntryID) { update(id) { $0.deadline = deadline } }

    mutating func remove(_ id: EntryID) {
        window.removeAll { $0.id == id }
        probation.removeAll { $0.id == id }
        protected.removeAll { $0.id == id }
    }

    mutating func popExpired(now: Timestamp) -> Set<EntryID> {
        let gone = Set(items.filter { $0.deadline.map { $0 <= now } ?? false }.map(\.id))
        for id in gone { remove(id) }
        return gone
    }

    mutating func popOverflow(_ limits: EvictionLimits) -> [EntryID] {
        var gone: [EntryID] = []
        while let victim = victim(limits) {
            remove(victim)
            gone.append(victim)
        }
        return gone
    }

    // MARK: - Policies

    private mutating func victim(_ limits: EvictionLimits) -> EntryID? {
        func fits() -> Bool { items.count <= limits.maximumEntries && bytes <= limits.maximumBytes }
        if fits() {
            if policy == .tinyLFU { shrinkWindow() }
            return nil
        }
        wasFull = true
        switch policy {
        case .oldestFirst, .leastRecentlyUsed: return window.first?.id
        case .byValue:
            // The least priority; among equals the least value, among those the one that waits longest.
            let least = window.enumerated().min {
                ($0.element.priority, $0.element.level, $0.offset) < ($1.element.priority, $1.element.level, $1.offset)
            }
            inflation = max(inflation, least?.element.priority ?? 0)
            return least?.element.id
        case .tinyLFU:
            let victim = probation.first?.id ?? protected.first?.id
            guard let candidate = window.first?.id, windowIsOver else { return victim ?? window.first?.id }
            guard let victim else { return candidate }
            if !admits(candidate, over: victim) { return candidate }
            if challenger != candidate { (challenger, freed) = (candidate, 0) }
            freed += items.first { $0.id == victim }?.bytes ?? 0
            if bytes <= limits.maximumBytes || freed >= window[0].bytes {
                probation.append(window.removeFirst())
                challenger = nil
            }
            return victim
        }
    }

    private mutating func shrinkWindow() {
        while windowIsOver { probation.append(window.removeFirst()) }
    }

    private var windowIsOver: Bool {
        window.count > max(1, items.count / 100)
            || window.count > 1 && window.reduce(0) { $0 + $1.bytes } > bytes / 100
    }

    private mutating func admits(_ candidate: EntryID, over victim: EntryID) -> Bool {
        let frequency = sketch.frequency(sketchHash(candidate))
        if frequency > sketch.frequency(sketchHash(victim)) { return true }
        if frequency < 6 { return false }
        jitter ^= jitter << 13
        jitter ^= jitter >> 7
        jitter ^= jitter << 17
        return jitter % 128 == 0
    }

    private mutating func use(_ id: EntryID) {
        switch policy {
        case .oldestFirst: break
        case .leastRecentlyUsed: moveToEnd(id)
        case .byValue:
            moveToEnd(id)
            setPriority(of: &window[window.count - 1])
        case .tinyLFU:
            sketch.increment(sketchHash(id))
            guard let index = probation.firstIndex(where: { $0.id == id }) else { return moveToEnd(id) }
            protected.append(probation.remove(at: index))
            func bytes(_ items: [Item]) -> Int { items.reduce(0) { $0 + $1.bytes } }
            while protected.count > (protected.count + probation.count) * 4 / 5
                || bytes(protected) > (bytes(protected) + bytes(probation)) / 5 * 4
            {
                probation.append(protected.removeFirst())
            }
        }
    }

    /// What the entry is worth, rounded down to a power of two or one and a half of it.
    private func setPriority(of item: inout Item) {
        let value = (Double(item.hits) + 1) * Double(item.saving) / Double(max(item.bytes, 1))
        var power = 1.0
        while power * 2 <= value { power *= 2 }
        while power > value { power /= 2 }
        item.level = value >= power * 1.5 ? power * 1.5 : power
        item.priority = inflation + item.level
    }

    private func sketchHash(_ id: EntryID) -> UInt32 { UInt32(truncatingIfNeeded: id.hash(seed: seed) >> 32) }

    private mutating func moveToEnd(_ id: EntryID) {
        for list in [\ModelQueue.window, \.probation, \.protected] {
            if let index = self[keyPath: list].firstIndex(where: { $0.id == id }) {
                self[keyPath: list].append(self[keyPath: list].remove(at: index))
            }
        }
    }

    private mutating func update(_ id: EntryID, _ change: (inout Item) -> Void) {
        for list in [\ModelQueue.window, \.probation, \.protected] {
            if let index = self[keyPath: list].firstIndex(where: { $0.id == id }) {
                change(&self[keyPath: list][index])
            }
        }
    }
}
