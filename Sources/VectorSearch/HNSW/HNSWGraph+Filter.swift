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
        if candidates > Swift.max(Self.scanCount, liveCount / Self.scanShare) {
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

    /// Compares every entry that passes.
    func scan(
        _ query: Query,
        count: Int,
        minimum: Float,
        filter: VectorFilter,
        scratch: HNSWScratch
    ) -> [Neighbor] {
        let count = Swift.min(count, liveCount)
        guard count > 0 else { return [] }
        // More than wanted, because the ranks of the codes are not exact; ties with the last place are rare.
        let limit = count + 32
        scratch.passing.begin(limit: limit)
        let chunk = 64
        let ids = scratch.ids.reserve(chunk)
        let scores = scratch.scores.reserve(chunk)
        var pending = 0
        for slot in 0..<slotCount {
            guard filter.passes(attributes[slot]), states[slot] == .live else { continue }
            ids[pending] = UInt32(slot)
            pending &+= 1
            if pending == chunk {
                collect(ids, scores, count: pending, query: query, into: &scratch.passing)
                pending = 0
            }
        }
        collect(ids, scores, count: pending, query: query, into: &scratch.passing)
        let found = scratch.passing.count
        let slots = scratch.finalists.reserve(limit)
        let finalScores = scratch.finalScores.reserve(limit)
        for rank in 0..<found {
            slots[rank] = scratch.passing.slot(rank)
            finalScores[rank] = scratch.passing.score(rank)
        }
        return settle(
            slots,
            finalScores,
            kept: found,
            query: query,
            count: count,
            minimum: minimum,
            scratch: scratch
        )
    }

    private func collect(
        _ slots: UnsafeMutablePointer<UInt32>,
        _ scores: UnsafeMutablePointer<Int32>,
        count: Int,
        query: Query,
        into pool: inout CandidatePool
    ) {
        score(slots, count: count, query: query.code, into: scores)
        for index in 0..<count { pool.insert(slot: slots[index], score: scores[index]) }
    }
}
