internal import VectorKernels

/// A tensor in a mapped file, widened to float32 where it is read.
///
/// The elements may start at any address: the format aligns its header, but does not promise more.
struct FloatTensor: Sendable {
    /// The types that can be read.
    enum Format: Sendable {
        case float32
        case float16
        case bfloat16

        /// Bytes per element.
        var size: Int { self == .float32 ? 4 : 2 }
    }

    let format: Format
    let shape: [Int]
    private let file: MappedFile
    private let start: Int

    /// A view of elements that `SafetensorsHeader` found to lie within the file.
    init(format: Format, shape: [Int], file: MappedFile, start: Int) {
        self.format = format
        self.shape = shape
        self.file = file
        self.start = start
    }

    /// The number of elements.
    var count: Int { shape.reduce(1, *) }

    /// All elements, row-major.
    func floats() -> [Float] {
        let count = count
        return Array(unsafeUninitializedCapacity: count) { buffer, initialized in
            if let base = buffer.baseAddress, count > 0 { read(from: 0, count: count, into: base) }
            initialized = count
        }
    }

    /// Writes `count` elements, from element `first` on, to `output`.
    func read(from first: Int, count: Int, into output: UnsafeMutablePointer<Float>) {
        precondition(first >= 0 && count >= 0 && first + count <= self.count, "the elements are outside of the tensor")
        file.withBytes { bytes in
            guard count > 0, let base = bytes.baseAddress else { return }
            let address = base + start + first * format.size
            switch format {
            case .float32: UnsafeMutableRawPointer(output).copyMemory(from: address, byteCount: 4 * count)
            case .float16: NNKernels.widen(halves: address, count: count, into: output)
            case .bfloat16: NNKernels.widen(bfloats: address, count: count, into: output)
            }
        }
    }
}
