/// What is wrong with a safetensors file.
public enum SafetensorsError: Error, Hashable, Sendable {
    /// The file ends before its header does.
    case truncated(bytes: Int)
    /// The header's length field is 0 or beyond what the format allows.
    case invalidHeaderLength(UInt64)
    /// The header is not the JSON that the format asks for; the offset counts bytes from the start of the header.
    case malformedHeader(offset: Int, String)
    /// A tensor's entry contradicts itself or the file's size.
    case invalidTensor(name: String, String)
    /// Tensors overlap, or leave bytes of the file that belong to none.
    case invalidLayout(String)
    /// There is no tensor of that name.
    case missingTensor(name: String)
    /// The tensor's elements are not floating-point numbers that can be read.
    case unsupportedElementType(name: String, String)
}

extension SafetensorsError: CustomStringConvertible {
    /// One line that names the place; names from the file are shortened and made printable.
    public var description: String {
        switch self {
        case .truncated(let bytes): "the file ends within its header, after \(bytes) bytes: it is not complete"
        case .invalidHeaderLength(let length): "the header cannot be \(length) bytes long"
        case .malformedHeader(let offset, let detail): "the header is malformed at byte \(offset): \(detail)"
        case .invalidTensor(let name, let detail): "the tensor \(Self.printable(name)) \(detail)"
        case .invalidLayout(let detail): detail
        case .missingTensor(let name): "there is no tensor \(Self.printable(name))"
        case .unsupportedElementType(let name, let type):
            "the tensor \(Self.printable(name)) holds \(Self.printable(type)), not F32, F16 or BF16"
        }
    }

    private static func printable(_ name: String) -> String {
        let scalars = name.unicodeScalars.prefix(80).map { scalar in
            scalar.isASCII && scalar.value >= 0x20 && scalar.value < 0x7F ? Character(scalar) : "?"
        }
        return "\"\(String(scalars))\""
    }
}
