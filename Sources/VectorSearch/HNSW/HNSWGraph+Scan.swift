internal import VectorKernels

// Searches that look at every entry: few that pass, or many that are wanted.
extension HNSWGraph {
    /// More candidates than this are not kept in order one by one: each that comes moves those behind it.
    private static var walkLimit: Int { 8192 }
    /// A scan for more than this sorts what it finds at the end.
    private static var pooledScanLimit: Int { 1024 }
    /// So many entries are a walk's business, whatever their share.
    private static var fewWanted: Int { 64 }
    /// From this part of all entries on, a walk meets most of them anyway, each in another place of the memory.
    private static var wantedShare: Int { 8 }

    /// Whether a scan answers sooner than a walk that has so many candidates in view.
    func isScanSooner(count: Int, effort: Int) -> Bool {
        effort > Self.walkLimit || count > Swift.max(Self.fewWanted, liveCount / Self.wantedShare)
    }

    /// Compares every entry that passes.
    ///
    /// - Complexity: O(*n* · *d*).
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
        if limit > Self.pooledScanLimit {
            return scanMany(query, count: count, limit: limit, minimum: minimum, filter: filter, scratch: scratch)
        }
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

    /// Compares every entry that passes, for more wanted ones than a pool can keep in order: sorts them all.
    private func scanMany(
        _ query: Query,
        count: Int,
        limit: Int,
        minimum: Float,
        filter: VectorFilter,
        scratch: HNSWScratch
    ) -> [Neighbor] {
        var nodes = RankedNodes(
            slots: (0..<UInt32(slotCount)).filter { states[Int($0)] == .live && filter.passes(attributes[Int($0)]) }
        )
        rank(&nodes, query: query.code)
        let found = Swift.min(limit, nodes.slots.count)
        let slots = scratch.finalists.reserve(found)
        let scores = scratch.finalScores.reserve(found)
        for index in 0..<found {
            slots[index] = nodes.slots[index]
            scores[index] = nodes.scores[index]
        }
        return settle(slots, scores, kept: found, query: query, count: count, minimum: minimum, scratch: scratch)
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
