/// The validated table of contents of a safetensors file.
///
/// ```
///  │ N: UInt64 LE │ header: N bytes of JSON, maybe padded with spaces │ data │
///                   {"name": {"dtype": "F32", "shape": [2, 3], "data_offsets": [0, 24]}, …,
///                    "__metadata__": {"key": "text"}}
/// ```
///
/// Every number is checked before it is used: lengths against the file, shape times element size against the offsets
/// (with overflow), and the tensors against each other; they tile the data without gap or overlap. What this type
/// holds can be read without a further check.
struct SafetensorsHeader: Sendable {
    /// A tensor's place in the file.
    struct Tensor: Sendable {
        let elementType: ElementType
        let shape: [Int]
        /// Byte offsets from the start of the file.
        let bytes: Range<Int>
    }

    /// The types that the format knows; only the floating-point ones are read.
    enum ElementType: String, Sendable, CaseIterable {
        case bool = "BOOL"
        case uint8 = "U8"
        case int8 = "I8"
        case float8E5M2 = "F8_E5M2"
        case float8E4M3 = "F8_E4M3"
        case int16 = "I16"
        case uint16 = "U16"
        case float16 = "F16"
        case bfloat16 = "BF16"
        case int32 = "I32"
        case uint32 = "U32"
        case float32 = "F32"
        case float64 = "F64"
        case int64 = "I64"
        case uint64 = "U64"

        /// Bytes per element.
        var size: Int {
            switch self {
            case .bool, .uint8, .int8, .float8E5M2, .float8E4M3: 1
            case .int16, .uint16, .float16, .bfloat16: 2
            case .int32, .uint32, .float32: 4
            case .float64, .int64, .uint64: 8
            }
        }
    }

    /// The tensors by name.
    let tensors: [String: Tensor]

    /// The size that the format's reference implementation allows for a header.
    static var maximumLength: UInt64 { 100_000_000 }

    /// Reads and checks the header of a whole file.
    ///
    /// - Complexity: O(header bytes + *t* log *t*) for *t* tensors.
    init(file: UnsafeRawBufferPointer) throws(SafetensorsError) {
        guard file.count >= 8 else { throw .truncated(bytes: file.count) }
        let length = UInt64(littleEndian: file.loadUnaligned(as: UInt64.self))
        guard length > 0, length <= Self.maximumLength else { throw .invalidHeaderLength(length) }
        guard length <= UInt64(file.count - 8) else { throw .truncated(bytes: file.count) }
        let dataStart = 8 + Int(length)
        var parser = SafetensorsHeaderParser(bytes: UnsafeRawBufferPointer(rebasing: file[8..<dataStart]))
        let entries = try parser.parse()
        var tensors: [String: Tensor] = Dictionary(minimumCapacity: entries.count)
        for entry in entries {
            let tensor = try Self.validated(entry, dataStart: dataStart, fileCount: file.count)
            guard tensors.updateValue(tensor, forKey: entry.name) == nil else {
                throw .invalidTensor(name: entry.name, "occurs twice")
            }
        }
        try Self.checkLayout(entries, dataStart: dataStart, fileCount: file.count)
        self.tensors = tensors
    }

    private static func validated(
        _ entry: SafetensorsHeaderParser.Entry,
        dataStart: Int,
        fileCount: Int
    ) throws(SafetensorsError) -> Tensor {
        guard let elementType = ElementType(rawValue: entry.elementType) else {
            throw .invalidTensor(name: entry.name, "has an element type that the format does not know")
        }
        guard entry.begin <= entry.end, entry.end <= fileCount - dataStart else {
            throw .invalidTensor(name: entry.name, "lies outside of the file, which may be incomplete")
        }
        var size = elementType.size
        for extent in entry.shape {
            let (product, overflows) = size.multipliedReportingOverflow(by: extent)
            guard !overflows else { throw .invalidTensor(name: entry.name, "is larger than memory") }
            size = product
        }
        guard size == entry.end - entry.begin else {
            throw .invalidTensor(name: entry.name, "has a shape of \(size) bytes in \(entry.end - entry.begin) bytes")
        }
        return Tensor(
            elementType: elementType,
            shape: entry.shape,
            bytes: dataStart + entry.begin..<dataStart + entry.end
        )
    }

    private static func checkLayout(
        _ entries: [SafetensorsHeaderParser.Entry],
        dataStart: Int,
        fileCount: Int
    ) throws(SafetensorsError) {
        var position = 0
        for entry in entries.sorted(by: { ($0.begin, $0.end) < ($1.begin, $1.end) }) {
            guard entry.begin == position else {
                throw .invalidLayout(
                    entry.begin < position
                        ? "two tensors overlap at byte \(entry.begin) of the data"
                        : "no tensor owns byte \(position) of the data"
                )
            }
            position = entry.end
        }
        guard position == fileCount - dataStart else {
            throw .invalidLayout("no tensor owns byte \(position) of the data")
        }
    }
}
