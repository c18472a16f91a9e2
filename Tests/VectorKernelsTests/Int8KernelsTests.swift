import CVectorKernels
import Testing
import VectorKernels

/// Every instruction set against the portable code and, for that, plain loops.
@Suite struct Int8KernelsTests {
    private static let sets = [CVK_ISA_SERIAL, CVK_ISA_AVX2, CVK_ISA_AVX512, CVK_ISA_AVX512VNNI, CVK_ISA_NEON]
        .filter { cvk_isa_supported($0) }

    private func dot(_ a: [Float], _ b: [Float]) -> Float {
        var sum: Float = 0
        for index in a.indices { sum += a[index] * b[index] }
        return sum
    }

    /// The sum by a plain loop.
    private func sum(_ query: [Int8], _ count: Int, code: (Int) -> Int32) -> Int32 {
        var sum: Int32 = 0
        for index in 0..<count { sum += Int32(query[index]) * code(index) }
        return sum
    }

    /// Random codes, and the largest ones, where 16-bit sums would saturate.
    private func codes(_ count: Int, extreme: Bool, _ random: inout SeededGenerator) -> ([Int8], [UInt8]) {
        let query: [Int8] = (0..<count).map { _ in
            if extreme { return Bool.random(using: &random) ? 127 : -127 }
            return Int8.random(in: -127...127, using: &random)
        }
        let rows: [UInt8] = (0..<(23 * count)).map { _ in
            if extreme { return Bool.random(using: &random) ? 255 : 1 }
            return UInt8.random(in: 1...255, using: &random)
        }
        return (query, rows)
    }

    @Test(arguments: [64, 128, 384, 448, 768, 1536], [false, true])
    func sumsAreExact(padded: Int, extreme: Bool) throws {
        var random = SeededGenerator(seed: UInt64(padded))
        let (query, rows) = codes(padded, extreme: extreme, &random)
        let ids = (0..<23).map { _ in UInt32.random(in: 0..<23, using: &random) }
        let expected = (0..<23).map { row in
            sum(query, padded) { Int32(rows[row * padded + $0]) - 128 }
        }
        for set in Self.sets {
            let kernels = try #require(cvk_i8_kernels(set)).pointee
            var sums = [Int32](repeating: 0, count: 23)
            kernels.dots_rows(query, rows, padded, 23, padded, &sums)
            #expect(sums == expected)
            kernels.dots_gather(query, rows, padded, ids, 23, padded, &sums)
            #expect(sums == ids.map { expected[Int($0)] })
        }
    }

    @Test(arguments: [1, 2, 3, 5, 6, 8, 12, 13], [false, true])
    func planeSumsAreExact(blocks: Int, extreme: Bool) throws {
        var random = SeededGenerator(seed: UInt64(blocks))
        let count = blocks * 128
        let (query, values) = codes(count, extreme: extreme, &random)
        var high = [UInt8](repeating: 0, count: 23 * blocks * 64)
        var low = high
        for row in 0..<23 {
            for component in 0..<count {
                let byte = row * blocks * 64 + component / 128 * 64 + component % 64
                let shift = component % 128 < 64 ? 0 : 4
                high[byte] |= (values[row * count + component] >> 4) << UInt8(shift)
                low[byte] |= (values[row * count + component] & 15) << UInt8(shift)
            }
        }
        let ids = Array(0..<23 as Range<UInt32>)
        let highSums = (0..<23).map { row in sum(query, count) { Int32(values[row * count + $0] >> 4) } }
        let fullSums = (0..<23).map { row in sum(query, count) { Int32(values[row * count + $0]) - 128 } }
        for set in Self.sets {
            let kernels = try #require(cvk_nibble_kernels(set)).pointee
            var sums = [Int32](repeating: 0, count: 23)
            kernels.high_dots(query, high, blocks, ids, 23, &sums)
            #expect(sums == highSums)
            kernels.full_dots(query, high, low, blocks, ids, 23, &sums)
            #expect(sums == fullSums)
            var decoded = [Int8](repeating: 0, count: count)
            kernels.decode(high, low, blocks, &decoded)
            #expect(decoded == values.prefix(count).map { Int8(Int($0) - 128) })
        }
    }

