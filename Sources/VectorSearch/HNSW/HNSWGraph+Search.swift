internal import Glibc
internal import VectorKernels

extension HNSWGraph {
    /// A query in the forms that the steps of a search read.
    struct Query {
        /// Unit vector, for exact similarities.
        var unit: UnsafePointer<Float>
        /// Rotated and quantised, for codes.
        var code: UnsafePointer<Int8>
        /// Similarity per unit of a full score.
        var scale: Float
        /// Sum of the code: full score ≈ 16 · high score − 120.5 · sum.
        var sum: Int32
    }

    // What quantisation does to similarities, in steps: somewhat beyond the 1 / 1000 quantiles over pairs of similarity
    // above 0.7, measured on question embeddings and on clustered data. Clipping takes away more than rounding adds,
    // hence the asymmetry. The high plane rounds to sixteen steps: a deviation of 16 / √12.
    private static var fullErrorBelow: Float { 12 }
    private static var fullErrorAbove: Float { 3 }
    static var highErrorBelow: Float { 22 }
    private static var highErrorAbove: Float { 18 }

    /// Writes the query's forms into scratch memory, where the unit vector is already.
    func prepare(unit: UnsafePointer<Float>, scratch: HNSWScratch) -> Query {
        let rotated = scratch.rotated.reserve(dimension)
        rotated.update(from: unit, count: dimension)
        signs.withUnsafeBufferPointer { signs in
            if let first = signs.baseAddress { Int8Planes.rotate(rotated, dimension: dimension, signs: first) }
        }
        let code = scratch.query.reserve(blocks * 128)
        (code + dimension).update(repeating: 0, count: blocks * 128 - dimension)
        let queryStep = Int8Kernels.quantize(query: rotated, dimension: dimension, into: code)
        let sum = Int8Planes.sum(code, blocks: blocks)
        return Query(unit: unit, code: UnsafePointer(code), scale: queryStep * step, sum: sum)
    }

    /// Finds the nearest entries.
    func search(
        _ query: Query,
        count: Int,
        options: SearchOptions,
        scratch: HNSWScratch
    ) -> [Neighbor] {
        let count = Swift.min(count, liveCount)
        guard count > 0 else { return [] }
        if let filter = options.filter {
            return search(query, count: count, options: options, filter: filter, scratch: scratch)
        }
        let effort = effort(options, count: count)
        if isScanSooner(count: count, effort: effort) {
            let minimum = options.minimumSimilarity
            return scan(query, count: count, minimum: minimum, filter: VectorFilter(), scratch: scratch)
        }
        enter(query, effort: effort, scratch: scratch)
        explore(
            level: 0,
            query: query.code,
            arrival: arrival(query, count: count),
            pool: &scratch.pool,
            scratch: scratch
        )
        return settle(scratch.pool, query: query, count: count, minimum: options.minimumSimilarity, scratch: scratch)
    }

    /// Candidates that a walk keeps in view: what is asked for, but no more than there are.
    ///
    /// - Parameter count: neighbours wanted, at most as many as there are entries.
    func effort(_ options: SearchOptions, count: Int) -> Int {
        Swift.max(Swift.min(options.effort ?? configuration.searchEffort, liveCount), count)
    }

    /// Puts the places where a walk of the lowest level begins into the pool.
    ///
    /// They are the best few of the level above and not only the best one: where a greedy walk down ends in the wrong
    /// region, another of them often lies in the right one.
    private func enter(_ query: Query, effort: Int, scratch: HNSWScratch) {
        let start = descend(to: Swift.min(1, topLevel), query: query.code, scratch: scratch)
        scratch.pool.begin(limit: effort)
        guard topLevel > 0 else { return scratch.pool.insert(slot: start.slot, score: start.score) }
        scratch.entries.begin(limit: Self.entryCount)
        scratch.entries.insert(slot: start.slot, score: start.score)
        explore(level: 1, query: query.code, pool: &scratch.entries, scratch: scratch)
        for rank in 0..<scratch.entries.count {
            scratch.pool.insert(slot: scratch.entries.slot(rank), score: scratch.entries.score(rank))
        }
    }

    private static var entryCount: Int { 4 }

