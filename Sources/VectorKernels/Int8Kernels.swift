internal import CVectorKernels

/// Inner products of eight-bit codes: a signed query against rows of unsigned, biased codes.
///
///     let padded = Int8Kernels.paddedLength(384)
///     let rowStep = Int8Kernels.quantize(row: vector, dimension: 384, into: code)
///     let queryStep = Int8Kernels.quantize(query: query, dimension: 384, into: queryCode)
///     Int8Kernels.dots(query: queryCode, rows: code, stride: padded, count: 1, dimension: 384, into: &sum)
///     // cosine ≈ Float(sum) * rowStep * queryStep
///
/// A row's code is 128 + round(x / step) with step = max |x| / 127, so every component is off by at most half a step.
/// Sums are exact integers, the same on every instruction set.
package enum Int8Kernels {
    /// Bytes of a code of `dimension` components; what lies beyond the components counts as zero.
    package static func paddedLength(_ dimension: Int) -> Int {
        let padding = Int(CVK_I8_PADDING)
        return (dimension + padding - 1) / padding * padding
    }

    /// Encodes a vector of finite components as a row of ``paddedLength(_:)`` bytes; returns its step.
    package static func quantize(
        row: UnsafePointer<Float>,
        dimension: Int,
        into code: UnsafeMutablePointer<UInt8>
    ) -> Float {
        cvk_i8_quantize_row(row, dimension, paddedLength(dimension), code)
    }

    /// Encodes a vector of finite components as a query of ``paddedLength(_:)`` bytes; returns its step.
    package static func quantize(
        query: UnsafePointer<Float>,
        dimension: Int,
        into code: UnsafeMutablePointer<Int8>
    ) -> Float {
        cvk_i8_quantize_query(query, dimension, paddedLength(dimension), code)
    }

    /// Sums of a query's codes times those of `count` consecutive rows that lie `stride` bytes apart.
    ///
    /// - Complexity: O(*n* · *d*); runs at memory bandwidth.
    package static func dots(
        query: UnsafePointer<Int8>,
        rows: UnsafePointer<UInt8>,
        stride: Int,
        count: Int,
        dimension: Int,
        into sums: UnsafeMutablePointer<Int32>
    ) {
        cvk_i8_dots_rows(query, rows, stride, count, paddedLength(dimension), sums)
    }

    /// Sums of a query's codes times those of the rows picked by number.
    ///
    /// - Complexity: O(*k* · *d*) for *k* ids; prefetches the rows to come.
    package static func dots(
        query: UnsafePointer<Int8>,
        rows: UnsafePointer<UInt8>,
        stride: Int,
        ids: UnsafeBufferPointer<UInt32>,
        dimension: Int,
        into sums: UnsafeMutablePointer<Int32>
    ) {
        guard let first = ids.baseAddress else { return }
        cvk_i8_dots_gather(query, rows, stride, first, ids.count, paddedLength(dimension), sums)
    }
}
