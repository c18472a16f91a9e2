import CVectorKernels
import Testing
import VectorKernels

@Suite struct SelectionTests {
    @Test(arguments: InstructionSet.supported.map(\.rawValue))
    func findsExactlyThePositionsThatReachTheThreshold(path: String) throws {
        let table = try #require(cvk_select_kernels(cvk_isa_select(path))).pointee
        var random = SeededGenerator(seed: 9)
        for count in [0, 1, 15, 31, 32, 33, 64, 100, 1000] {
            for share in [0.0, 0.02, 0.5, 1.0] {
                let scores = (0..<count).map { _ in
                    Double.random(in: 0..<1, using: &random) < share ? Float(0.5) : Float(0.499_999_97)
                }
                var positions = [UInt32](repeating: .max, count: count + 1)
                let found = table.at_least(scores, count, 0.5, &positions)
                #expect(Array(positions[..<found]) == scores.indices.filter { scores[$0] >= 0.5 }.map(UInt32.init))
                #expect(positions[count] == .max, "wrote past the room it was given")
            }
        }
    }

    @Test func minusInfinityTakesAllAndNaNPassesNothing() {
        let scores: [Float] = [-.infinity, -1, 0, .nan, 2]
        var positions = [UInt32](repeating: 0, count: 5)
        #expect(Selection.positions(of: scores, count: 5, atLeast: -.infinity, into: &positions) == 4)
        #expect(Array(positions[..<4]) == [0, 1, 2, 4])
        #expect(Selection.positions(of: scores, count: 5, atLeast: .nan, into: &positions) == 0)
    }

    @Test func exactDotsAreThoseOfThePlainLoop() {
        var random = SeededGenerator(seed: 10)
        for dimension in [1, 5, 384, 1000] {
            let (rows, query) = (random.floats(9 * dimension), random.floats(dimension))
            let ids: [UInt32] = [8, 0, 3, 3, 7, 1, 2]
            var results = [Double](repeating: .nan, count: ids.count)
            ids.withUnsafeBufferPointer {
                Selection.exactDots(
                    query: query,
                    rows: rows,
                    stride: dimension,
                    ids: $0,
                    dimension: dimension,
                    into: &results
                )
            }
            for (id, result) in zip(ids, results) {
                var sum = 0.0
                for index in 0..<dimension { sum += Double(query[index]) * Double(rows[Int(id) * dimension + index]) }
                #expect(result == sum)
            }
        }
    }

    @Test(arguments: InstructionSet.supported.map(\.rawValue), [1, 15, 64, 1001])
    func scaledScoresEqualThePlainFormula(path: String, count: Int) throws {
        let table = try #require(cvk_select_kernels(cvk_isa_select(path))).pointee
        var random = SeededGenerator(seed: UInt64(count))
        let sums = (0..<count).map { _ in Int32.random(in: -6_000_000...6_000_000, using: &random) }
        let short = (0..<count).map { _ in UInt16.random(in: 0...65_535, using: &random) }
        let (first, second) = (random.floats(count), random.floats(count))
        var scores = [Float](repeating: .nan, count: count)
        table.scale_sums(sums, first, second, count, 1e-6, 0.5, &scores)
        for index in 0..<count {
            let expected = Float(sums[index]) * (first[index] * 1e-6) + second[index] * 0.5
            #expect(abs(scores[index] - expected) <= 4e-6)
        }
        table.scale_estimates(short, first, count, 1e-3, -30, &scores)
        for index in 0..<count {
            #expect(abs(scores[index] - (Float(short[index]) * 1e-3 - 30) * first[index]) <= 4e-5)
        }
    }
}
