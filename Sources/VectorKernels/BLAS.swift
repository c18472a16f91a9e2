internal import CBLAS

/// The two dense products that the index needs, row-major, on whatever CBLAS is loaded.
package enum BLAS {
    /// results = rows · query, for `count` rows of `dimension` floats that lie `stride` floats apart.
    package static func sgemv(
        rows: UnsafePointer<Float>,
        stride: Int,
        count: Int,
        dimension: Int,
        query: UnsafePointer<Float>,
        into results: UnsafeMutablePointer<Float>
    ) {
        cblas_sgemv(
            CblasRowMajor,
            CblasNoTrans,
            Int32(count),
            Int32(dimension),
            1,
            rows,
            Int32(stride),
            query,
            1,
            0,
            results,
            1
        )
    }

    /// results[i][j] = queries[i] · rows[j]: every inner product of two sets of rows.
    ///
    /// - Parameters:
    ///   - queries: `queryCount` rows, `queryStride` floats apart.
    ///   - rows: `rowCount` rows, `rowStride` floats apart.
    ///   - results: `queryCount` rows of `rowCount` floats, `resultStride` floats apart.
    package static func dots(
        queries: UnsafePointer<Float>,
        queryStride: Int,
        queryCount: Int,
        rows: UnsafePointer<Float>,
        rowStride: Int,
        rowCount: Int,
        dimension: Int,
        into results: UnsafeMutablePointer<Float>,
        resultStride: Int
    ) {
        cblas_sgemm(
            CblasRowMajor,
            CblasNoTrans,
            CblasTrans,
            Int32(queryCount),
            Int32(rowCount),
            Int32(dimension),
            1,
            queries,
            Int32(queryStride),
            rows,
            Int32(rowStride),
            0,
            results,
            Int32(resultStride)
        )
    }
}
