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

    /// Standard deviations of the quantisation error beyond which a candidate is given up.
    private static var deviations: Float { 3.5 }

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
        guard liveCount > 0, count > 0 else { return [] }
        let start = descend(to: 0, query: query.code, scratch: scratch)
        let effort = Swift.max(options.effort ?? configuration.searchEffort, count)
        scratch.pool.begin(limit: effort)
        explore(
            level: 0,
            from: start,
            query: query.code,
            patience: .unlimited,
            pool: &scratch.pool,
            scratch: scratch
        )
        return settle(scratch.pool, query: query, count: count, minimum: options.minimumSimilarity, scratch: scratch)
    }

    /// Compares the best of a walk on full codes, and the best of those exactly.
    func settle(
        _ pool: borrowing CandidatePool,
        query: Query,
        count: Int,
        minimum: Float,
        scratch: HNSWScratch
    ) -> [Neighbor] {
        let slots = scratch.finalists.reserve(pool.count + 1)
        let scores = scratch.finalScores.reserve(pool.count + 1)
        let similarities = scratch.similarities.reserve(pool.count + 1)
        // The error of a score on the high plane: 16 steps, uniform, averaged with the query's weights.
        let highError = 16 * step / Float(12).squareRoot() * Self.deviations
        let highUnit = 16 * query.scale
        let worst = pool.score(Swift.min(count, pool.count) - 1)
        let lowest = Float(worst) - 2 * highError / highUnit
        var finalists = 0
        while finalists < pool.count, Float(pool.score(finalists)) >= lowest {
            slots[finalists] = pool.slot(finalists)
            finalists += 1
        }
        score(slots, count: finalists, query: query.code, into: scores)
        sort(slots, scores, count: finalists)
        let wanted = Swift.min(count, finalists)
        let fullError = step * Self.deviations * 0.6
        let limit = Float(scores[wanted - 1]) * query.scale - 2 * fullError
        var exact = 0
        while exact < finalists, Float(scores[exact]) * query.scale >= limit { exact += 1 }
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
        while found > 0, similarities[found - 1] < minimum { found -= 1 }
        guard found > 0 else { return [] }
        return [Neighbor](unsafeUninitializedCapacity: found) { buffer, initialized in
            for index in 0..<found {
                buffer.initializeElement(
                    at: index,
                    to: Neighbor(id: ids[Int(slots[index])], similarity: similarities[index])
                )
            }
            initialized = found
        }
    }

    /// Orders slots by falling score; equal scores in order of insertion.
    private func sort<Score: Comparable & BitwiseCopyable>(
        _ slots: UnsafeMutablePointer<UInt32>,
        _ scores: UnsafeMutablePointer<Score>,
        count: Int
    ) {
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
}
