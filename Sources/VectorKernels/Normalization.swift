/// Checks and unit length for vectors that come from outside.
package enum Normalization {
    /// What is wrong with a vector that has no direction.
    package enum Failure: Error, Hashable, Sendable {
        /// A component is NaN or infinite, or the length overflows.
        case notFinite
        /// All components are zero (or so small that their squares vanish).
        case zeroVector
    }

    /// How far from 1 a length may be before a vector is rescaled.
    ///
    /// Embedders return unit vectors rounded to float32; rescaling those would only move their last bits.
    package static let tolerance: Float = 1e-3

    /// Returns the factor that brings a vector to unit length: exactly 1 when it is already within ``tolerance``.
    ///
    /// - Complexity: O(*d*), one pass for ordinary vectors.
    /// - Throws: ``Failure`` when the vector has no direction.
    package static func unitScale(of vector: Span<Float>) throws(Failure) -> Float {
        let squared = Float32Kernels.sumOfSquares(vector)
        if squared.isFinite, squared > .leastNormalMagnitude {
            let length = squared.squareRoot()
            return abs(length - 1) <= tolerance ? 1 : 1 / length
        }
        return try extremeScale(of: vector)
    }

    /// Handles vectors whose sum of squares leaves the range of float32, in double precision.
    private static func extremeScale(of vector: Span<Float>) throws(Failure) -> Float {
        var squared = 0.0
        for index in vector.indices {
            guard vector[index].isFinite else { throw .notFinite }
            squared += Double(vector[index]) * Double(vector[index])
        }
        guard squared > 0 else { throw .zeroVector }
        let scale = Float(1 / squared.squareRoot())
        // Subnormal components carry too few bits to define a direction, and 1 / length may not be a float32 at all.
        guard scale.isFinite, scale > 0 else { throw scale > 0 ? .zeroVector : .notFinite }
        return scale
    }
}
