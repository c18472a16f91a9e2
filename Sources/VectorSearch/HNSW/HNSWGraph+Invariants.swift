internal import VectorKernels

extension HNSWGraph {
    /// What is wrong with the structure; empty for a sound graph.
    ///
    /// Tests ask for it after sequences of operations; ``checkInvariants()`` asks after every one.
    ///
    /// - Complexity: O(*n* · M²).
    func violations() -> [String] {
        var found: [String] = []
        var live = 0
        var labels: [UInt32: Int] = [:]
        var isFree = Array(repeating: false, count: slotCount)
        for slot in freeSlots {
            if isFree[Int(slot)] { found.append("slot \(slot) is free twice") }
            isFree[Int(slot)] = true
        }
        for slot in 0..<slotCount {
            if isFree[slot] != (states[slot] == .free) { found.append("slot \(slot) disagrees with the free list") }
            guard states[slot] != .free else { continue }
            if slotOfID[ids[slot]] != UInt32(slot) { found.append("slot \(slot) is not found by its id") }
            guard states[slot] == .live else { continue }
            live += 1
            labels[attributes[slot].label, default: 0] += 1
            if Int(levels[slot]) > topLevel { found.append("slot \(slot) is above the entry") }
            for level in 0...Int(levels[slot]) { checkList(UInt32(slot), level: level, &found) }
        }
        if live != liveCount { found.append("\(live) live entries, counted \(liveCount)") }
        if labels != labelCounts { found.append("labels are miscounted") }
        if live > 0 { checkReach(&found) }
        return found
    }

    /// Stops after the first change that leaves the graph unsound; `make invariants` compiles it in.
    @inline(__always)
    func checkInvariants() {
        #if SEMCACHE_INTERNAL_CHECKS
        let found = violations()
        precondition(found.isEmpty, found.joined(separator: "; "))
        #endif
    }

    private func checkList(_ slot: UInt32, level: Int, _ found: inout [String]) {
        let list = list(slot, level: level)
        let count = degree(slot, level: level)
        for index in count..<degreeLimit(level: level) where list[index] != Int8Planes.endOfList {
            found.append("slot \(slot) has links behind the end of level \(level)")
        }
        let neighbors = Array(UnsafeBufferPointer(start: list, count: count))
        if Set(neighbors).count != count { found.append("slot \(slot) has a link twice on level \(level)") }
        for neighbor in neighbors {
            if neighbor == slot {
                found.append("slot \(slot) links to itself")
            } else if Int(neighbor) >= slotCount || states[Int(neighbor)] != .live {
                found.append("slot \(slot) links to \(neighbor), which is no entry")
            } else if Int(levels[Int(neighbor)]) < level {
                found.append("slot \(slot) links to \(neighbor), which is not on level \(level)")
            } else if !areLinked(neighbor, slot, level: level) {
                found.append("slot \(slot) links to \(neighbor) on level \(level), but not the other way")
            }
        }
    }

    /// Walks every level from the entry and compares what it reaches with what is there.
    private func checkReach(_ found: inout [String]) {
        guard entrySlot != Int8Planes.endOfList, states[Int(entrySlot)] == .live,
            Int(levels[Int(entrySlot)]) == topLevel
        else { return found.append("the entry is no entry of the topmost level") }
        for level in 0...topLevel {
            var reached = Set([entrySlot])
            var frontier = [entrySlot]
            while let slot = frontier.popLast() {
                for neighbor in UnsafeBufferPointer(start: list(slot, level: level), count: degree(slot, level: level))
                where reached.insert(neighbor).inserted {
                    frontier.append(neighbor)
                }
            }
            let expected = (0..<slotCount).count { states[$0] == .live && Int(levels[$0]) >= level }
            if reached.count != expected {
                found.append("level \(level): \(reached.count) of \(expected) entries can be reached")
            }
        }
    }
}
