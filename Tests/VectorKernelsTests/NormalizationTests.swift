import Testing
import VectorKernels

@Suite struct NormalizationTests {
    @Test func leavesUnitVectorsAloneAndScalesOthers() throws {
        #expect(try Normalization.unitScale(of: [1, 0].span) == 1)
        #expect(try Normalization.unitScale(of: [0.6, 0.8].span) == 1)
        #expect(try Normalization.unitScale(of: [1.0009, 0].span) == 1)
        #expect(try Normalization.unitScale(of: [3, 4].span) == 0.2)
        #expect(try Normalization.unitScale(of: [0.9].span) == 1 / 0.9)
    }

    @Test func bringsVectorsOfAnyMagnitudeToUnitLength() throws {
        for magnitude in [Float(1e-30), 1e-25, 1e-10, 1, 1e10, 1e20, 1e30] {
            let vector = [Float](repeating: magnitude, count: 7)
            let scale = try Normalization.unitScale(of: vector.span)
            let length = vector.reduce(0.0) { $0 + Double($1 * scale) * Double($1 * scale) }.squareRoot()
            #expect(abs(length - 1) < 1e-5, "magnitude \(magnitude)")
        }
    }

    @Test func refusesVectorsWithoutADirection() {
        #expect(throws: Normalization.Failure.zeroVector) { try Normalization.unitScale(of: [0, 0].span) }
        #expect(throws: Normalization.Failure.zeroVector) { try Normalization.unitScale(of: [-0.0].span) }
        #expect(throws: Normalization.Failure.zeroVector) {
            try Normalization.unitScale(of: [Float.leastNonzeroMagnitude].span)
        }
        for bad in [Float.nan, .infinity, -.infinity] {
            #expect(throws: Normalization.Failure.notFinite) { try Normalization.unitScale(of: [1, bad, 0].span) }
        }
    }
}
