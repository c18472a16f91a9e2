internal import VectorKernels

// Searches under a filter. Three ways, chosen by how many entries pass:
//
//     few by the count of their label      compare all of them, no walk
//     otherwise                            walk over everything, collect what passes
//     too few collected                    compare all of them after all
//
// The walk goes through entries that do not pass, since they are the way to those that do, and it grows with the share
// that fails. A tenant whose entries lie elsewhere than the query is found by the third way; so no share and no
// distribution makes the answer wrong, only slower, up to the cost of a scan.
extension HNSWGraph {
    /// The walk has at most this many times the wanted effort in view.
    private static var widestFactor: Int { 24 }

    /// Labels with fewer entries than this share of all, or than ``scanCount``, are compared one by one.
    private static var scanShare: Int { 32 }
    private static var scanCount: Int { 512 }

    /// Finds the nearest entries that pass a filter.
    func search(
        _ query: Query,
        count: Int,
        options: SearchOptions,
        filter: VectorFilter,
        scratch: HNSWScratch
    ) -> [Neighbor] {
        let candidates = filter.label.map { labelCounts[$0] ?? 0 } ?? liveCount
        guard candidates > 0 else { return [] }
        let effort = effort(options, count: count)
        // A filtered walk has several times the effort in view.
        let isWalk =
            candidates > Swift.max(Self.scanCount, liveCount / Self.scanShare)
            && !isScanSooner(count: count, effort: 4 * effort)
        if isWalk {
            walk(
                query,
                effort: effort,
                filter: filter,
                pool: &scratch.pool,
                passing: &scratch.passing,
                scratch: scratch
            )
            if scratch.passing.count >= Swift.min(candidates, Swift.max(count, (effort + 1) / 2)) {
                let minimum = options.minimumSimilarity
                return settle(scratch.passing, query: query, count: count, minimum: minimum, scratch: scratch)
            }
        }
        return scan(query, count: count, minimum: options.minimumSimilarity, filter: filter, scratch: scratch)
    }

    /// Beam search over all entries that collects the passing ones.
    ///
    /// - Parameters:
    ///   - pool: the frontier, wide enough for the worst share; how much of it counts follows the share seen so far.
    ///   - passing: receives the nearest entries that pass.
    private func walk(
        _ query: Query,
        effort: Int,
        filter: VectorFilter,
        pool: inout CandidatePool,
        passing: inout CandidatePool,
        scratch: HNSWScratch
    ) {
        let start = descend(to: 0, query: query.code, scratch: scratch)
        pool.begin(limit: effort * Self.widestFactor)
        passing.begin(limit: effort)
        let (visited, epoch) = scratch.visited.begin(count: slotCount)
        let limit = degreeLimit(level: 0)
        let ids = scratch.ids.reserve(limit + 1)
        let scores = scratch.scores.reserve(limit + 1)
        var walk = Int8PlaneWalk(
            query: query.code,
            codes: high.base,
            blocks: blocks,
            degree: limit,
            rows: links.base,
            visited: visited,
            epoch: epoch
        )
        visited[Int(start.slot)] = epoch
        pool.insert(slot: start.slot, score: start.score)
        if filter.passes(attributes[Int(start.slot)]) { passing.insert(slot: start.slot, score: start.score) }
        var (seen, passed) = (effort, effort)
        while let (node, rank) = pool.next() {
            // Both counts start at the effort, so that the first few nodes do not decide.
            if rank >= effort * seen / passed { return }
            if passing.count == effort, pool.score(rank) < passing.floor { return }
            var list: UnsafePointer<UInt32>? = UnsafePointer(self.list(node, level: 0))
            let kept = walk.expand(&list, count: 1, floor: pool.floor, ids: ids, scores: scores)
            for index in 0..<kept {
                seen &+= 1
                if filter.passes(attributes[Int(ids[index])]) {
                    passed &+= 1
                    passing.insert(slot: ids[index], score: scores[index])
                }
                pool.insert(slot: ids[index], score: scores[index])
            }
        }
    }
}
