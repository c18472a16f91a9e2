internal import CBLAS

/// The directions along which vectors vary most, and the projection onto them.
///
///     let components = try PrincipalComponents.fit(rows: rows, stride: 1536, count: 20_000, dimension: 1536, keeping: 256)
///     components.project(vector, into: &coordinates)              // 256 numbers instead of 1,536
///
/// The leading eigenvectors of the covariance about the mean (Pearson 1901; Jolliffe, *Principal Component Analysis*,
/// 2002), by `cblas_ssyrk` and `LAPACKE_ssyevd`. Any rows are welcome: with fewer of them than dimensions, or with none
/// that differ, the directions along which nothing varies are an arbitrary orthonormal completion.
package struct PrincipalComponents: Sendable {
    /// Why there are none.
    package enum Failure: Error, Hashable, Sendable {
        /// No rows, or a component that is NaN or infinite.
        case unusableRows
        /// LAPACK did not find the eigenvectors; its code.
        case notConverged(Int)
    }

    /// Components of a vector.
    package let dimension: Int
    /// Directions kept.
    package let count: Int
    /// The mean of the rows.
    package let mean: [Float]
    /// `count` × `dimension`: orthonormal rows, by falling variance.
    package let basis: [Float]
    /// The variance along each direction.
    package let variances: [Float]
    /// The sum of the variances along all directions, kept or not.
    package let totalVariance: Float

    /// Fits the components of some rows.
    ///
    /// - Parameters:
    ///   - rows: `count` rows of `dimension` floats, `stride` floats apart.
    ///   - kept: directions to keep, 1 to `dimension`.
    /// - Complexity: O(*n* · *d*² + *d*³) multiplications.
    /// - Throws: ``Failure``.
    package static func fit(
        rows: UnsafePointer<Float>,
        stride: Int,
        count: Int,
        dimension: Int,
        keeping kept: Int
    ) throws(Failure) -> PrincipalComponents {
        precondition((1...dimension).contains(kept), "a projection keeps 1 to all directions")
        guard count > 0 else { throw .unusableRows }
        let mean = mean(rows: rows, stride: stride, count: count, dimension: dimension)
        guard mean.allSatisfy(\.isFinite) else { throw .unusableRows }
        var matrix = covariance(rows: rows, stride: stride, count: count, dimension: dimension, mean: mean)
        guard matrix.allSatisfy(\.isFinite) else { throw .unusableRows }
        let total = (0..<dimension).reduce(Float(0)) { $0 + matrix[$1 * dimension + $1] }
        var values = [Float](repeating: 0, count: dimension)
        let order = Int32(dimension)
        // The upper triangle by rows is the lower one by columns, and eigenvectors in columns lie one after the other.
        let status = LAPACKE_ssyevd(
            Int32(LAPACK_COL_MAJOR),
            CChar(UInt8(ascii: "V")),
            CChar(UInt8(ascii: "L")),
            order,
            &matrix,
            order,
            &values
        )
        guard status == 0 else { throw .notConverged(Int(status)) }
        var basis: [Float] = []
        basis.reserveCapacity(kept * dimension)
        // LAPACK sorts by rising eigenvalue.
        for index in Swift.stride(from: dimension - 1, through: dimension - kept, by: -1) {
            basis += matrix[(index * dimension)..<((index + 1) * dimension)]
        }
        return PrincipalComponents(
            dimension: dimension,
            count: kept,
            mean: mean,
            basis: basis,
            variances: values.suffix(kept).reversed().map { Swift.max($0, 0) },
            totalVariance: Swift.max(total, 0)
        )
    }

    /// The coordinates of `vector` - mean; what a direction that was not kept says is lost.
    ///
    /// - Complexity: O(`count` · *d*).
    package func project(_ vector: UnsafePointer<Float>, into coordinates: UnsafeMutablePointer<Float>) {
        withUnsafeTemporaryAllocation(of: Float.self, capacity: dimension) { centred in
            guard let first = centred.baseAddress else { return }
            for index in 0..<dimension { first[index] = vector[index] - mean[index] }
            rotate(first, into: coordinates)
        }
    }

    /// The inner products of `vector` with all directions, without centring: what an inner product with a projected
    /// vector needs.
    ///
    /// - Complexity: O(`count` · *d*).
    package func rotate(_ vector: UnsafePointer<Float>, into coordinates: UnsafeMutablePointer<Float>) {
        basis.withUnsafeBufferPointer { basis in
            guard let first = basis.baseAddress else { return }
            BLAS.sgemv(
                rows: first,
                stride: dimension,
                count: count,
                dimension: dimension,
                query: vector,
                into: coordinates
            )
        }
    }

    /// The vector that coordinates stand for.
    package func reconstruct(_ coordinates: [Float]) -> [Float] {
        precondition(coordinates.count == count, "one coordinate per direction")
        var vector = mean
        cblas_sgemv(
            CblasRowMajor,
            CblasTrans,
            Int32(count),
            Int32(dimension),
            1,
            basis,
            Int32(dimension),
            coordinates,
            1,
            1,
            &vector,
            1
        )
        return vector
    }

    private static func mean(rows: UnsafePointer<Float>, stride: Int, count: Int, dimension: Int) -> [Float] {
        var sums = [Double](repeating: 0, count: dimension)
        for row in 0..<count {
            let first = rows + row * stride
            for index in 0..<dimension { sums[index] += Double(first[index]) }
        }
        return sums.map { Float($0 / Double(count)) }
    }

    /// The upper triangle of Σ (x - mean)(x - mean)ᵀ / n, tile by tile of rows.
    private static func covariance(
        rows: UnsafePointer<Float>,
        stride: Int,
        count: Int,
        dimension: Int,
        mean: [Float]
    ) -> [Float] {
        let tileRows = 512
        var matrix = [Float](repeating: 0, count: dimension * dimension)
        var tile = [Float](repeating: 0, count: tileRows * dimension)
        for start in Swift.stride(from: 0, to: count, by: tileRows) {
            let used = Swift.min(tileRows, count - start)
            for row in 0..<used {
                let first = rows + (start + row) * stride
                for index in 0..<dimension { tile[row * dimension + index] = first[index] - mean[index] }
            }
            cblas_ssyrk(
                CblasRowMajor,
                CblasUpper,
                CblasTrans,
                Int32(dimension),
                Int32(used),
                1 / Float(count),
                tile,
                Int32(dimension),
                1,
                &matrix,
                Int32(dimension)
            )
        }
        return matrix
    }
}
