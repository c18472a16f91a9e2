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
