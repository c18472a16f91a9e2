internal import VectorKernels

/// The int8 codes of a flat index and what they lose, slot by slot.
///
/// A row x is kept as x̂ = step · (code - 128), and the length of its residual x - x̂, rounded up.
struct Int8Codes: ~Copyable {
    private(set) var codes: Slab<UInt8>
    private(set) var steps: [Float] = []
    private(set) var errors: [Float] = []
    private let dimension: Int

    init(dimension: Int) {
        self.dimension = dimension
        codes = Slab(width: Int8Kernels.paddedLength(dimension))
    }

    var count: Int { steps.count }

    mutating func append(_ row: UnsafePointer<Float>) {
        let slot = count
        codes.reserve(rows: slot + 1)
        let step = Int8Kernels.quantize(row: row, dimension: dimension, into: codes.row(slot))
        let lost = Selection.residual(row: row, code: codes.row(slot), step: step, dimension: dimension)
        steps.append(step)
        errors.append(Float(lost * (1 + 0x1p-20)).nextUp)
    }

    /// Overwrites a slot with the last one, and drops that.
    mutating func removeBySwap(_ slot: Int) {
        let last = count - 1
        if slot != last {
            codes.row(slot).update(from: codes.row(last), count: codes.stride)
            steps[slot] = steps[last]
            errors[slot] = errors[last]
        }
        steps.removeLast()
        errors.removeLast()
        if steps.isEmpty { codes.removeAll() }
    }

    var memoryUse: Int {
        codes.bytes(forRows: count) + (steps.capacity + errors.capacity) * MemoryLayout<Float>.stride
    }
}