    @Test(arguments: [1, 2, 7, 8, 100, 384, 768, 1000])
    func rotationKeepsInnerProducts(dimension: Int) throws {
        var random = SeededGenerator(seed: UInt64(dimension))
        let first = random.floats(dimension)
        let second = random.floats(dimension)
        let signs = (0..<(2 * dimension)).map { _ in Bool.random(using: &random) ? Float(1) : -1 }
        let product = dot(first, second)
        let length = dot(first, first)
        let tolerance = 1e-6 * Float(dimension)
        for set in Self.sets {
            let kernels = try #require(cvk_nibble_kernels(set)).pointee
            var (one, other) = (first, second)
            kernels.rotate(&one, dimension, signs)
            kernels.rotate(&other, dimension, signs)
            #expect(abs(dot(one, other) - product) <= tolerance)
            #expect(abs(dot(one, one) - length) <= tolerance)
        }
    }

    /// The point of the rotation: whatever the embedder puts into a few components is spread over all.
    @Test func rotationSpreadsWhatIsConcentrated() throws {
        var random = SeededGenerator(seed: 5)
        let signs = (0..<768).map { _ in Bool.random(using: &random) ? Float(1) : -1 }
        for position in [0, 100, 200, 383] {
            var vector = [Float](repeating: 0, count: 384)
            vector[position] = 1
            cvk_nibble_active().pointee.rotate(&vector, 384, signs)
            #expect(vector.map(abs).max() ?? 1 < 0.35)
        }
    }

    @Test func quantisationIsOffByHalfAStepAtMost() throws {
        var random = SeededGenerator(seed: 6)
        let vector = random.floats(100)
        for set in Self.sets {
            let kernels = try #require(cvk_i8_kernels(set)).pointee
            var row = [UInt8](repeating: 0, count: 128)
            var query = [Int8](repeating: 0, count: 128)
            let rowStep = kernels.quantize_row(vector, 100, 128, &row)
            let queryStep = kernels.quantize_query(vector, 100, 128, &query)
            for index in 0..<100 {
                #expect(abs((Float(row[index]) - 128) * rowStep - vector[index]) <= rowStep * 0.5001)
                #expect(abs(Float(query[index]) * queryStep - vector[index]) <= queryStep * 0.5001)
            }
            #expect(row[100...].allSatisfy { $0 == 128 } && query[100...].allSatisfy { $0 == 0 })
            let zeros = [Float](repeating: 0, count: 100)
            #expect(kernels.quantize_row(zeros, 100, 128, &row) == 0)
            #expect(row.allSatisfy { $0 == 128 })
        }
    }

    @Test func expansionVisitsEachNodeOnce() throws {
        var random = SeededGenerator(seed: 7)
        let codes = (0..<(50 * 64)).map { _ in UInt8.random(in: 0...255, using: &random) }
        let query = (0..<128).map { _ in Int8.random(in: -127...127, using: &random) }
        let lists: [[UInt32]] = [[3, 9, 40, 2, .max, .max, .max, .max], [9, 7, 3, 11, 12, 13, 14, 15]]
        for set in Self.sets {
            let kernels = try #require(cvk_nibble_kernels(set)).pointee
            var all = [Int32](repeating: 0, count: 50)
            kernels.high_dots(query, codes, 1, Array(0..<50 as Range<UInt32>), 50, &all)
            var visited = [UInt8](repeating: 0, count: 50)
            visited[40] = 9
            var ids = [UInt32](repeating: 0, count: 17)
            var scores = [Int32](repeating: 0, count: 17)
            let floor = all[11]
            let kept = visited.withUnsafeMutableBufferPointer { visited in
                lists[0].withUnsafeBufferPointer { first in
                    lists[1].withUnsafeBufferPointer { second in
                        query.withUnsafeBufferPointer { query in
                            codes.withUnsafeBufferPointer { codes in
                                var walk = cvk_nibble_walk(
                                    query: query.baseAddress,
                                    codes: codes.baseAddress,
                                    blocks: 1,
                                    degree: 8,
                                    rows: nil,
                                    visited: visited.baseAddress,
                                    epoch: 9
                                )
                                let pointers = [first.baseAddress, second.baseAddress]
                                return kernels.expand(&walk, pointers, 2, floor, &ids, &scores)
                            }
                        }
                    }
                }
            }
            let expected = [3, 9, 2, 7, 11, 12, 13, 14, 15].filter { all[$0] > floor }
            #expect(ids.prefix(kept).map(Int.init) == expected)
            #expect(scores.prefix(kept).map(\.self) == expected.map { all[$0] })
            #expect([3, 9, 40, 2, 7, 11, 12, 13, 14, 15].allSatisfy { visited[$0] == 9 })
            #expect(visited.count { $0 == 9 } == 10)
        }
    }
}
