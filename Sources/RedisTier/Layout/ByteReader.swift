internal import VectorKernels

/// Why a value from the server is none of ours.
enum CodecError: Error, Hashable, Sendable {
    /// It does not begin as our values do.
    case foreign
    /// Another version of semcache wrote it.
    case unknownVersion(UInt8)
    /// The checksum is wrong: the value was damaged.
    case checksum
    /// The checksum is right, but a field is not.
    case malformed
}

/// Reads the fields of a value; whatever the bytes are, it ends with a value or an error.
struct ByteReader {
    private var rest: ArraySlice<UInt8>

    /// Checks beginning and checksum.
    init(_ bytes: [UInt8], header: [UInt8]) throws(CodecError) {
        guard bytes.count >= header.count + 8, bytes.starts(with: header.prefix(2)) else { throw .foreign }
        guard bytes[2] == header[2] else { throw .unknownVersion(bytes[2]) }
        guard bytes.starts(with: header) else { throw .foreign }
        let end = bytes.count - 8
        let sum = bytes.withUnsafeBytes { Checksum.xxh64(UnsafeRawBufferPointer(rebasing: $0[..<end])) }
        let stored = bytes.withUnsafeBytes { $0.loadUnaligned(fromByteOffset: end, as: UInt64.self) }
        guard UInt64(littleEndian: stored) == sum else { throw .checksum }
        rest = bytes[header.count..<end]
    }

    /// Whether everything was read.
    var isAtEnd: Bool { rest.isEmpty }

    mutating func byte() throws(CodecError) -> UInt8 {
        guard let byte = rest.popFirst() else { throw .malformed }
        return byte
    }

    mutating func number() throws(CodecError) -> UInt64 {
        var value: UInt64 = 0
        for shift in stride(from: UInt64(0), to: 64, by: 7) {
            let byte = try byte()
            guard shift < 63 || byte <= 1 else { throw .malformed }
            value |= UInt64(byte & 0x7F) << shift
            if byte < 0x80 { return value }
        }
        throw .malformed
    }

    mutating func signed() throws(CodecError) -> Int64 {
        let number = try number()
        return Int64(bitPattern: number >> 1) ^ -Int64(bitPattern: number & 1)
    }

    /// A number of things that are still to come, each of at least so many bytes: never more than the bytes allow.
    mutating func count(ofAtLeast size: Int = 1) throws(CodecError) -> Int {
        guard let count = Int(exactly: try number()), count <= rest.count / size else { throw .malformed }
        return count
    }

    /// A number that must not be greater than the limit.
    mutating func count(upTo limit: Int) throws(CodecError) -> Int {
        guard let count = Int(exactly: try number()), count <= limit else { throw .malformed }
        return count
    }

    mutating func raw(_ count: Int) throws(CodecError) -> [UInt8] {
        guard count <= rest.count else { throw .malformed }
        defer { rest = rest.dropFirst(count) }
        return Array(rest.prefix(count))
    }

    mutating func data() throws(CodecError) -> [UInt8] { try raw(count()) }

    mutating func text() throws(CodecError) -> String {
        let count = try count()
        guard let text = String(validating: rest.prefix(count), as: UTF8.self) else { throw .malformed }
        rest = rest.dropFirst(count)
        return text
    }

    mutating func optional<Value>(
        _ body: (inout ByteReader) throws(CodecError) -> Value
    ) throws(CodecError) -> Value? {
        switch try byte() {
        case 0: return nil
        case 1: return try body(&self)
        default: throw .malformed
        }
    }

    mutating func vector() throws(CodecError) -> [Float] {
        let count = try count(ofAtLeast: 4)
        let vector = [Float](unsafeUninitializedCapacity: count) { buffer, initialized in
            rest.withUnsafeBytes { bytes in
                UnsafeMutableRawBufferPointer(buffer).copyMemory(
                    from: UnsafeRawBufferPointer(rebasing: bytes[..<(4 * count)])
                )
            }
            initialized = count
        }
        rest = rest.dropFirst(4 * count)
        return vector
    }
}
