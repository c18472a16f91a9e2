internal import VectorKernels

/// Which code multiplies float32 rows with a query.
package enum RowKernel: Sendable {
    /// `cblas_sgemv` of the loaded BLAS.
    case blas
    /// The dispatched kernels of this package.
    case vector
}

// A search narrows intervals of similarity, pass by pass (see CandidateSelection):
//
//     int8 codes or sign bits, all rows ─► float32, the candidates ─► double, the finalists ─► order
//     or: float32, all rows ────────────────────────────────────────►
extension FlatStorage {
    /// Returns the entries nearest to a unit-length query, ordered as a double-precision brute force orders them.
    func nearest(
        to query: UnsafePointer<Float>,
        count wanted: Int,
        options: SearchOptions,
        kernel: RowKernel?,
        scratch: SearchScratch
    ) -> [Neighbor] {
        let wanted = Swift.min(wanted, count)
        guard wanted > 0 else { return [] }
        let radius = Self.roundingRadius(dimension: dimension)
        let floor = options.minimumSimilarity - radius
        scratch.settled.begin(wanted: wanted, floor: floor)
        switch quantization {
        case _ where projection.count == count && projection.candidates < count:
            // As with sign bits: estimates are no bounds.
            scratch.scanned.begin(wanted: Swift.max(projection.candidates, wanted), floor: -.infinity)
            scanProjection(query: query, filter: options.filter, scratch: scratch, into: &scratch.scanned)
            rerank(query: query, radius: radius, isBounded: false, scratch: scratch)
        case .int8 where int8.count == count:
            scratch.scanned.begin(wanted: wanted, floor: floor)
            scanInt8(query: query, filter: options.filter, scratch: scratch, into: &scratch.scanned)
            rerank(query: query, radius: radius, isBounded: true, scratch: scratch)
        case .signBits(let candidates) where signs.count == count && candidates < count:
            // Estimates are no bounds: the floor on the similarity has to wait for the exact pass.
            scratch.scanned.begin(wanted: Swift.max(candidates, wanted), floor: -.infinity)
            scanSigns(query: query, filter: options.filter, scratch: scratch, into: &scratch.scanned)
            rerank(query: query, radius: radius, isBounded: false, scratch: scratch)
        default:
            scanRows(
                query: query,
                radius: radius,
                filter: options.filter,
                kernel: kernel ?? preferredKernel,
                scratch: scratch,
                into: &scratch.settled
            )
        }
        scratch.settled.prune()
        return settle(query: query, wanted: wanted, floor: options.minimumSimilarity, scratch: scratch)
    }

    /// The kernel that measured better for rows of this size.
    ///
    /// OpenBLAS shares the query's registers among several rows, which wins as long as the rows come from a cache; this
    /// package's kernels fetch ahead, which doubles the speed from DRAM. Without a vector path of ours, BLAS has one.
    private var preferredKernel: RowKernel {
        let cacheBytes = 8 << 20
        return count * rows.rowBytes <= cacheBytes || InstructionSet.current == .serial ? .blas : .vector
    }

    /// How far a float32 inner product of two vectors of this index can be from the true one.
    ///
    /// Whatever the order of summation and with or without FMA, |fl(x·y) - x·y| <= γ Σ|xᵢyᵢ| with γ = d·u / (1 - d·u),
    /// u = 2⁻²⁴ (Higham, *Accuracy and Stability of Numerical Algorithms*, 3.1), and Σ|xᵢyᵢ| <= ‖x‖‖y‖ <= 1.001². Eight
    /// more units cover the rounding of the interval's own ends.
    static func roundingRadius(dimension: Int) -> Float {
        Float(dimension + 8) * 0x1p-24 * 1.02
    }

    /// Looks at all float32 rows.
    private func scanRows(
        query: UnsafePointer<Float>,
        radius: Float,
        filter: VectorFilter?,
        kernel: RowKernel,
        scratch: SearchScratch,
        into selection: inout CandidateSelection
    ) {
        let scores = scratch.scores.reserve(ScanBlocks.largest)
        let positions = scratch.positions.reserve(ScanBlocks.largest)
        var blocks = ScanBlocks(count: count)
        while let block = blocks.next() {
            multiply(block, query: query, into: scores, kernel: kernel)
            collect(
                scores,
                block: block,
                radius: radius,
                filter: filter,
                positions: positions,
                into: &selection
            )
        }
    }

    /// Offers the rows of a block whose score, known within a radius, reaches the threshold.
    func collect(
        _ scores: UnsafePointer<Float>,
        block: Range<Int>,
        radius: Float,
        filter: VectorFilter?,
        positions: UnsafeMutablePointer<UInt32>,
        into selection: inout CandidateSelection
    ) {
        let found = Selection.positions(
            of: scores,
            count: block.count,
            atLeast: selection.threshold - radius,
            into: positions
        )
        for index in 0..<found {
            let position = Int(positions[index])
            let slot = block.lowerBound &+ position
            if let filter, !filter.passes(attributes[slot]) { continue }
            let score = scores[position]
            selection.offer(slot: UInt32(slot), lower: score - radius, upper: score + radius)
        }
    }

    private func multiply(
        _ block: Range<Int>,
        query: UnsafePointer<Float>,
        into scores: UnsafeMutablePointer<Float>,
        kernel: RowKernel
    ) {
        let first = rows.row(block.lowerBound)
        switch kernel {
        case .blas:
            BLAS.sgemv(
                rows: first,
                stride: rows.stride,
                count: block.count,
                dimension: dimension,
                query: query,
                into: scores
            )
        case .vector:
            Float32Kernels.dots(
                query: query,
                rows: first,
                stride: rows.stride,
                count: block.count,
                dimension: dimension,
                into: scores
            )
        }
    }

    /// Looks at the float32 rows of the candidates in `scratch.scanned`, the most promising first.
    ///
    /// - Parameter isBounded: whether the candidates' upper ends are bounds; then the pass ends at the first one that
    ///   cannot reach what is already known.
    private func rerank(query: UnsafePointer<Float>, radius: Float, isBounded: Bool, scratch: SearchScratch) {
        let chunk = 16
        scratch.scanned.prune()
        if isBounded { scratch.scanned.sortByUpper() }
        let candidates = scratch.scanned.keptSlots
        let scores = scratch.scores.reserve(ScanBlocks.largest)
        var start = 0
        while start < candidates.count {
            if isBounded, scratch.scanned.upper(start) < scratch.settled.threshold { return }
            let end = Swift.min(start + chunk, candidates.count)
            let ids = UnsafeBufferPointer(rebasing: candidates[start..<end])
            Float32Kernels.dots(
                query: query,
                rows: rows.base,
                stride: rows.stride,
                ids: ids,
                dimension: dimension,
                into: scores
            )
            for (index, slot) in ids.enumerated() {
                scratch.settled.offer(slot: slot, lower: scores[index] - radius, upper: scores[index] + radius)
            }
            start = end
        }
    }

    /// Orders the candidates in `scratch.settled` by their double-precision similarity, ties by insertion.
    func settle(
        query: UnsafePointer<Float>,
        wanted: Int,
        floor: Float,
        scratch: SearchScratch
    ) -> [Neighbor] {
        let candidates = scratch.settled.keptSlots
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
