internal import VectorKernels

/// Insertion in three steps: ``reserveSlot(unit:id:attributes:scratch:)`` (exclusive), ``plan(_:batch:scratch:)``
/// (shared: the expensive part) and ``attach(_:plan:scratch:)`` (exclusive, about a microsecond).
extension HNSWGraph {
    /// Finds the neighbours of a pending slot and what they give up for it.
    ///
    /// - Parameter batch: pending slots that will be attached before this one.
    func plan(_ slot: UInt32, batch: ArraySlice<UInt32>, scratch: HNSWScratch) -> InsertionPlan {
        var plan = InsertionPlan()
        let query = scratch.query.reserve(blocks * 128)
        decode(slot, into: query)
        let ownLevel = Int(levels[Int(slot)])
        var start: (slot: UInt32, score: Int32)?
        if liveCount > 0 { start = descend(to: ownLevel, query: query, scratch: scratch) }
        for level in stride(from: ownLevel, through: 0, by: -1) {
            var candidates = RankedNodes(
                slots: batch.filter { Int(levels[Int($0)]) >= level },
                scores: []
            )
            if let from = start, level <= topLevel {
                let effort = configuration.constructionEffort
                scratch.pool.begin(limit: effort)
                scratch.pool.insert(slot: from.slot, score: from.score)
                explore(
                    level: level,
                    query: query,
                    pool: &scratch.pool,
                    scratch: scratch
                )
                for rank in 0..<scratch.pool.count { candidates.slots.append(scratch.pool.slot(rank)) }
                start = (scratch.pool.slot(0), scratch.pool.score(0))
            }
            rank(&candidates, query: query)
            addLinks(to: &plan, level: level, center: slot, candidates: candidates, scratch: scratch)
        }
        return plan
    }

    /// Links a planned slot and makes it an entry.
    mutating func attach(_ slot: UInt32, plan: InsertionPlan, scratch: HNSWScratch) {
        for link in plan.links {
            let target = Int(link.target)
            guard states[target] == .live, stamps[target] == link.stamp else { continue }
            let isCurrent = versions[target] == link.version
            connect(
                slot,
                link.target,
                level: link.level,
                victims: isCurrent ? .some(link.victims) : nil,
                scratch: scratch
            )
        }
        if liveCount > 0 { ensureReachable(slot, plan: plan, scratch: scratch) }
        states[Int(slot)] = .live
        liveCount += 1
        labelCounts[attributes[Int(slot)].label, default: 0] += 1
        let level = Int(levels[Int(slot)])
        if liveCount == 1 || level > topLevel {
            entrySlot = slot
            topLevel = level
        }
        noteBaseSimilarity()
        checkInvariants()
    }

    /// Scores candidates on full codes and sorts them.
    func rank(_ candidates: inout RankedNodes, query: UnsafePointer<Int8>) {
        let count = candidates.slots.count
        candidates.scores = [Int32](unsafeUninitializedCapacity: count) { scores, initialized in
            candidates.slots.withUnsafeBufferPointer { slots in
                if let first = slots.baseAddress, let into = scores.baseAddress {
                    score(first, count: count, query: query, into: into)
                }
            }
            initialized = count
        }
        candidates.sort()
    }

    private func addLinks(
        to plan: inout InsertionPlan,
        level: Int,
        center: UInt32,
        candidates: RankedNodes,
        scratch: HNSWScratch
    ) {
        let (diverse, redundant) = selectDiverse(candidates, limit: configuration.maximumDegree, scratch: scratch)
        // In a dense place one neighbour makes most others redundant; some of those are linked all the same, since full
        // nodes refuse and removals take links away.
        let missing = Swift.max(0, configuration.maximumDegree / 2 - diverse.count)
        let selected = diverse + redundant.prefix(missing)
        for target in selected {
            let isFull = degree(target, level: level) == degreeLimit(level: level)
            plan.links.append(
                InsertionPlan.Link(
                    target: target,
                    level: level,
                    stamp: stamps[Int(target)],
                    version: versions[Int(target)],
                    victims: isFull ? victims(of: target, for: center, level: level, scratch: scratch) : []
                )
            )
        }
    }

    /// The links that a full node can do without once `newcomer` is its neighbour, farthest first; `nil` when it is the
    /// newcomer that it can do without.
    private func victims(of slot: UInt32, for newcomer: UInt32, level: Int, scratch: HNSWScratch) -> [UInt32]? {
        let list = list(slot, level: level)
        var neighbors = RankedNodes(slots: [newcomer])
        neighbors.slots.append(contentsOf: UnsafeBufferPointer(start: list, count: degree(slot, level: level)))
        let node = scratch.node.reserve(blocks * 128)
        decode(slot, into: node)
        rank(&neighbors, query: node)
        let redundant = selectDiverse(neighbors, limit: .max, scratch: scratch).redundant
        return redundant.contains(newcomer) ? nil : redundant.reversed()
    }

    /// Links a slot with a live node, which makes room if it has to and can.
    ///
    /// - Parameter victims: what was planned; `nil` when the plan is out of date.
    @discardableResult
    private mutating func connect(
        _ slot: UInt32,
        _ target: UInt32,
        level: Int,
        victims planned: [UInt32]??,
        scratch: HNSWScratch
    ) -> Bool {
        let limit = degreeLimit(level: level)
        guard degree(slot, level: level) < limit, !areLinked(slot, target, level: level) else { return false }
        if degree(target, level: level) == limit {
            let victims = planned ?? self.victims(of: target, for: slot, level: level, scratch: scratch)
            guard let victims, victims.contains(where: { evict($0, from: target, level: level) }) else { return false }
        }
        link(slot, target, level: level)
        return true
    }

    /// Gives a slot a link on each of its levels where all planned neighbours refused or left.
    ///
    /// From the top, so that a level below can count on the links above it.
    private mutating func ensureReachable(_ slot: UInt32, plan: InsertionPlan, scratch: HNSWScratch) {
        let highest = Swift.min(Int(levels[Int(slot)]), topLevel)
        for level in stride(from: highest, through: 0, by: -1) where degree(slot, level: level) == 0 {
            let planned = plan.links.first {
                $0.level == level && states[Int($0.target)] == .live && stamps[Int($0.target)] == $0.stamp
            }
            let neighbor = planned?.target ?? nearest(to: slot, level: level, highest: highest, scratch: scratch)
            splice(slot, next: neighbor, level: level)
        }
    }

    /// The node of a level that is nearest to a slot without links there.
    ///
    /// - Parameter highest: the topmost level on which the slot is to be linked; on those above `level` it is by now.
    private func nearest(to slot: UInt32, level: Int, highest: Int, scratch: HNSWScratch) -> UInt32 {
        let query = scratch.query.reserve(blocks * 128)
        decode(slot, into: query)
        var start: (slot: UInt32, score: Int32)
        if level < highest {
            // Whoever is on the level above is on this one. A walk down would be drawn to the slot itself and end there.
            start = (list(slot, level: level + 1)[0], 0)
            Int8Planes.highDots(
                query: query,
                high: high.base,
                blocks: blocks,
                ids: &start.slot,
                count: 1,
                into: &start.score
            )
        } else {
            start = descend(to: level, query: query, scratch: scratch)
        }
        scratch.pool.begin(limit: configuration.constructionEffort)
        scratch.pool.insert(slot: start.slot, score: start.score)
        explore(level: level, query: query, pool: &scratch.pool, scratch: scratch)
        return scratch.pool.slot(0)
    }
}
