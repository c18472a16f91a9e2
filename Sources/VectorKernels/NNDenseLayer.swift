internal import CVectorKernels

/// The weights of out = activation(in · Wᵀ + b), packed once in the order in which the kernels read them.
///
/// Layers over the same input can be packed side by side: queries, keys and values of an attention become one layer
/// of three times the width.
///
/// The memory is written during initialisation only, which is why sharing it between threads is safe.
package final class NNDenseLayer: @unchecked Sendable {
    /// How packed weights are held; sums and activations are float32 either way.
    package enum Format: Sendable {
        /// 4 bytes per weight, exact.
        case float32
        /// 2 bytes per weight, rounded to 11 significant bits: half the memory traffic, which bounds short texts.
        case float16
    }

    /// A matrix of `weights.count / inputs` rows with its bias, if it has one.
    package struct Part {
        /// Row-major, `inputs` wide.
        package let weights: [Float]
        /// One number per row, or none.
        package let bias: [Float]

        package init(weights: [Float], bias: [Float]) {
            self.weights = weights
            self.bias = bias
        }
    }

    package let inputs: Int
    package let outputs: Int
    package let activation: NNActivation
    /// How this layer's weights are held: `.float32` also where a weight is beyond the range of `.float16`.
    package let format: Format

    private let packed: UnsafeMutableRawPointer
    private let packedBytes: Int
    private let bias: UnsafeMutablePointer<Float>

    /// Packs the parts, one below the other.
    ///
    /// - Complexity: O(`outputs` · `inputs`).
    package init(inputs: Int, parts: [Part], activation: NNActivation = .identity, format: Format) {
        precondition(inputs > 0 && !parts.isEmpty, "a dense layer has inputs and outputs")
        for part in parts {
            let rows = part.weights.count / inputs
            precondition(rows > 0 && rows * inputs == part.weights.count, "the weights must be whole rows")
            precondition(part.bias.isEmpty || part.bias.count == rows, "there must be one bias per row, or none")
        }
        self.inputs = inputs
        self.activation = activation
        outputs = parts.reduce(0) { $0 + $1.weights.count / inputs }
        let count = cvk_nn_packed_count(outputs, inputs)
        if format == .float16, let halves = Self.packHalf(parts, inputs: inputs, count: count) {
            self.format = .float16
            (packed, packedBytes) = halves
        } else {
            self.format = .float32
            (packed, packedBytes) = Self.packFloat(parts, inputs: inputs, count: count)
        }
        let panel = Int(CVK_NN_PANEL)
        let paddedOutputs = (outputs + panel - 1) / panel * panel
        bias = .allocate(capacity: paddedOutputs)
        bias.initialize(repeating: 0, count: paddedOutputs)
        var first = 0
        for part in parts {
            for (offset, value) in part.bias.enumerated() { bias[first + offset] = value }
            first += part.weights.count / inputs
        }
    }

    deinit {
        cvk_memory_unmap(packed, packedBytes)
        bias.deallocate()
    }

    /// Bytes of the packed weights.
    package var byteCount: Int { packedBytes }

    var descriptor: cvk_nn_dense {
        cvk_nn_dense(
            packed: packed,
            half: format == .float16 ? 1 : 0,
            bias: bias,
            inputs: inputs,
            outputs: outputs,
            activation: activation.code
        )
    }

    private static func packFloat(_ parts: [Part], inputs: Int, count: Int) -> (UnsafeMutableRawPointer, Int) {
        let bytes = count * MemoryLayout<Float>.size
        let memory = map(bytes)
        let panels = memory.bindMemory(to: Float.self, capacity: count)
        var first = 0
        for part in parts {
            let rows = part.weights.count / inputs
            cvk_nn_pack(part.weights, rows, inputs, first, panels)
            first += rows
        }
        return (memory, bytes)
    }

    /// Nil when a weight is beyond the range of half precision.
    private static func packHalf(_ parts: [Part], inputs: Int, count: Int) -> (UnsafeMutableRawPointer, Int)? {
        let bytes = count * MemoryLayout<UInt16>.size
        let memory = map(bytes)
        let panels = memory.bindMemory(to: UInt16.self, capacity: count)
        var first = 0
        for part in parts {
            let rows = part.weights.count / inputs
            guard cvk_nn_pack_half(part.weights, rows, inputs, first, panels) != 0 else {
                cvk_memory_unmap(memory, bytes)
                return nil
            }
            first += rows
        }
        return (memory, bytes)
    }

    /// Zeroed memory in huge pages: a panel is read once per text, so every 4 KiB page would cost a TLB miss.
    private static func map(_ bytes: Int) -> UnsafeMutableRawPointer {
        guard let memory = cvk_memory_map(bytes) else {
            preconditionFailure("out of memory: cannot map \(bytes) bytes of weights")
        }
        return memory
    }
}
