internal import VectorKernels

/// Which code multiplies rows with a query.
package enum RowKernel: Sendable {
    /// `cblas_sgemv` of the loaded BLAS.
    case blas
    /// The dispatched kernels of this package.
    case vector
}

extension FlatStorage {
    /// Rows per kernel call: their scores fit the first-level cache.
    ///
    /// The first blocks are smaller, so that a threshold is known before most rows are looked at.
    static var largestBlock: Int { 4096 }
    static var firstBlock: Int { 64 }

    /// Returns the entries nearest to a unit-length query, exactly as a double-precision brute force orders them.
    ///
    /// 1. One pass in float32 keeps every entry whose interval of similarity reaches the k-th best.
    /// 2. Those few are settled in double precision; equal similarities are ordered by insertion.
    func nearest(
        to query: UnsafePointer<Float>,
        count wanted: Int,
        options: SearchOptions,
        kernel: RowKernel,
        scratch: SearchScratch
    ) -> [Neighbor] {
        guard wanted > 0, count > 0 else { return [] }
        let radius = Self.roundingRadius(dimension: dimension)
        scratch.scanned.begin(wanted: Swift.min(wanted, count), floor: options.minimumSimilarity - radius)
        scan(query: query, radius: radius, filter: options.filter, kernel: kernel, scratch: scratch)
        scratch.scanned.prune()
        return settle(query: query, wanted: wanted, floor: options.minimumSimilarity, scratch: scratch)
    }

    /// How far a float32 inner product of two vectors of this index can be from the true one.
    ///
    /// Whatever the order of summation and with or without FMA, |fl(x·y) - x·y| <= γ Σ|xᵢyᵢ| with γ = d·u / (1 - d·u),
    /// u = 2⁻²⁴ (Higham, *Accuracy and Stability of Numerical Algorithms*, 3.1), and Σ|xᵢyᵢ| <= ‖x‖‖y‖ <= 1.001². Eight
    /// more units cover the rounding of the interval's own ends.
    static func roundingRadius(dimension: Int) -> Float {
        Float(dimension + 8) * 0x1p-24 * 1.02
    }

    private func scan(
        query: UnsafePointer<Float>,
        radius: Float,
        filter: VectorFilter?,
        kernel: RowKernel,
        scratch: SearchScratch
    ) {
        let scores = scratch.scores.reserve(Self.largestBlock)
        let positions = scratch.positions.reserve(Self.largestBlock)
        var start = 0
        var block = Self.firstBlock
        while start < count {
            let length = Swift.min(block, count &- start)
            multiply(rows.row(start), count: length, query: query, into: scores, kernel: kernel)
            let found = Selection.positions(
                of: scores,
                count: length,
                atLeast: scratch.scanned.threshold - radius,
                into: positions
            )
            for index in 0..<found {
                let position = Int(positions[index])
                let slot = start &+ position
                if let filter, !filter.passes(attributes[slot]) { continue }
                let score = scores[position]
                scratch.scanned.offer(slot: UInt32(slot), lower: score - radius, upper: score + radius)
            }
            start &+= length
            block = Swift.min(block &* 2, Self.largestBlock)
        }
    }

    private func multiply(
        _ first: UnsafePointer<Float>,
        count: Int,
        query: UnsafePointer<Float>,
        into scores: UnsafeMutablePointer<Float>,
        kernel: RowKernel
    ) {
        switch kernel {
        case .blas:
            BLAS.sgemv(
                rows: first,
                stride: rows.stride,
                count: count,
                dimension: dimension,
                query: query,
                into: scores
            )
        case .vector:
            Float32Kernels.dots(
                query: query,
                rows: first,
                stride: rows.stride,
                count: count,
                dimension: dimension,
                into: scores
            )
        }
    }

    /// Orders the candidates left in `scratch.scanned` by their double-precision similarity.
    func settle(
        query: UnsafePointer<Float>,
        wanted: Int,
        floor: Float,
        scratch: SearchScratch
    ) -> [Neighbor] {
        let candidates = scratch.scanned.keptSlots
        let total = candidates.count
        guard total > 0 else { return [] }
        let exact = scratch.exact.reserve(total)
        Selection.exactDots(
            query: query,
            rows: rows.base,
            stride: rows.stride,
            ids: candidates,
            dimension: dimension,
            into: exact
        )
        var order = UnsafeMutableBufferPointer(start: scratch.order.reserve(total), count: total)
        for index in 0..<total { order[index] = UInt32(index) }
        order.sort { left, right in
            let (first, second) = (exact[Int(left)], exact[Int(right)])
            if first != second { return first > second }
            return sequence[Int(candidates[Int(left)])] < sequence[Int(candidates[Int(right)])]
        }
        var length = Swift.min(wanted, total)
        while length > 0, Float(exact[Int(order[length - 1])]) < floor { length -= 1 }
        return [Neighbor](unsafeUninitializedCapacity: length) { result, initialized in
            for index in 0..<length {
                let candidate = Int(order[index])
                result.initializeElement(
                    at: index,
                    to: Neighbor(id: ids[Int(candidates[candidate])], similarity: Float(exact[candidate]))
                )
            }
            initialized = length
        }
    }
}