    /// Compares the best of a walk on both planes, and the best of those exactly.
    ///
    /// Each step keeps what the error of the one before can have misplaced, so the result is the best of the pool in
    /// all but about one search in some thousand; and what cannot reach the minimum never touches a float32 row.
    func settle(
        _ pool: borrowing CandidatePool,
        query: Query,
        count: Int,
        minimum: Float,
        scratch: HNSWScratch
    ) -> [Neighbor] {
        guard pool.count > 0 else { return [] }
        let slots = scratch.finalists.reserve(pool.count)
        let scores = scratch.finalScores.reserve(pool.count)
        // One unit of a score on the high plane is a similarity of 16 · scale.
        let unit = 16 * query.scale
        let last = Float(pool.score(Swift.min(count, pool.count) &- 1))
        let enough = last - (Self.highErrorAbove + Self.highErrorBelow) * step / unit
        let needed = (minimum - Self.highErrorBelow * step) / unit + 7.53125 * Float(query.sum)
        let lowest = Swift.max(enough, needed)
        var kept = 0
        while kept < pool.count, Float(pool.score(kept)) >= lowest {
            slots[kept] = pool.slot(kept)
            kept &+= 1
        }
        score(slots, count: kept, query: query.code, into: scores)
        sort(slots, scores, count: kept)
        return settle(slots, scores, kept: kept, query: query, count: count, minimum: minimum, scratch: scratch)
    }

    /// Compares the best of some entries, sorted by their score on both planes, exactly.
    func settle(
        _ slots: UnsafeMutablePointer<UInt32>,
        _ scores: UnsafeMutablePointer<Int32>,
        kept: Int,
        query: Query,
        count: Int,
        minimum: Float,
        scratch: HNSWScratch
    ) -> [Neighbor] {
        guard kept > 0 else { return [] }
        let last = Float(scores[Swift.min(count, kept) &- 1]) * query.scale
        let enough = last - (Self.fullErrorAbove + Self.fullErrorBelow) * step
        let lowest = Swift.max(enough, minimum - Self.fullErrorBelow * step)
        var exact = 0
        while exact < kept, Float(scores[exact]) * query.scale >= lowest { exact &+= 1 }
        guard exact > 0 else { return [] }
        let similarities = scratch.similarities.reserve(exact)
        Float32Kernels.dots(
            query: query.unit,
            rows: rows.base,
            stride: rows.stride,
            ids: UnsafeBufferPointer(start: slots, count: exact),
            dimension: dimension,
            into: similarities
        )
        sort(slots, similarities, count: exact)
        var found = Swift.min(count, exact)
        while found > 0, similarities[found &- 1] < minimum { found &-= 1 }
        guard found > 0 else { return [] }
        return [Neighbor](unsafeUninitializedCapacity: found) { buffer, initialized in
            for index in 0..<found {
                let neighbor = Neighbor(id: ids[Int(slots[index])], similarity: similarities[index])
                buffer.initializeElement(at: index, to: neighbor)
            }
            initialized = found
        }
    }

    /// Orders slots by falling score; equal scores in order of insertion.
    ///
    /// - Complexity: O(*n* log *n*); a few, or nearly sorted ones, are moved into their places.
    func sort<Score: Comparable & BitwiseCopyable>(
        _ slots: UnsafeMutablePointer<UInt32>,
        _ scores: UnsafeMutablePointer<Score>,
        count: Int
    ) {
        guard count <= Self.insertionSortLimit else { return sortMany(slots, scores, count: count) }
        var index = 1
        while index < count {
            let (slot, score) = (slots[index], scores[index])
            var hole = index
            while hole > 0 {
                let above = scores[hole &- 1]
                guard above < score || (above == score && stamps[Int(slots[hole &- 1])] > stamps[Int(slot)]) else {
                    break
                }
                slots[hole] = slots[hole &- 1]
                scores[hole] = above
                hole &-= 1
            }
            slots[hole] = slot
            scores[hole] = score
            index &+= 1
        }
    }

    /// More elements than this are sorted by the standard library, which allocates.
    private static var insertionSortLimit: Int { 128 }

    private func sortMany<Score: Comparable & BitwiseCopyable>(
        _ slots: UnsafeMutablePointer<UInt32>,
        _ scores: UnsafeMutablePointer<Score>,
        count: Int
    ) {
        var ranked = (0..<count).map { (slot: slots[$0], score: scores[$0]) }
        ranked.sort {
            $0.score > $1.score || ($0.score == $1.score && stamps[Int($0.slot)] < stamps[Int($1.slot)])
        }
        for (index, element) in ranked.enumerated() {
            slots[index] = element.slot
            scores[index] = element.score
        }
    }
}
