internal import VectorKernels

extension HNSWGraph {
    /// Removes an entry, heals the hole and frees its slot; returns whether it was there.
    ///
    /// - Complexity: O(M²) scores per level of the entry; independent of the size of the graph.
    mutating func remove(id: UInt64, scratch: HNSWScratch) -> Bool {
        guard let slot = liveSlot(id) else { return false }
        if slot == entrySlot { moveEntry(from: slot) }
        for level in 0...Int(levels[Int(slot)]) {
            let list = list(slot, level: level)
            let neighbors = Array(UnsafeBufferPointer(start: list, count: degree(slot, level: level)))
            for neighbor in neighbors { unlink(slot, neighbor, level: level) }
            heal(neighbors, level: level, scratch: scratch)
        }
        let label = attributes[Int(slot)].label
        labelCounts[label] = labelCounts[label].flatMap { $0 > 1 ? $0 - 1 : nil }
        releaseSlot(slot)
        liveCount -= 1
        checkInvariants()
        return true
    }

    /// Makes another entry of the highest level the start of searches.
    private mutating func moveEntry(from slot: UInt32) {
        // Levels are connected: an entry without neighbours on a level is alone there.
        for level in stride(from: Int(levels[Int(slot)]), through: 0, by: -1) where degree(slot, level: level) > 0 {
            return begin(at: list(slot, level: level)[0])
        }
        // Whoever makes a snapshot can leave an entry without links: the others must be found all the same.
        let others = (0..<slotCount).filter { states[$0] == .live && $0 != Int(slot) }
        if let highest = others.max(by: { levels[$0] < levels[$1] }) { return begin(at: UInt32(highest)) }
        entrySlot = Int8Planes.endOfList
        topLevel = 0
    }

    private mutating func begin(at slot: UInt32) {
        entrySlot = slot
        topLevel = Int(levels[Int(slot)])
    }

    /// Links the former neighbours of a removed node with each other.
    ///
    /// Each lost one link and gets at most one back, nearest pairs first, unless a link would be redundant (the rule of
    /// ``selectDiverse(_:limit:scratch:)``). A link that joins two parts is always made. So the former
    /// neighbours end up connected among themselves, and every path that led over the removed node still exists.
    private mutating func heal(_ neighbors: [UInt32], level: Int, scratch: HNSWScratch) {
        guard neighbors.count > 1 else { return }
        var hole = Hole(neighbors)
        measure(&hole, level: level, scratch: scratch)
        for pair in hole.pairs {
            let (first, second) = pair.members
            guard !hole.areLinked(first, second) else { continue }
            let isJoin = hole.part(first) != hole.part(second)
            let isWanted = hole.lacksLink(first) && hole.lacksLink(second) && !hole.isRedundant(first, second)
            if isJoin || isWanted { fill(&hole, first, second, level: level) }
        }
        feed(&hole, level: level)
        if !hole.isWhole { force(&hole, level: level) }
    }

    /// Links those that are left with few links, redundant or not.
    private mutating func feed(_ hole: inout Hole, level: Int) {
        let enough = degreeLimit(level: level) / 4
        let starving = hole.members.map { degree($0, level: level) < enough }
        guard starving.contains(true) else { return }
        for pair in hole.pairs {
            let (first, second) = pair.members
            guard starving[first] || starving[second], !hole.areLinked(first, second) else { continue }
            let isStillStarving =
                degree(hole.members[first], level: level) < enough
                || degree(hole.members[second], level: level) < enough
            if isStillStarving { fill(&hole, first, second, level: level) }
        }
    }

    /// Scores all pairs on full codes and notes the links among them.
    private func measure(_ hole: inout Hole, level: Int, scratch: HNSWScratch) {
        let node = scratch.node.reserve(blocks * 128)
        let scores = scratch.finalScores.reserve(hole.members.count)
        for first in 0..<(hole.members.count - 1) {
            let rest = first + 1
            decode(hole.members[first], into: node)
            hole.members.withUnsafeBufferPointer { members in
                guard let base = members.baseAddress else { return }
                score(base + rest, count: members.count - rest, query: node, into: scores)
            }
            for second in rest..<hole.members.count {
                let isLinked = areLinked(hole.members[first], hole.members[second], level: level)
                hole.note(first, second, score: scores[second - rest], isLinked: isLinked)
            }
        }
        hole.sort()
    }

    /// Makes a link if both ends have room.
    private mutating func fill(_ hole: inout Hole, _ first: Int, _ second: Int, level: Int) {
        let limit = degreeLimit(level: level)
        let (one, other) = (hole.members[first], hole.members[second])
        guard degree(one, level: level) < limit, degree(other, level: level) < limit else { return }
        link(one, other, level: level)
        hole.didLink(first, second)
    }

    /// Joins parts whose members were all full, by making room where that is safe.
    private mutating func force(_ hole: inout Hole, level: Int) {
        for pair in hole.pairs where hole.part(pair.members.0) != hole.part(pair.members.1) {
            let (first, second) = pair.members
            if makeRoom(hole.members[first], level: level), makeRoom(hole.members[second], level: level) {
                fill(&hole, first, second, level: level)
            }
        }
        if !hole.isWhole { brokenHeals += 1 }
    }

    private mutating func makeRoom(_ slot: UInt32, level: Int) -> Bool {
        let limit = degreeLimit(level: level)
        guard degree(slot, level: level) == limit else { return true }
        let list = list(slot, level: level)
        let neighbors = Array(UnsafeBufferPointer(start: list, count: limit))
        return neighbors.contains { evict($0, from: slot, level: level) }
    }
}
