internal import VectorKernels

/// A mapped safetensors file: named tensors, read as float32 whatever their floating-point type.
///
/// The format: https://github.com/huggingface/safetensors (header, then raw little-endian data).
struct Safetensors: Sendable {
    private let file: MappedFile
    private let header: SafetensorsHeader

    /// Maps and checks a file.
    init(file: MappedFile) throws(SafetensorsError) {
        header = try file.withBytes { (bytes) throws(SafetensorsError) in try SafetensorsHeader(file: bytes) }
        self.file = file
    }

    /// The names of the tensors, in no order.
    var names: some Collection<String> { header.tensors.keys }

    /// A tensor of floating-point numbers.
    func tensor(_ name: String) throws(SafetensorsError) -> FloatTensor {
        guard let tensor = header.tensors[name] else { throw .missingTensor(name: name) }
        let format: FloatTensor.Format
        switch tensor.elementType {
        case .float32: format = .float32
        case .float16: format = .float16
        case .bfloat16: format = .bfloat16
        default: throw .unsupportedElementType(name: name, tensor.elementType.rawValue)
        }
        return FloatTensor(format: format, shape: tensor.shape, file: file, start: tensor.bytes.lowerBound)
    }
}
