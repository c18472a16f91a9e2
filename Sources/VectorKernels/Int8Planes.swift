internal import CVectorKernels

/// Eight-bit codes stored as two planes of nibbles.
///
/// The high plane alone is a 4-bit quantiser of half the bytes: a walk over a graph scores every node it meets on it.
/// High and low plane together are the full code, for the few nodes that matter. All rows share one step, so that scores
/// of different rows compare as integers; vectors are rotated first, which makes one step right for all embedders.
///
/// ```
///   code byte of component i      c = 128 + round(x[i] / step), 1 … 255
///   high plane, 64 bytes per 128  c >> 4  of component j │ of component 64 + j      (low half │ high half of byte j)
///   low plane, 64 bytes per 128   c & 15  of component j │ of component 64 + j
/// ```
package enum Int8Planes {
    /// Ends a list of links that is not full.
    package static let endOfList = UInt32.max

    /// Blocks of 64 bytes in one plane of a row.
    package static func blocks(dimension: Int) -> Int {
        let block = CVK_NIBBLE_BLOCK
        return (dimension + block - 1) / block
    }

    /// Factors of ±1 that ``rotate(_:dimension:signs:)`` takes.
    package static func signCount(dimension: Int) -> Int {
        CVK_NIBBLE_ROTATION_ROUNDS * dimension
    }

    /// Rotates a vector in place: lengths and inner products stay, components become alike.
    ///
    /// - Complexity: O(*d* log *d*), about 0.4 µs at 384 components.
    package static func rotate(_ vector: UnsafeMutablePointer<Float>, dimension: Int, signs: UnsafePointer<Float>) {
        cvk_nibble_active().pointee.rotate(vector, dimension, signs)
    }

    /// Encodes a vector; components beyond 127 steps are clipped.
    package static func encode(
        _ vector: UnsafePointer<Float>,
        dimension: Int,
        inverseStep: Float,
        high: UnsafeMutablePointer<UInt8>,
        low: UnsafeMutablePointer<UInt8>
    ) {
        cvk_nibble_active().pointee.encode(vector, dimension, blocks(dimension: dimension), inverseStep, high, low)
    }

    /// Turns a row into a query of signed bytes, without loss.
    package static func decode(
        high: UnsafePointer<UInt8>,
        low: UnsafePointer<UInt8>,
        blocks: Int,
        into query: UnsafeMutablePointer<Int8>
    ) {
        cvk_nibble_active().pointee.decode(high, low, blocks, query)
    }

    /// Sum of a query's bytes.
    package static func sum(_ query: UnsafePointer<Int8>, blocks: Int) -> Int32 {
        cvk_nibble_query_sum(query, blocks)
    }

    /// Sums of query bytes times high nibbles, for the rows picked by number.
    package static func highDots(
        query: UnsafePointer<Int8>,
        high: UnsafePointer<UInt8>,
        blocks: Int,
        ids: UnsafePointer<UInt32>,
        count: Int,
        into sums: UnsafeMutablePointer<Int32>
    ) {
        cvk_nibble_active().pointee.high_dots(query, high, blocks, ids, count, sums)
    }

    /// Sums of query bytes times full codes less 128, for the rows picked by number.
    package static func fullDots(
        query: UnsafePointer<Int8>,
        high: UnsafePointer<UInt8>,
        low: UnsafePointer<UInt8>,
        blocks: Int,
        ids: UnsafePointer<UInt32>,
        count: Int,
        into sums: UnsafeMutablePointer<Int32>
    ) {
        cvk_nibble_active().pointee.full_dots(query, high, low, blocks, ids, count, sums)
    }

    /// Returns whether two lists of at most `limit` links have a node in common.
    package static func intersect(_ first: UnsafePointer<UInt32>, _ second: UnsafePointer<UInt32>, limit: Int) -> Bool {
        cvk_nibble_intersect(first, second, limit) != 0
    }
}
