internal import CVectorKernels

/// Inner products of float32 vectors.
///
/// The pointer forms are the hot path: the caller owns the bounds, checked once per batch and not per row.
package enum Float32Kernels {
    /// Inner product of two vectors of the same dimension.
    ///
    /// - Complexity: O(*d*).
    @inlinable
    package static func dot(_ a: Span<Float>, _ b: Span<Float>) -> Float {
        precondition(a.count == b.count, "vectors of different dimension have no inner product")
        return a.withUnsafeBufferPointer { a in b.withUnsafeBufferPointer { b in dot(a, b) } }
    }

    @usableFromInline
    static func dot(_ a: UnsafeBufferPointer<Float>, _ b: UnsafeBufferPointer<Float>) -> Float {
        guard let first = a.baseAddress, let second = b.baseAddress else { return 0 }
        return cvk_f32_dot(first, second, a.count)
    }

    /// Inner product of two rows of `dimension` floats.
    package static func dot(_ a: UnsafePointer<Float>, _ b: UnsafePointer<Float>, dimension: Int) -> Float {
        cvk_f32_dot(a, b, dimension)
    }

    /// Inner products of a query with `count` consecutive rows that lie `stride` floats apart.
    ///
    /// - Complexity: O(*n* · *d*); runs at memory bandwidth.
    package static func dots(
        query: UnsafePointer<Float>,
        rows: UnsafePointer<Float>,
        stride: Int,
        count: Int,
        dimension: Int,
        into results: UnsafeMutablePointer<Float>
    ) {
        cvk_f32_dots_rows(query, rows, stride, count, dimension, results)
    }

    /// Inner products of a query with the rows of a slab picked by number.
    ///
    /// - Complexity: O(*k* · *d*) for *k* ids; prefetches the rows to come.
    package static func dots(
        query: UnsafePointer<Float>,
        rows: UnsafePointer<Float>,
        stride: Int,
        ids: UnsafeBufferPointer<UInt32>,
        dimension: Int,
        into results: UnsafeMutablePointer<Float>
    ) {
        guard let first = ids.baseAddress else { return }
        cvk_f32_dots_gather(query, rows, stride, first, ids.count, dimension, results)
    }

    /// Sum of the squares of a vector's components.
    package static func sumOfSquares(_ vector: Span<Float>) -> Float {
        vector.withUnsafeBufferPointer { buffer in
            guard let first = buffer.baseAddress else { return 0 }
            return cvk_f32_sum_of_squares(first, buffer.count)
        }
    }
}
