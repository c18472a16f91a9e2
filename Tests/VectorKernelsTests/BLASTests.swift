import Testing
import VectorKernels

@Suite struct BLASTests {
    @Test(arguments: [1, 7, 64, 384])
    func productsEqualPlainLoops(dimension: Int) {
        var random = SeededGenerator(seed: UInt64(dimension))
        let (rowCount, queryCount, stride) = (13, 5, dimension + 4)
        let (rows, queries) = (random.floats(rowCount * stride), random.floats(queryCount * dimension))
        var single = [Float](repeating: .nan, count: rowCount)
        var batch = [Float](repeating: .nan, count: queryCount * (rowCount + 2))
        BLAS.sgemv(
            rows: rows,
            stride: stride,
            count: rowCount,
            dimension: dimension,
            query: queries,
            into: &single
        )
        BLAS.dots(
            queries: queries,
            queryStride: dimension,
            queryCount: queryCount,
            rows: rows,
            rowStride: stride,
            rowCount: rowCount,
            dimension: dimension,
            into: &batch,
            resultStride: rowCount + 2
        )
        for query in 0..<queryCount {
            for row in 0..<rowCount {
                var sum = 0.0
                for index in 0..<dimension {
                    sum += Double(queries[query * dimension + index]) * Double(rows[row * stride + index])
                }
                #expect(abs(Double(batch[query * (rowCount + 2) + row]) - sum) < 1e-4)
                if query == 0 { #expect(abs(Double(single[row]) - sum) < 1e-4) }
            }
        }
    }

    @Test func namesTheLibraryThatWasLoaded() {
        let provider = BLASProvider.current
        #expect(!provider.name.isEmpty)
        #expect(provider.path.hasPrefix("/"), "cblas_sgemv comes from a file: \(provider)")
        #expect(provider.isReference == provider.name.contains("reference"))
    }
}
