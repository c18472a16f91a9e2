internal import VectorKernels

extension HNSWGraph {
    /// Walks greedily from the entry to the best node of the lowest level above `level`; the graph is not empty.
    ///
    /// - Returns: the node and its score on the high plane.
    func descend(
        to level: Int,
        query: UnsafePointer<Int8>,
        scratch: HNSWScratch
    ) -> (slot: UInt32, score: Int32) {
        var best = entrySlot
        var bestScore: Int32 = 0
        Int8Planes.highDots(
            query: query,
            high: high.base,
            blocks: blocks,
            ids: &best,
            count: 1,
            into: &bestScore
        )
        guard topLevel > level else { return (best, bestScore) }
        // One set for all levels: whatever was met higher up is no better than the best so far.
        let (visited, epoch) = scratch.visited.begin(count: slotCount)
        let limit = configuration.maximumDegree
        let ids = scratch.ids.reserve(limit * 2 + 1)
        let scores = scratch.scores.reserve(limit * 2 + 1)
        var walk = Int8PlaneWalk(
            query: query,
            codes: high.base,
            blocks: blocks,
            degree: limit,
            rows: nil,
            visited: visited,
            epoch: epoch
        )
        var current = topLevel
        while current > level {
            var list: UnsafePointer<UInt32>? = UnsafePointer(self.list(best, level: current))
            let kept = walk.expand(&list, count: 1, floor: bestScore, ids: ids, scores: scores)
            if kept == 0 { current &-= 1 }
            for index in 0..<kept where scores[index] > bestScore {
                bestScore = scores[index]
                best = ids[index]
            }
        }
        return (best, bestScore)
    }

    /// Beam search on one level; leaves the nearest nodes that it met in `pool`.
    ///
    /// - Parameters:
    ///   - pool: holds where to begin.
    ///   - arrival: when to narrow and to stop early; `nil` for never.
    /// - Complexity: about 14 nodes scored per candidate in view.
    func explore(
        level: Int,
        query: UnsafePointer<Int8>,
        arrival: Arrival? = nil,
        pool: inout CandidatePool,
        scratch: HNSWScratch
    ) {
        let (visited, epoch) = scratch.visited.begin(count: slotCount)
        let limit = degreeLimit(level: level)
        let ids = scratch.ids.reserve(limit + 1)
        let scores = scratch.scores.reserve(limit + 1)
        var walk = Int8PlaneWalk(
            query: query,
            codes: high.base,
            blocks: blocks,
            degree: limit,
            rows: level == 0 ? links.base : nil,
            visited: visited,
            epoch: epoch
        )
        for rank in 0..<pool.count { visited[Int(pool.slot(rank))] = epoch }
        while let (node, rank) = pool.next() {
            var floor = pool.floor
            if let arrival, let last = arrival.worthExpanding(pool) {
                if rank >= arrival.width { return }
                floor = Swift.max(floor, last)
            }
            var list: UnsafePointer<UInt32>? = UnsafePointer(self.list(node, level: level))
            let kept = walk.expand(&list, count: 1, floor: floor, ids: ids, scores: scores)
            let best = pool.score(0)
            for index in 0..<kept { pool.insert(slot: ids[index], score: scores[index]) }
            if let arrival, pool.score(0) > best, pool.score(0) >= arrival.equalScore {
                let row = rows.row(Int(pool.slot(0)))
                if Float32Kernels.dot(arrival.unit, row, dimension: dimension) >= Arrival.equal { return }
            }
        }
    }
}
