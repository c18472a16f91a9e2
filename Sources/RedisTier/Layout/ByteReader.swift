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
    private let bytes: [UInt8]
    private var place: Int
    /// Where the checksum begins.
    private let end: Int

    /// Checks beginning and checksum.
    init(_ bytes: [UInt8], header: [UInt8]) throws(CodecError) {
        guard bytes.count >= header.count + 8, bytes.starts(with: header.prefix(2)) else { throw .foreign }
        guard bytes[2] == header[2] else { throw .unknownVersion(bytes[2]) }
        guard bytes.starts(with: header) else { throw .foreign }
        end = bytes.count - 8
        let (sum, stored) = bytes.withUnsafeBytes { [end] raw in
            (
                Checksum.xxh64(UnsafeRawBufferPointer(rebasing: raw[..<end])),
                raw.loadUnaligned(fromByteOffset: end, as: UInt64.self)
            )
        }
        guard UInt64(littleEndian: stored) == sum else { throw .checksum }
        self.bytes = bytes
        place = header.count
    }

    private var rest: Int { end - place }

    /// Whether everything was read.
    var isAtEnd: Bool { place == end }

    mutating func byte() throws(CodecError) -> UInt8 {
        guard place < end else { throw .malformed }
        defer { place += 1 }
        return bytes[place]
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
        guard let count = Int(exactly: try number()), count <= rest / size else { throw .malformed }
        return count
    }

    /// A number that must not be greater than the limit.
    mutating func count(upTo limit: Int) throws(CodecError) -> Int {
        guard let count = Int(exactly: try number()), count <= limit else { throw .malformed }
        return count
    }

    mutating func raw(_ count: Int) throws(CodecError) -> [UInt8] { Array(bytes[try take(count)]) }

    /// Reads some bytes where they lie.
    mutating func raw<Value>(_ count: Int, _ body: (UnsafeRawBufferPointer) -> Value) throws(CodecError) -> Value {
        let range = try take(count)
        return bytes.withUnsafeBytes { body(UnsafeRawBufferPointer(rebasing: $0[range])) }
    }

    mutating func data() throws(CodecError) -> [UInt8] { try raw(count()) }

    mutating func text() throws(CodecError) -> String {
        let range = try take(count())
        guard let text = String(validating: bytes[range], as: UTF8.self) else { throw .malformed }
        return text
    }

    private mutating func take(_ count: Int) throws(CodecError) -> Range<Int> {
        guard count <= rest else { throw .malformed }
        defer { place += count }
        return place..<place + count
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
        let range = try take(4 * count)
        return [Float](unsafeUninitializedCapacity: count) { buffer, initialized in
            bytes.withUnsafeBytes { bytes in
                UnsafeMutableRawBufferPointer(buffer).copyMemory(from: UnsafeRawBufferPointer(rebasing: bytes[range]))
            }
            initialized = count
        }
    }
}
