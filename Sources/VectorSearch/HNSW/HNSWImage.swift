internal import Synchronization
internal import VectorKernels

/// What a snapshot of a graph holds, checked: after this, restoring cannot fail and no walk can leave the slabs.
///
/// Sections of a snapshot of kind "HNSW", for *n* slots and *u* upper rows, all values little-endian:
///
///     META   10 UInt64: n, u, topmost level, entry slot, next stamp, M, efConstruction, efSearch, seed, base similarity
///            (the bits of a float32)
///     IDS    n UInt64        STMP   n UInt64        LABL, EXPY   n UInt32 each
///     LEVL   n UInt8, 255 for a free slot           UPST   n UInt32, first upper row
///     HIGH, LOW   n rows of codes                   LINK   n rows of 2M links
///     UPPR   u rows of M links                      ROWS   n rows of float32
struct HNSWImage {
    enum Section {
        static let kind = FourCC("HNSW")
        static let meta = FourCC("META")
        static let ids = FourCC("IDS ")
        static let stamps = FourCC("STMP")
        static let labels = FourCC("LABL")
        static let expiry = FourCC("EXPY")
        static let levels = FourCC("LEVL")
        static let upperStart = FourCC("UPST")
        static let high = FourCC("HIGH")
        static let low = FourCC("LOW ")
        static let links = FourCC("LINK")
        static let upperLinks = FourCC("UPPR")
        static let rows = FourCC("ROWS")
        static let count = 12
    }

    static let freeLevel: UInt8 = 255

    let dimension: Int
    let configuration: HNSWConfiguration
    let slotCount: Int
    let upperCount: Int
    let topLevel: Int
    let entrySlot: UInt32
    let nextStamp: UInt64
    let baseSimilarity: Float
    let ids: [UInt64]
    let stamps: [UInt64]
    let attributes: [VectorAttributes]
    let levels: [UInt8]
    let upperStart: [UInt32]
    private(set) var slotOfID: [UInt64: UInt32] = [:]
    let links: Range<Int>
    let upperLinks: Range<Int>
    let high: Range<Int>
    let low: Range<Int>
    let rows: Range<Int>

    /// Reads and checks everything but the codes, in which any byte is as good as another.
    init(_ bytes: UnsafeRawBufferPointer) throws(VectorIndexError) {
        let reader = try SnapshotReader(bytes, kind: Section.kind)
        let meta = try reader.values(Section.meta, as: UInt64.self, count: 10)
        dimension = reader.dimension
        guard dimension <= 65_536, meta[0] < UInt64(HNSWGraph.slotLimit), meta[1] < 1 << 32, meta[2] <= 15,
            let entry = UInt32(exactly: meta[3]), meta[5] <= 32, meta[6] < 1 << 20, meta[7] < 1 << 20
        else { throw .corruptSnapshot("impossible sizes") }
        slotCount = Int(meta[0])
        upperCount = Int(meta[1])
        topLevel = Int(meta[2])
        entrySlot = entry
        nextStamp = meta[4]
        baseSimilarity = UInt32(exactly: meta[9]).map(Float.init(bitPattern:)) ?? .nan
        guard baseSimilarity >= 0, baseSimilarity <= 1 else { throw .corruptSnapshot("impossible similarity") }
        var configuration = HNSWConfiguration()
        configuration.maximumDegree = Int(meta[5])
        configuration.constructionEffort = Int(meta[6])
        configuration.searchEffort = Int(meta[7])
        configuration.seed = meta[8]
        self.configuration = configuration
        let degree = configuration.maximumDegree
        guard (8...32).contains(degree), degree.isMultiple(of: 8), meta[6] > 0, meta[7] > 0 else {
            throw .corruptSnapshot("impossible configuration")
        }
        ids = try reader.values(Section.ids, as: UInt64.self, count: slotCount)
        stamps = try reader.values(Section.stamps, as: UInt64.self, count: slotCount)
        let labels = try reader.values(Section.labels, as: UInt32.self, count: slotCount)
        let expiry = try reader.values(Section.expiry, as: UInt32.self, count: slotCount)
        attributes = zip(labels, expiry).map { VectorAttributes(label: $0, expiresAt: $1) }
        levels = try reader.values(Section.levels, as: UInt8.self, count: slotCount)
        upperStart = try reader.values(Section.upperStart, as: UInt32.self, count: slotCount)
        links = try reader.range(Section.links)
        upperLinks = try reader.range(Section.upperLinks)
        high = try reader.range(Section.high)
        low = try reader.range(Section.low)
        rows = try reader.range(Section.rows)
        try checkSizes()
        try checkLevels()
        try finish(bytes)
    }

    /// Makes the map of ids on one core, while the others look at all links and rows.
    private mutating func finish(_ bytes: UnsafeRawBufferPointer) throws(VectorIndexError) {
        nonisolated(unsafe) let bytes = bytes
        let image = self
        let slots = Guarded<[UInt64: UInt32]>([:])
        let fault = Guarded<VectorIndexError?>(nil)
        Parallel.forEach(2) { task in
            do throws(VectorIndexError) {
                if task == 0 {
                    let found = try Self.index(image.ids, levels: image.levels)
                    slots.withLock { $0 = found }
                } else {
                    try image.checkLinks(bytes)
                    try image.checkRows(bytes)
                }
            } catch {
                fault.withLock { $0 = error }
            }
        }
        if let fault = fault.withLock({ $0 }) { throw fault }
        slotOfID = slots.withLock { $0 }
    }

