internal import VectorKernels

/// Candidates around a centre, best first, on full codes.
struct RankedNodes {
    var slots: [UInt32] = []
    var scores: [Int32] = []

    /// Sorts by falling score; ties by slot, so that the order does not depend on how the nodes were found.
    mutating func sort() {
        var keys = zip(slots, scores).map { UInt64(UInt32(bitPattern: $1) ^ 1 << 31) << 32 | UInt64(~$0) }
        keys.sort(by: >)
        slots = keys.map { ~UInt32(truncatingIfNeeded: $0) }
        scores = keys.map { Int32(bitPattern: UInt32(truncatingIfNeeded: $0 >> 32) ^ 1 << 31) }
    }
}

extension HNSWGraph {
    /// Divides candidates into a diverse selection and the rest (SELECT-NEIGHBORS-HEURISTIC of the paper).
    ///
    /// The best candidate is selected; every other one that is closer to it than to the centre can be reached over it
    /// and is set aside; and so on with the best that is left, until `limit` are selected.
    ///
    /// - Parameter candidates: best first, with their scores to the centre.
    /// - Returns: the selected, and those set aside in the order in which they were given.
    func selectDiverse(
        _ candidates: RankedNodes,
        limit: Int,
        scratch: HNSWScratch
    ) -> (selected: [UInt32], redundant: [UInt32]) {
        var selected: [UInt32] = []
        // Not `limit`, which may be `.max`: the size of an array's memory wraps around without a trap.
        selected.reserveCapacity(Swift.min(limit, candidates.slots.count))
        var redundant: [(order: Int, slot: UInt32)] = []
        var slots = candidates.slots
        var scores = candidates.scores
        var orders = Array(slots.indices)
        let node = scratch.node.reserve(blocks * 128)
        let between = scratch.finalScores.reserve(slots.count + 1)
        var start = 0
        while start < slots.count, selected.count < limit {
            let chosen = slots[start]
            selected.append(chosen)
            start += 1
            guard start < slots.count, selected.count < limit else { break }
            decode(chosen, into: node)
            let rest = slots.count - start
            slots.withUnsafeBufferPointer { buffer in
                if let first = buffer.baseAddress { score(first + start, count: rest, query: node, into: between) }
            }
            var kept = start
            for index in start..<slots.count {
                if between[index - start] > scores[index] {
                    redundant.append((orders[index], slots[index]))
                } else {
                    slots[kept] = slots[index]
                    scores[kept] = scores[index]
                    orders[kept] = orders[index]
                    kept += 1
                }
            }
            slots.removeSubrange(kept...)
            scores.removeSubrange(kept...)
            orders.removeSubrange(kept...)
        }
        redundant.sort { $0.order < $1.order }
        return (selected, redundant.map(\.slot))
    }
}
