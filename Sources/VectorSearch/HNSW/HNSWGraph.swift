internal import VectorKernels

/// A hierarchical navigable small-world graph over flat slabs.
///
/// ```
///   slot           0            1            2
///   high        │ 4-bit codes │ …                    what walks read: 192 bytes at 384 components
///   low         │ the other 4 bits │ …               read with `high` for finalists and link selection
///   links       │ 2M neighbours, end mark │ …        level 0
///   rows        │ float32 │ …                        read for the last few candidates of a search
///   ids, stamps, attributes, …                       parallel columns
///   upperLinks  one row of M neighbours per slot and level above 0; slot s, level l: upperStart[s] + l - 1
/// ```
///
/// **Invariants** (checked by ``checkInvariants()``): every link has its counterpart (u links to v on a level exactly
/// when v links to u); lists have no duplicates and no free slot; each level is connected. Links are mutual because a
/// cache deletes all day: the nodes that point at a node are then exactly the ones it points at, and removing it needs
/// no search for dangling links. Redis' vector sets made the same choice. Connectedness is preserved step by step: see
/// ``evict(_:from:level:)`` and ``heal(_:level:scratch:)``.
struct HNSWGraph: ~Copyable {
    /// What a slot holds.
    enum State: UInt8 {
        /// Nothing; the slot is on the free list.
        case free
        /// An entry that is being inserted: it has codes and no links, and searches cannot meet it.
        case pending
        /// An entry.
        case live
    }

    let configuration: HNSWConfiguration
    let dimension: Int
    /// Blocks of 64 bytes in a plane of codes.
    let blocks: Int
    /// Difference of two neighbouring code values.
    let step: Float
    /// Factors of the rotation.
    let signs: [Float]

    var high: Slab<UInt8>
    var low: Slab<UInt8>
    var links: Slab<UInt32>
    var upperLinks: Slab<UInt32>
    var rows: VectorRows

    var ids: [UInt64] = []
    /// The n-th insertion; tells two entries apart that used the same slot, and orders ties.
    var stamps: [UInt64] = []
    /// Counts the changes of a slot's links.
    var versions: [UInt32] = []
    var attributes: [VectorAttributes] = []
    var states: [State] = []
    var levels: [UInt8] = []
    var upperStart: [UInt32] = []

    /// Live entries per label.
    var labelCounts: [UInt32: Int] = [:]
    var slotOfID: [UInt64: UInt32] = [:]
    var freeSlots: [UInt32] = []
    /// Free runs of upper rows, by length.
    var freeRuns: [[UInt32]] = Array(repeating: [], count: HNSWGraph.levelLimit + 1)
    var upperCount = 0
    var nextStamp: UInt64 = 0

    /// Live entries.
    var liveCount = 0
    /// Where searches start: an entry of the topmost level, or the end mark when the graph is empty.
    var entrySlot = Int8Planes.endOfList
    var topLevel = 0
    /// The mean cosine of two entries drawn at random, as it was when their number last doubled.
    var baseSimilarity: Float = 0
    /// Removals that could not keep a level connected; none was ever seen.
    var brokenHeals = 0

    /// Levels above the lowest; one more is reached with probability 1 / M each time.
    static let levelLimit = 15
    /// Slots share 32 bits with a flag.
    static let slotLimit = 1 << 31

    init(dimension: Int, configuration: HNSWConfiguration) {
        self.configuration = configuration
        self.dimension = dimension
        blocks = Int8Planes.blocks(dimension: dimension)
        // Components of a rotated unit vector are close to normal with variance 1 / d. A range of 3.5 deviations clips
        // one in two thousand and keeps the 4-bit step small.
        step = 3.5 / Float(dimension).squareRoot() / 127.5
        signs = Self.signs(count: Int8Planes.signCount(dimension: dimension), seed: configuration.seed)
        high = Slab(width: blocks * 64)
        low = Slab(width: blocks * 64)
        links = Slab(width: configuration.maximumDegree * 2)
        upperLinks = Slab(width: configuration.maximumDegree)
        rows = VectorRows(dimension: dimension, storage: configuration.vectorStorage)
    }