    private static func index(_ ids: [UInt64], levels: [UInt8]) throws(VectorIndexError) -> [UInt64: UInt32] {
        var slots = [UInt64: UInt32](minimumCapacity: ids.count)
        for (slot, id) in ids.enumerated() where levels[slot] != freeLevel {
            guard slots.updateValue(UInt32(slot), forKey: id) == nil else {
                throw .corruptSnapshot("entry \(id) twice")
            }
        }
        return slots
    }

    private func checkSizes() throws(VectorIndexError) {
        let codeBytes = slotCount * Int8Planes.blocks(dimension: dimension) * 64
        let rowBytes = slotCount * dimension * MemoryLayout<Float>.stride
        let linkBytes = configuration.maximumDegree * MemoryLayout<UInt32>.stride
        guard high.count == codeBytes, low.count == codeBytes, rows.count == rowBytes,
            links.count == slotCount * linkBytes * 2, upperLinks.count == upperCount * linkBytes
        else { throw .corruptSnapshot("codes, links or rows of another length") }
    }

    /// Upper rows belong to one slot each, and the entry is of the topmost level.
    private func checkLevels() throws(VectorIndexError) {
        var isTaken = Array(repeating: false, count: upperCount)
        var highest = -1
        for slot in 0..<slotCount where levels[slot] != Self.freeLevel {
            let level = Int(levels[slot])
            highest = Swift.max(highest, level)
            guard level <= HNSWGraph.levelLimit, stamps[slot] < nextStamp,
                level == 0 || Int(upperStart[slot]) + level <= upperCount
            else { throw .corruptSnapshot("slot \(slot) has an impossible level or stamp") }
            for row in Int(upperStart[slot])..<(Int(upperStart[slot]) + level) {
                guard !isTaken[row] else { throw .corruptSnapshot("slot \(slot) shares its links") }
                isTaken[row] = true
            }
        }
        guard highest >= 0 else {
            guard entrySlot == Int8Planes.endOfList, topLevel == 0 else {
                throw .corruptSnapshot("entry of an empty graph")
            }
            return
        }
        guard topLevel == highest, Int(entrySlot) < slotCount, levels[Int(entrySlot)] == UInt8(highest) else {
            throw .corruptSnapshot("the entry is not on the topmost level")
        }
    }

    /// Lists hold entries of their level, no one twice, and end marks behind them; whoever is listed lists back.
    private func checkLinks(_ bytes: UnsafeRawBufferPointer) throws(VectorIndexError) {
        nonisolated(unsafe) let (low, up) = (
            UnsafeRawBufferPointer(rebasing: bytes[links]).assumingMemoryBound(to: UInt32.self),
            UnsafeRawBufferPointer(rebasing: bytes[upperLinks]).assumingMemoryBound(to: UInt32.self)
        )
        let degree = configuration.maximumDegree
        let balance = LinkBalance()
        let sum = Atomic<UInt64>(0)
        let fault = Parallel.firstFault(in: slotCount, block: Self.block) { range in
            levels.withUnsafeBufferPointer { levels in
                var seen = RecentNodes()
                var blockSum: UInt64 = 0
                defer { sum.wrappingAdd(blockSum, ordering: .relaxed) }
                return range.first { slot in
                    guard levels[slot] != Self.freeLevel else { return false }
                    return !(0...Int(levels[slot])).allSatisfy { level in
                        let limit = level == 0 ? degree * 2 : degree
                        let start = level == 0 ? slot * limit : (Int(upperStart[slot]) + level - 1) * limit
                        let list = UnsafeBufferPointer(rebasing: (level == 0 ? low : up)[start..<(start + limit)])
                        guard let end = Self.end(of: list, of: slot, level: level, levels: levels) else { return false }
                        let links = UnsafeBufferPointer(rebasing: list[..<end])
                        blockSum &+= balance.sum(of: links, from: slot, level: level)
                        return seen.areDistinct(links)
                    }
                }
            }
        }
        if let fault { throw .corruptSnapshot("slot \(fault) has impossible links") }
        guard sum.load(ordering: .relaxed) == 0 else { throw .corruptSnapshot("links that lead only one way") }
    }

    /// Slots that a core looks at in one turn.
    private static var block: Int { 8192 }

    /// How many links a list has; nil if it has one that no node can have, or one behind the end.
    private static func end(
        of list: UnsafeBufferPointer<UInt32>,
        of slot: Int,
        level: Int,
        levels: UnsafeBufferPointer<UInt8>
    ) -> Int? {
        let end = list.firstIndex(of: Int8Planes.endOfList) ?? list.count
        for neighbor in list[..<end] {
            guard Int(neighbor) < levels.count, Int(neighbor) != slot else { return nil }
            let highest = levels[Int(neighbor)]
            guard highest != freeLevel, Int(highest) >= level else { return nil }
        }
        return list[end...].allSatisfy { $0 == Int8Planes.endOfList } ? end : nil
    }

    private func checkRows(_ bytes: UnsafeRawBufferPointer) throws(VectorIndexError) {
        nonisolated(unsafe) let floats = UnsafeRawBufferPointer(rebasing: bytes[rows])
            .assumingMemoryBound(to: Float.self)
        let fault = Parallel.firstFault(in: slotCount, block: Self.block) { range in
            range.first { slot in
                guard levels[slot] != Self.freeLevel else { return false }
                let row = UnsafeBufferPointer(rebasing: floats[(slot * dimension)..<((slot + 1) * dimension)])
                let squared = Float32Kernels.sumOfSquares(row.span)
                // A little more than insertion allows: another processor may add the squares in another order.
                return !(squared > 0.9979 && squared < 1.0021)
            }
        }
        if let fault { throw .corruptSnapshot("row \(fault) is no vector of unit length") }
    }
}
