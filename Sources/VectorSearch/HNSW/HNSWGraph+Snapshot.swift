internal import VectorKernels

extension HNSWGraph {
    /// Writes the sections of a snapshot, as HNSWImage describes them.
    ///
    /// An entry that is being inserted counts as free.
    func snapshot() -> [UInt8] {
        let count = slotCount
        let degree = configuration.maximumDegree
        let rowBytes = dimension * MemoryLayout<Float>.stride
        var writer = SnapshotWriter(
            kind: HNSWImage.Section.kind,
            dimension: dimension,
            sectionCount: HNSWImage.Section.count,
            contentBytes: count * (rowBytes + blocks * 128 + degree * 8 + 29) + upperCount * degree * 4 + 80
        )
        writer.add(HNSWImage.Section.meta, meta)
        writer.add(HNSWImage.Section.ids, ids)
        writer.add(HNSWImage.Section.stamps, stamps)
        writer.add(HNSWImage.Section.labels, attributes.map(\.label))
        writer.add(HNSWImage.Section.expiry, attributes.map(\.expiresAt))
        writer.add(
            HNSWImage.Section.levels,
            (0..<count).map { states[$0] == .live ? levels[$0] : HNSWImage.freeLevel }
        )
        writer.add(HNSWImage.Section.upperStart, upperStart)
        writer.add(HNSWImage.Section.high, rowBytes: blocks * 64, count: count) { UnsafeRawPointer(high.row($0)) }
        writer.add(HNSWImage.Section.low, rowBytes: blocks * 64, count: count) { UnsafeRawPointer(low.row($0)) }
        writer.add(HNSWImage.Section.links, rowBytes: degree * 8, count: count) { UnsafeRawPointer(links.row($0)) }
        writer.add(HNSWImage.Section.upperLinks, rowBytes: degree * 4, count: upperCount) {
            UnsafeRawPointer(upperLinks.row($0))
        }
        writer.add(HNSWImage.Section.rows, rowBytes: rowBytes, count: count) { UnsafeRawPointer(rows.row($0)) }
        return writer.finish()
    }

    private var meta: [UInt64] {
        [
            UInt64(slotCount), UInt64(upperCount), UInt64(topLevel), UInt64(entrySlot), nextStamp,
            UInt64(configuration.maximumDegree), UInt64(configuration.constructionEffort),
            UInt64(configuration.searchEffort), configuration.seed, UInt64(baseSimilarity.bitPattern),
        ]
    }

    /// Fills an empty graph.
    mutating func restore(_ image: HNSWImage, from bytes: UnsafeRawBufferPointer) {
        let count = image.slotCount
        let degree = configuration.maximumDegree
        high.reserve(rows: count)
        low.reserve(rows: count)
        links.reserve(rows: count)
        rows.reserve(rows: count)
        upperLinks.reserve(rows: image.upperCount)
        ids = image.ids
        stamps = image.stamps
        versions = Array(repeating: 0, count: count)
        attributes = image.attributes
        states = image.levels.map { $0 == HNSWImage.freeLevel ? .free : .live }
        levels = image.levels.map { $0 == HNSWImage.freeLevel ? 0 : $0 }
        upperStart = image.upperStart
        slotOfID = image.slotOfID
        upperCount = image.upperCount
        nextStamp = image.nextStamp
        baseSimilarity = image.baseSimilarity
        entrySlot = image.entrySlot
        topLevel = image.topLevel
        liveCount = image.slotOfID.count
        for slot in 0..<count where states[slot] == .live { labelCounts[attributes[slot].label, default: 0] += 1 }
        freeSlots = (0..<UInt32(count)).reversed().filter { states[Int($0)] == .free }
        copy(bytes[image.high], bytesPerRow: blocks * 64) { UnsafeMutableRawPointer(high.row($0)) }
        copy(bytes[image.low], bytesPerRow: blocks * 64) { UnsafeMutableRawPointer(low.row($0)) }
        copy(bytes[image.rows], bytesPerRow: dimension * 4) { UnsafeMutableRawPointer(rows.row($0)) }
        for slot in 0..<count { fill(links.row(slot), with: image.links, at: slot * degree * 2, count: degree * 2) }
        for row in 0..<upperCount { fill(upperLinks.row(row), with: image.upperLinks, at: row * degree, count: degree) }
        collectFreeRuns()
    }

    private func copy(
        _ bytes: Slice<UnsafeRawBufferPointer>,
        bytesPerRow: Int,
        to row: (Int) -> UnsafeMutableRawPointer
    ) {
        let source = UnsafeRawBufferPointer(rebasing: bytes)
        guard let base = source.baseAddress else { return }
        for index in 0..<(source.count / bytesPerRow) {
            row(index).copyMemory(from: base + index * bytesPerRow, byteCount: bytesPerRow)
        }
    }

    private func fill(_ row: UnsafeMutablePointer<UInt32>, with values: [UInt32], at start: Int, count: Int) {
        for index in 0..<count { row[index] = values[start + index] }
    }

    /// Finds the upper rows that no entry uses.
    private mutating func collectFreeRuns() {
        var isTaken = Array(repeating: false, count: upperCount)
        for slot in 0..<slotCount where states[slot] == .live {
            for level in 0..<Int(levels[slot]) { isTaken[Int(upperStart[slot]) + level] = true }
        }
        var row = 0
        while row < upperCount {
            var end = row
            while end < upperCount, !isTaken[end], end - row < Self.levelLimit { end += 1 }
            if end > row { freeRuns[end - row].append(UInt32(row)) }
            row = Swift.max(end, row + 1)
        }
    }
}
