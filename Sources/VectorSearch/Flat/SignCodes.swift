internal import VectorKernels

/// The sign bits of a flat index: blocks of 64 rows, and one weight per row.
struct SignCodes: ~Copyable {
    /// One slab row is one block.
    private(set) var blocks: Slab<UInt8>
    /// 1 / ‖x‖₁, which turns a sum of signed query components into an estimate of the inner product.
    private(set) var weights: [Float] = []
    private let dimension: Int

    init(dimension: Int) {
        self.dimension = dimension
        blocks = Slab(width: SignBitKernels.blockBytes(dimension: dimension))
    }

    var count: Int { weights.count }

    mutating func append(_ row: UnsafePointer<Float>) {
        let slot = count
        blocks.reserve(rows: slot / SignBitKernels.blockRows + 1)
        SignBitKernels.encode(
            row,
            dimension: dimension,
            block: block(of: slot),
            row: slot % SignBitKernels.blockRows
        )
        var sum: Float = 0
        for index in 0..<dimension { sum += row[index].magnitude }
        weights.append(1 / sum)
    }

    /// Overwrites a slot with the last one, and drops that.
    mutating func removeBySwap(_ slot: Int) {
        let last = count - 1
        if slot != last {
            SignBitKernels.copy(
                from: block(of: last),
                row: last % SignBitKernels.blockRows,
                to: block(of: slot),
                row: slot % SignBitKernels.blockRows,
                dimension: dimension
            )
            weights[slot] = weights[last]
        }
        weights.removeLast()
        if weights.isEmpty { blocks.removeAll() }
    }

    var memoryUse: Int {
        let used = (count + SignBitKernels.blockRows - 1) / SignBitKernels.blockRows
        return blocks.bytes(forRows: used) + weights.capacity * MemoryLayout<Float>.stride
    }

    private func block(of slot: Int) -> UnsafeMutablePointer<UInt8> {
        blocks.row(slot / SignBitKernels.blockRows)
    }
}
