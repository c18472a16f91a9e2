internal import VectorKernels

extension FlatStorage {
    /// Looks at the int8 codes of all rows; the intervals it offers contain the true similarities.
    ///
    /// Let q̂ and x̂ be what the codes of query and row stand for. Then
    ///
    ///     q·x = q̂·x̂ + q̂·(x - x̂) + (q - q̂)·x
    ///     |q·x - q̂·x̂| <= ‖q̂‖ ‖x - x̂‖ + ‖q - q̂‖ ‖x‖                              (Cauchy–Schwarz, twice)
    ///
    /// where q̂·x̂ = step(q) · step(x) · Σ with an integer Σ that is exact, ‖x - x̂‖ is stored with the row (rounded up),
    /// ‖q - q̂‖ is computed for the query, ‖x‖ <= 1.0011 for every row of an index, and ‖q̂‖ <= ‖q‖ + ‖q - q̂‖. An entry
    /// whose interval does not reach the k-th largest lower end is therefore not among the k nearest, whatever the
    /// vectors; ones that quantise badly get wide intervals and are looked at in float32.
    func scanInt8(
        query: UnsafePointer<Float>,
        filter: VectorFilter?,
        scratch: SearchScratch,
        into selection: inout CandidateSelection
    ) {
        let code = scratch.queryCode.reserve(int8.codes.stride)
        let step = Int8Kernels.quantize(query: query, dimension: dimension, into: code)
        let lost = Float(Selection.residual(query: query, code: code, step: step, dimension: dimension)).nextUp
        let error = Self.greatestLength + lost * 1.001
        // The second term, and the float32 rounding of the interval's ends: below ten units of 2⁻²⁴ at magnitude 4.
        let constant = lost * Self.greatestLength * 1.001 + 4e-6
        let sums = scratch.sums.reserve(ScanBlocks.largest)
        let scores = scratch.scores.reserve(ScanBlocks.largest)
        let positions = scratch.positions.reserve(ScanBlocks.largest)
        var blocks = ScanBlocks(count: count)
        int8.steps.withUnsafeBufferPointer { steps in
            int8.errors.withUnsafeBufferPointer { errors in
                guard let firstStep = steps.baseAddress, let firstError = errors.baseAddress else { return }
                while let block = blocks.next() {
                    let first = block.lowerBound
                    Int8Kernels.dots(
                        query: code,
                        rows: int8.codes.row(first),
                        stride: int8.codes.stride,
                        count: block.count,
                        dimension: dimension,
                        into: sums
                    )
                    Selection.scale(
                        sums: sums,
                        steps: firstStep + first,
                        errors: firstError + first,
                        count: block.count,
                        step: step,
                        error: error,
                        into: scores
                    )
                    let found = Selection.positions(
                        of: scores,
                        count: block.count,
                        atLeast: selection.threshold - constant,
                        into: positions
                    )
                    for index in 0..<found {
                        let position = Int(positions[index])
                        let slot = first &+ position
                        if let filter, !filter.passes(attributes[slot]) { continue }
                        let upper = scores[position] + constant
                        let width = 2 * (errors[slot] * error + constant)
                        selection.offer(slot: UInt32(slot), lower: upper - width, upper: upper)
                    }
                }
            }
        }
    }

    /// What the length of a row or query can be, given that vectors within a thousandth of 1 are taken as they are.
    private static var greatestLength: Float { 1.0011 }

    /// Looks at the sign bits of all rows; offers estimates of the similarity.
    func scanSigns(
        query: UnsafePointer<Float>,
        filter: VectorFilter?,
        scratch: SearchScratch,
        into selection: inout CandidateSelection
    ) {
        let tables = scratch.tables.reserve(SignBitKernels.tableBytes(dimension: dimension))
        let (factor, offset) = SignBitKernels.prepare(query, dimension: dimension, tables: tables)
        let pairs = SignBitKernels.pairs(dimension: dimension)
        let blockRows = SignBitKernels.blockRows
        let sums = scratch.shortSums.reserve(ScanBlocks.largest)
        let scores = scratch.scores.reserve(ScanBlocks.largest)
        let positions = scratch.positions.reserve(ScanBlocks.largest)
        var blocks = ScanBlocks(count: count)
        signs.weights.withUnsafeBufferPointer { weights in
            guard let firstWeight = weights.baseAddress else { return }
            while let block = blocks.next() {
                let first = block.lowerBound
                SignBitKernels.sums(
                    tables: tables,
                    blocks: signs.blocks.row(first / blockRows),
                    pairs: pairs,
                    blockCount: (block.count + blockRows - 1) / blockRows,
                    into: sums
                )
                Selection.scale(
                    estimates: sums,
                    weights: firstWeight + first,
                    count: block.count,
                    factor: factor,
                    offset: offset,
                    into: scores
                )
                collect(scores, block: block, radius: 0, filter: filter, positions: positions, into: &selection)
            }
        }
    }
}
