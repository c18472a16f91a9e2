import CVectorKernels
import Testing
import VectorKernels

@Suite struct SignBitKernelsTests {
    @Test(arguments: InstructionSet.supported.map(\.rawValue), [1, 7, 8, 9, 96, 384, 387, 1536, 2048, 3072])
    func sumsEqualTheSerialOnes(path: String, dimension: Int) throws {
        let tested = try #require(cvk_bits_kernels(cvk_isa_select(path))).pointee
        let serial = try #require(cvk_bits_kernels(CVK_ISA_SERIAL)).pointee
        var random = SeededGenerator(seed: UInt64(dimension))
        let (rows, pairs) = (192, SignBitKernels.pairs(dimension: dimension))
        let blocks = (0..<(rows * pairs)).map { _ in UInt8.random(in: 0...255, using: &random) }
        // The extreme tables too: every entry at the largest value that the two limits allow.
        let query = random.floats(dimension)
        for query in [query, [Float](repeating: 1, count: dimension), [Float](repeating: 0, count: dimension)] {
            var tables = [UInt8](repeating: 0, count: SignBitKernels.tableBytes(dimension: dimension))
            _ = SignBitKernels.prepare(query, dimension: dimension, tables: &tables)
            var (sums, expected) = ([UInt16](repeating: 1, count: rows), [UInt16](repeating: 2, count: rows))
            tested.sums(tables, blocks, pairs, rows / 64, &sums)
            serial.sums(tables, blocks, pairs, rows / 64, &expected)
            #expect(sums == expected)
        }
    }

    @Test(arguments: [1, 8, 100, 384, 1536, 4096])
    func sumsStandForTheSignedSumOfTheQuery(dimension: Int) {
        var random = SeededGenerator(seed: 77)
        let query = random.floats(dimension)
        var tables = [UInt8](repeating: 0, count: SignBitKernels.tableBytes(dimension: dimension))
        let scale = SignBitKernels.prepare(query, dimension: dimension, tables: &tables)
        var block = [UInt8](repeating: 0, count: SignBitKernels.blockBytes(dimension: dimension))
        let rows = (0..<64).map { _ in random.floats(dimension) }
        for (row, vector) in rows.enumerated() {
            SignBitKernels.encode(vector, dimension: dimension, block: &block, row: row)
        }
        var sums = [UInt16](repeating: 0, count: 64)
        SignBitKernels.sums(
            tables: tables,
            blocks: block,
            pairs: SignBitKernels.pairs(dimension: dimension),
            blockCount: 1,
            into: &sums
        )
        let nibbles = Float(2 * SignBitKernels.pairs(dimension: dimension))
        for (row, vector) in rows.enumerated() {
            let expected = zip(query, vector).reduce(Float(0)) { $0 + ($1.1 >= 0 ? $1.0 : -$1.0) }
            let estimate = Float(sums[row]) * scale.factor + scale.offset
            #expect(abs(estimate - expected) <= nibbles * scale.factor * 0.5 + 1e-3 * nibbles * scale.factor)
        }
    }

    @Test func copyMovesOneRowAndNothingElse() {
        var random = SeededGenerator(seed: 4)
        let dimension = 100
        var source = [UInt8](repeating: 0, count: SignBitKernels.blockBytes(dimension: dimension))
        var target = source
        for row in 0..<64 {
            SignBitKernels.encode(random.floats(dimension), dimension: dimension, block: &source, row: row)
            SignBitKernels.encode(random.floats(dimension), dimension: dimension, block: &target, row: row)
        }
        var expected = target
        for pair in 0..<SignBitKernels.pairs(dimension: dimension) { expected[pair * 64 + 9] = source[pair * 64 + 63] }
        SignBitKernels.copy(from: source, row: 63, to: &target, row: 9, dimension: dimension)
        #expect(target == expected)
    }
}
