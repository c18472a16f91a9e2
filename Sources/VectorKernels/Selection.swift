internal import CVectorKernels

/// What a scan does with its scores.
package enum Selection {
    /// Writes the positions, ascending, of the scores that reach a threshold; returns how many there are.
    ///
    /// - Parameter positions: room for as many entries as there are scores.
    package static func positions(
        of scores: UnsafePointer<Float>,
        count: Int,
        atLeast threshold: Float,
        into positions: UnsafeMutablePointer<UInt32>
    ) -> Int {
        cvk_select_at_least(scores, count, threshold, positions)
    }

    /// Inner products in double precision, summed in component order: bit for bit those of the plain loop.
    package static func exactDots(
        query: UnsafePointer<Float>,
        rows: UnsafePointer<Float>,
        stride: Int,
        ids: UnsafeBufferPointer<UInt32>,
        dimension: Int,
        into results: UnsafeMutablePointer<Double>
    ) {
        guard let first = ids.baseAddress else { return }
        cvk_exact_dots_gather(query, rows, stride, first, ids.count, dimension, results)
    }
}

extension Selection {
    /// scores = sums · steps · step + errors · error, row by row: int8 inner products plus their rows' share of the error.
    package static func scale(
        sums: UnsafePointer<Int32>,
        steps: UnsafePointer<Float>,
        errors: UnsafePointer<Float>,
        count: Int,
        step: Float,
        error: Float,
        into scores: UnsafeMutablePointer<Float>
    ) {
        cvk_select_scale_sums(sums, steps, errors, count, step, error, scores)
    }

    /// scores = (sums · factor + offset) · weights, row by row: sign-bit sums as estimates of inner products.
    package static func scale(
        estimates sums: UnsafePointer<UInt16>,
        weights: UnsafePointer<Float>,
        count: Int,
        factor: Float,
        offset: Float,
        into scores: UnsafeMutablePointer<Float>
    ) {
        cvk_select_scale_estimates(sums, weights, count, factor, offset, scores)
    }

    /// The length of what an int8 row has lost of its vector.
    package static func residual(
        row vector: UnsafePointer<Float>,
        code: UnsafePointer<UInt8>,
        step: Float,
        dimension: Int
    ) -> Double {
        cvk_exact_row_residual(vector, code, step, dimension)
    }

    /// The length of what an int8 query has lost of its vector.
    package static func residual(
        query vector: UnsafePointer<Float>,
        code: UnsafePointer<Int8>,
        step: Float,
        dimension: Int
    ) -> Double {
        cvk_exact_query_residual(vector, code, step, dimension)
    }
}