    /// Slots that were ever used: live, pending and free.
    var slotCount: Int { ids.count }

    /// The slot of an entry; one that is still being inserted has none.
    func liveSlot(_ id: UInt64) -> UInt32? {
        guard let slot = slotOfID[id], states[Int(slot)] == .live else { return nil }
        return slot
    }

    /// Links that a node may have.
    @inline(__always)
    func degreeLimit(level: Int) -> Int {
        level == 0 ? configuration.maximumDegree &* 2 : configuration.maximumDegree
    }

    /// The neighbours of a node: a list that ends at the end mark or after ``degreeLimit(level:)`` links.
    @inline(__always)
    func list(_ slot: UInt32, level: Int) -> UnsafeMutablePointer<UInt32> {
        if level == 0 { return links.base + Int(slot) &* links.stride }
        return upperLinks.base + (Int(upperStart[Int(slot)]) &+ level &- 1) &* upperLinks.stride
    }

    /// The number of links of a node.
    func degree(_ slot: UInt32, level: Int) -> Int {
        let list = list(slot, level: level)
        let limit = degreeLimit(level: level)
        var count = 0
        while count < limit, list[count] != Int8Planes.endOfList { count &+= 1 }
        return count
    }

    /// Whether a node has a link to another.
    func areLinked(_ slot: UInt32, _ other: UInt32, level: Int) -> Bool {
        let list = list(slot, level: level)
        for index in 0..<degreeLimit(level: level) {
            if list[index] == other { return true }
            if list[index] == Int8Planes.endOfList { return false }
        }
        return false
    }

    /// Turns a node's codes into a query of signed bytes.
    func decode(_ slot: UInt32, into query: UnsafeMutablePointer<Int8>) {
        let offset = Int(slot) &* blocks &* 64
        Int8Planes.decode(high: high.base + offset, low: low.base + offset, blocks: blocks, into: query)
    }

    /// Scores nodes on their full codes.
    func score(
        _ slots: UnsafePointer<UInt32>,
        count: Int,
        query: UnsafePointer<Int8>,
        into scores: UnsafeMutablePointer<Int32>
    ) {
        Int8Planes.fullDots(
            query: query,
            high: high.base,
            low: low.base,
            blocks: blocks,
            ids: slots,
            count: count,
            into: scores
        )
    }

    /// Bytes in use, by purpose.
    var memoryUse: IndexMemoryUse {
        // A dictionary keeps one key and value per bucket and a bit per bucket beside them.
        let buckets = slotOfID.capacity == 0 ? 0 : slotOfID.capacity * 4 / 3
        let perSlot = 8 + 8 + 4 + MemoryLayout<VectorAttributes>.stride + 1 + 1 + 4
        return IndexMemoryUse(
            vectors: rows.bytes(forRows: slotCount),
            codes: high.bytes(forRows: slotCount) + low.bytes(forRows: slotCount),
            links: links.bytes(forRows: slotCount) + upperLinks.bytes(forRows: upperCount),
            bookkeeping: ids.capacity * perSlot + freeSlots.capacity * 4 + buckets * 12 + buckets / 8
        )
    }

    /// Random ±1 factors.
    private static func signs(count: Int, seed: UInt64) -> [Float] {
        (0..<UInt64(count)).map { mix(seed, $0) & 1 == 0 ? 1 : -1 }
    }

    /// A well-mixed function of seed and number (the finaliser of SplitMix64).
    static func mix(_ seed: UInt64, _ number: UInt64) -> UInt64 {
        var z = seed &+ (number &+ 1) &* 0x9E37_79B9_7F4A_7C15
        z = (z ^ (z >> 30)) &* 0xBF58_476D_1CE4_E5B9
        z = (z ^ (z >> 27)) &* 0x94D0_49BB_1331_11EB
        return z ^ (z >> 31)
    }
}
