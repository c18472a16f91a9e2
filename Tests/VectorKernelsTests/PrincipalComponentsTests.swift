import Testing

@testable import VectorKernels

@Suite struct PrincipalComponentsTests {
    /// Rows about `centre` that vary along a few axes only, by falling amounts.
    private func rows(count: Int, dimension: Int, rank: Int, centre: Float = 0.5, seed: UInt64) -> [Float] {
        var random = SeededGenerator(seed: seed)
        let axes = (0..<rank).map { _ in (0..<dimension).map { _ in Float.random(in: -1...1, using: &random) } }
        return (0..<count).flatMap { _ -> [Float] in
            var row = [Float](repeating: centre, count: dimension)
            for (number, axis) in axes.enumerated() {
                let amount = Float.random(in: -1...1, using: &random) / Float(number + 1)
                for index in row.indices { row[index] += amount * axis[index] }
            }
            return row
        }
    }

    private func fit(_ rows: [Float], dimension: Int, keeping kept: Int) throws -> PrincipalComponents {
        try rows.withUnsafeBufferPointer { buffer in
            let first = try #require(buffer.baseAddress)
            return try PrincipalComponents.fit(
                rows: first,
                stride: dimension,
                count: rows.count / dimension,
                dimension: dimension,
                keeping: kept
            )
        }
    }

    private func expectOrthonormal(_ components: PrincipalComponents) {
        let (basis, dimension) = (components.basis, components.dimension)
        for first in 0..<components.count {
            for second in 0...first {
                let product = (0..<dimension).reduce(0.0) {
                    $0 + Double(basis[first * dimension + $1]) * Double(basis[second * dimension + $1])
                }
                #expect(abs(product - (first == second ? 1 : 0)) < 1e-4, "directions \(first) and \(second)")
            }
        }
    }

    private func coordinates(_ components: PrincipalComponents, _ row: ArraySlice<Float>) -> [Float] {
        var coordinates = [Float](repeating: 0, count: components.count)
        Array(row).withUnsafeBufferPointer { row in
            coordinates.withUnsafeMutableBufferPointer { into in
                if let from = row.baseAddress, let into = into.baseAddress { components.project(from, into: into) }
            }
        }
        return coordinates
    }

    @Test(arguments: [(300, 20), (1100, 64)])
    func directionsAreOrthonormalAndTheirVariancesFall(count: Int, dimension: Int) throws {
        let rows = rows(count: count, dimension: dimension, rank: 6, seed: 1)
        let components = try fit(rows, dimension: dimension, keeping: dimension)
        expectOrthonormal(components)
        #expect(components.variances == components.variances.sorted(by: >))
        // The variance of all directions together is that of the components.
        #expect(abs(components.variances.reduce(0, +) / components.totalVariance - 1) < 1e-3)
        #expect(components.variances[5] > 100 * components.variances[6], "the rows vary along six directions")
    }

    @Test func asManyDirectionsAsTheRowsHaveReconstructThem() throws {
        let dimension = 48
        let rows = rows(count: 600, dimension: dimension, rank: 5, seed: 2)
        let exact = try fit(rows, dimension: dimension, keeping: 5)
        let lossy = try fit(rows, dimension: dimension, keeping: 2)
        for start in stride(from: 0, to: 40 * dimension, by: dimension) {
            let row = rows[start..<(start + dimension)]
            let again = exact.reconstruct(coordinates(exact, row))
            #expect(zip(row, again).allSatisfy { abs($0 - $1) < 1e-3 })
            // What is lost is what lies outside: the rest has the length of the coordinates (Pythagoras).
            let kept = coordinates(lossy, row)
            let partly = lossy.reconstruct(kept)
            let centred = zip(row, lossy.mean).map { $0 - $1 }.reduce(0) { $0 + $1 * $1 }
            let lost = zip(row, partly).map { $0 - $1 }.reduce(0) { $0 + $1 * $1 }
            #expect(abs(centred - lost - kept.reduce(0) { $0 + $1 * $1 }) < 1e-2)
        }
    }

    @Test func fewerRowsThanDimensionsStillGiveABasis() throws {
        let dimension = 40
        let rows = rows(count: 3, dimension: dimension, rank: 3, seed: 3)
        let components = try fit(rows, dimension: dimension, keeping: 10)
        expectOrthonormal(components)
        // Three points span a plane about their mean.
        #expect(components.variances[2] < 1e-4 * components.variances[0])
        let again = components.reconstruct(coordinates(components, rows[0..<dimension]))
        #expect(zip(rows, again).allSatisfy { abs($0 - $1) < 1e-3 })
    }

    @Test(arguments: [1, 50])
    func equalRowsVaryAlongNoDirection(count: Int) throws {
        let row: [Float] = [0.5, -0.5, 0.5, -0.5]
        let components = try fit((0..<count).flatMap { _ in row }, dimension: 4, keeping: 4)
        expectOrthonormal(components)
        #expect(components.mean == row)
        #expect(components.variances == [0, 0, 0, 0] && components.totalVariance == 0)
        #expect(coordinates(components, row[...]) == [0, 0, 0, 0])
    }

    @Test(arguments: [Float.nan, .infinity, .greatestFiniteMagnitude])
    func rowsThatOverflowAreRefused(value: Float) throws {
        #expect(throws: PrincipalComponents.Failure.unusableRows) {
            _ = try fit([1, 0, value, 0, 1, -value], dimension: 3, keeping: 1)
        }
    }
}
