internal import VectorKernels

/// The check that every vector passes on its way into an index or a search.
package enum UnitVector {
    /// Returns the factor that brings a vector to unit length, 1 for nearly all.
    ///
    /// - Throws: ``VectorIndexError`` when the vector has another dimension or no direction.
    package static func scale(of vector: [Float], dimension: Int) throws(VectorIndexError) -> Float {
        guard vector.count == dimension else {
            throw .dimensionMismatch(expected: dimension, actual: vector.count)
        }
        do throws(Normalization.Failure) {
            return try Normalization.unitScale(of: vector.span)
        } catch {
            throw error == .zeroVector ? .zeroVector : .notFinite
        }
    }

    /// Copies a checked vector to a row, scaled to unit length.
    package static func copy(_ vector: [Float], scale: Float, to row: UnsafeMutablePointer<Float>) {
        vector.withUnsafeBufferPointer { source in
            if scale == 1, let first = source.baseAddress {
                row.update(from: first, count: source.count)
            } else {
                for index in source.indices { row[index] = source[index] * scale }
            }
        }
    }
}
