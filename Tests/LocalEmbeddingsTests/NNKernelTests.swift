import Foundation
import Testing
import VectorKernels

/// Every instruction set of this processor against float64.
@Suite struct NNKernelTests {
    private static let shapes = [
        (1, 1, 1), (2, 3, 33), (5, 17, 64), (9, 8, 20), (15, 33, 7), (31, 40, 96), (44, 12, 130),
    ]

    private func random(_ count: Int, _ generator: inout SplitMix) -> [Float] {
        (0..<count).map { _ in Float.random(in: -1...1, using: &generator) }
    }

    @Test(arguments: InstructionSet.supported, [NNDenseLayer.Format.float32, .float16])
    func denseLayers(instructionSet: InstructionSet, format: NNDenseLayer.Format) {
        let kernels = NNKernels(instructionSet: instructionSet)
        var generator = SplitMix(seed: 3)
        for (rows, inputs, outputs) in Self.shapes {
            let weights = random(outputs * inputs, &generator)
            let bias = random(outputs, &generator)
            let split = max(1, outputs / 3)
            var parts = [
                NNDenseLayer.Part(weights: Array(weights.prefix(split * inputs)), bias: Array(bias.prefix(split)))
            ]
            if split < outputs {
                parts.append(
                    .init(weights: Array(weights.dropFirst(split * inputs)), bias: Array(bias.dropFirst(split)))
                )
            }
            let layer = NNDenseLayer(inputs: inputs, parts: parts, format: format)
            let input = random(rows * (inputs + 3), &generator)
            // A border of sentinels shows writes beyond the result.
            var output = [Float](repeating: 7, count: rows * (outputs + 5))
            kernels.apply(layer, to: input, stride: inputs + 3, rows: rows, into: &output, outputStride: outputs + 5)
            for row in 0..<rows {
                for column in 0..<outputs {
                    var sum = Double(bias[column])
                    for index in 0..<inputs {
                        let weight = weights[column * inputs + index]
                        let held = format == .float16 ? Float(Float16(weight)) : weight
                        sum += Double(held) * Double(input[row * (inputs + 3) + index])
                    }
                    #expect(abs(Double(output[row * (outputs + 5) + column]) - sum) < 1e-5)
                }
                #expect(output[row * (outputs + 5) + outputs..<(row + 1) * (outputs + 5)].allSatisfy { $0 == 7 })
            }
        }
    }

    @Test(arguments: InstructionSet.supported)
    func activations(instructionSet: InstructionSet) {
        let kernels = NNKernels(instructionSet: instructionSet)
        let values = stride(from: Float(-12), through: 12, by: 0.0037).map(\.self)
        func check(_ activation: NNActivation, tolerance: Double, _ exact: (Double) -> Double) {
            var output = values
            kernels.activate(&output, count: output.count, with: activation)
            for (value, result) in zip(values, output) {
                #expect(abs(Double(result) - exact(Double(value))) <= tolerance * max(1, abs(Double(value))))
            }
        }
        check(.gelu, tolerance: 1e-6) { 0.5 * $0 * erfc(-$0 / 2.0.squareRoot()) }
        check(.relu, tolerance: 0) { max($0, 0) }
        check(.tanh, tolerance: 3e-7) { Foundation.tanh($0) }
        check(.identity, tolerance: 0) { $0 }
    }

    @Test(arguments: InstructionSet.supported)
    func softmaxAndNormalization(instructionSet: InstructionSet) {
        let kernels = NNKernels(instructionSet: instructionSet)
        var generator = SplitMix(seed: 5)
        for count in [1, 2, 7, 16, 31, 64, 257] {
            let values = random(count, &generator).map { $0 * 40 }
            var output = values
            kernels.softmax(&output, count: count, scale: 0.5)
            let top = values.max() ?? 0
            let powers = values.map { exp((Double($0) - Double(top)) * 0.5) }
            let sum = powers.reduce(0, +)
            for (power, result) in zip(powers, output) { #expect(abs(Double(result) - power / sum) < 1e-6) }

            let (gain, bias, residual) = (
                random(count, &generator), random(count, &generator), random(count, &generator)
            )
            output = values
            kernels.normalize(&output, adding: residual, gain: gain, bias: bias, rows: 1, width: count, epsilon: 1e-5)
            let sums = zip(values, residual).map { Double($0) + Double($1) }
            let mean = sums.reduce(0, +) / Double(count)
            let variance = sums.reduce(0) { $0 + ($1 - mean) * ($1 - mean) } / Double(count)
            for index in 0..<count {
                let exact =
                    (sums[index] - mean) / (variance + 1e-5).squareRoot() * Double(gain[index]) + Double(bias[index])
                #expect(abs(Double(output[index]) - exact) < 1e-4)
            }
        }
    }

    @Test(arguments: InstructionSet.supported)
    func attention(instructionSet: InstructionSet) {
        let kernels = NNKernels(instructionSet: instructionSet)
        var generator = SplitMix(seed: 9)
        for (length, heads, size) in [(1, 1, 1), (3, 2, 5), (33, 3, 32), (40, 1, 70), (26, 2, 16)] {
            let width = heads * size
            let projections = random(length * 3 * width, &generator)
            var scratch = [Float](repeating: .nan, count: NNKernels.attentionScratch(length: length, headSize: size))
            var output = [Float](repeating: 0, count: length * width)
            kernels.attend(
                projections: projections,
                length: length,
                heads: heads,
                headSize: size,
                scratch: &scratch,
                into: &output
            )
            func part(_ row: Int, _ kind: Int, _ column: Int) -> Double {
                Double(projections[row * 3 * width + kind * width + column])
            }
            for row in 0..<length {
                for head in 0..<heads {
                    let columns = head * size..<(head + 1) * size
                    let powers = (0..<length).map { other in
                        exp(
                            columns.reduce(0) { $0 + part(row, 0, $1) * part(other, 1, $1) } / Double(size).squareRoot()
                        )
                    }
                    let sum = powers.reduce(0, +)
                    for column in columns {
                        let exact = (0..<length).reduce(0) { $0 + powers[$1] * part($1, 2, column) } / sum
                        #expect(abs(Double(output[row * width + column]) - exact) < 1e-5)
                    }
                }
            }
        }
    }

    /// Every half float and every bfloat16 that is finite widens exactly.
    @Test func widening() {
        let patterns = (0...UInt16.max).map(\.self)
        var (halves, bfloats) = ([Float](repeating: 0, count: 65536), [Float](repeating: 0, count: 65536))
        patterns.withUnsafeBytes { bytes in
            guard let base = bytes.baseAddress else { return }
            NNKernels.widen(halves: base, count: 65536, into: &halves)
            NNKernels.widen(bfloats: base, count: 65536, into: &bfloats)
        }
        for pattern in patterns {
            let half = Float(Float16(bitPattern: pattern))
            let index = Int(pattern)
            #expect(half.isNaN ? halves[index].isNaN : halves[index].bitPattern == half.bitPattern)
            #expect(bfloats[index].bitPattern == UInt32(pattern) << 16)
        }
    }
}
