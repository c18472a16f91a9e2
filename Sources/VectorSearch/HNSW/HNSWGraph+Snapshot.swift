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

    /// Fills an empty graph; codes, links and rows stay in the file that the snapshot lies in, if it does.
    mutating func restore(_ image: HNSWImage, from source: SnapshotSource) {
        let count = image.slotCount
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
        countLabels()
        freeSlots = (0..<UInt32(count)).reversed().filter { states[Int($0)] == .free }
        high.restore(rows: count, from: source, image.high)
        low.restore(rows: count, from: source, image.low)
        links.restore(rows: count, from: source, image.links)
        upperLinks.restore(rows: upperCount, from: source, image.upperLinks)
        rows.restore(rows: count, from: source, image.rows)
        collectFreeRuns()
    }

    private mutating func countLabels() {
        // Labels come in runs: one look at the dictionary per run.
        var run: (label: UInt32, count: Int) = (0, 0)
        for slot in 0..<slotCount where states[slot] == .live {
            let label = attributes[slot].label
            if label != run.label {
                if run.count > 0 { labelCounts[run.label, default: 0] += run.count }
                run = (label, 0)
            }
            run.count += 1
        }
        if run.count > 0 { labelCounts[run.label, default: 0] += run.count }
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
