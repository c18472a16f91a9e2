import CVectorKernels
import Testing
import VectorKernels

/// Every instruction set of this processor against the portable one.
@Suite struct Float32KernelsTests {
    /// What a float32 sum may be off by, relative to the sum of the magnitudes of its terms.
    static let tolerance: Float = 1e-5

    static let paths = InstructionSet.supported.map(\.rawValue)

    private func kernels(_ path: String) throws -> cvk_f32_table {
        let isa = cvk_isa_select(path)
        try #require(String(cString: cvk_isa_name(isa)) == path)
        return try #require(cvk_f32_kernels(isa)).pointee
    }

    private func magnitude(_ a: UnsafePointer<Float>, _ b: UnsafePointer<Float>, _ dimension: Int) -> Float {
        var sum: Float = 0
        for index in 0..<dimension { sum += abs(a[index] * b[index]) }
        return sum
    }

    @Test(arguments: paths)
    func dotEqualsTheSerialOneForEveryDimensionAndAlignment(path: String) throws {
        let (tested, serial) = (try kernels(path), try kernels("serial"))
        var random = SeededGenerator(seed: 2048)
        let (a, b) = (random.floats(2048 + 16), random.floats(2048 + 16))
        var worst: Float = 0
        for dimension in 1...2048 {
            let (first, second) = (dimension % 16, dimension / 16 % 16)
            a.withUnsafeBufferPointer { a in
                b.withUnsafeBufferPointer { b in
                    guard let x = a.baseAddress, let y = b.baseAddress else { return }
                    let difference =
                        tested.dot(x + first, y + second, dimension) - serial.dot(x + first, y + second, dimension)
                    worst = max(worst, abs(difference) / magnitude(x + first, y + second, dimension))
                    let squares = tested.sum_of_squares(x + first, dimension)
                    let reference = serial.sum_of_squares(x + first, dimension)
                    worst = max(worst, abs(squares - reference) / reference)
                }
            }
        }
        #expect(worst <= Self.tolerance)
    }

    @Test(arguments: paths, [1, 2, 7, 15, 16, 17, 31, 63, 64, 65, 100, 384, 387, 1023])
    func batchesEqualSingleProductsOnUnalignedRows(path: String, dimension: Int) throws {
        let (tested, serial) = (try kernels(path), try kernels("serial"))
        var random = SeededGenerator(seed: UInt64(dimension))
        let (count, stride) = (37, dimension + 3)
        let query = random.floats(dimension)
        let rows = random.floats(count * stride + 1)
        let ids: [UInt32] = (0..<50).map { _ in UInt32.random(in: 0..<UInt32(count), using: &random) }
        var consecutive = [Float](repeating: .nan, count: count)
        var gathered = [Float](repeating: .nan, count: ids.count)
        try rows.withUnsafeBufferPointer { buffer in
            let first = try #require(buffer.baseAddress) + 1
            tested.dots_rows(query, first, stride, count, dimension, &consecutive)
            tested.dots_gather(query, first, stride, ids, ids.count, dimension, &gathered)
            for row in 0..<count {
                let expected = serial.dot(query, first + row * stride, dimension)
                let bound = Self.tolerance * magnitude(query, first + row * stride, dimension)
                #expect(abs(consecutive[row] - expected) <= bound)
                for (index, id) in ids.enumerated() where id == row {
                    #expect(abs(gathered[index] - expected) <= bound)
                }
            }
        }
    }

    /// A kernel that reads past its vector would meet NaN here.
    @Test(arguments: paths)
    func readsNothingOutsideOfTheVectors(path: String) throws {
        let tested = try kernels(path)
        for dimension in 1...130 {
            var guarded = [Float](repeating: .nan, count: dimension + 64)
            for index in 32..<(32 + dimension) { guarded[index] = 1 }
            guarded.withUnsafeBufferPointer { buffer in
                guard let first = buffer.baseAddress else { return }
                #expect(tested.dot(first + 32, first + 32, dimension) == Float(dimension))
            }
        }
    }

    @Test func safeFaceUsesTheSameKernels() {
        #expect(Float32Kernels.dot([1, 2, 3].span, [4, 5, 6].span) == 32)
        #expect(Float32Kernels.dot([Float]().span, [Float]().span) == 0)
        #expect(Float32Kernels.sumOfSquares([3, 4].span) == 25)
    }
}
