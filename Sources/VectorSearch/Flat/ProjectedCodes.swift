internal import VectorKernels

/// The int8 codes of a flat index's rows on their principal components; without components, nothing.
///
/// With B the basis and μ the mean, q·x ≈ q·μ + (Bq)·(B(x - μ)): the first term is the same for all rows, so that the
/// second alone orders them. It is a sum of int8 products over `components.count` instead of *d* numbers.
struct ProjectedCodes: ~Copyable {
    /// What rows are projected on; `nil` until fitted.
    private(set) var components: PrincipalComponents?
    /// Entries that are compared in full.
    let candidates: Int
    private(set) var codes: Slab<UInt8>
    private(set) var steps: [Float] = []

    /// Nothing: the index has no projection.
    init() {
        codes = Slab(width: 1)
        candidates = 0
    }

    /// No codes yet, on these components.
    init(components: PrincipalComponents, candidates: Int) {
        codes = Slab(width: Int8Kernels.paddedLength(components.count))
        self.components = components
        self.candidates = candidates
    }

    var count: Int { steps.count }

    mutating func append(_ row: UnsafePointer<Float>) {
        guard let components else { return }
        let slot = count
        codes.reserve(rows: slot + 1)
        withUnsafeTemporaryAllocation(of: Float.self, capacity: components.count) { coordinates in
            guard let first = coordinates.baseAddress else { return }
            components.project(row, into: first)
            steps.append(Int8Kernels.quantize(row: first, dimension: components.count, into: codes.row(slot)))
        }
    }

    /// Overwrites a slot with the last one, and drops that.
    mutating func removeBySwap(_ slot: Int) {
        let last = count - 1
        if slot != last {
            codes.row(slot).update(from: codes.row(last), count: codes.stride)
            steps[slot] = steps[last]
        }
        steps.removeLast()
        if steps.isEmpty { codes.removeAll() }
    }

    var memoryUse: Int {
        guard let components else { return 0 }
        let floats = components.basis.count + components.mean.count + components.variances.count + steps.capacity
        return codes.bytes(forRows: count) + floats * MemoryLayout<Float>.stride
    }
}
