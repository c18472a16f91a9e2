internal import VectorKernels

/// Writes the fields of a value one behind the other, and its checksum at the end.
struct ByteWriter {
    private(set) var bytes: [UInt8]

    init(header: [UInt8], capacity: Int = 256) {
        bytes = []
        bytes.reserveCapacity(capacity)
        bytes.append(contentsOf: header)
    }

    mutating func write(byte: UInt8) { bytes.append(byte) }

    /// Writes a number in seven bits a byte, the lowest first (LEB128).
    mutating func write(count: Int) { write(UInt64(count)) }

    mutating func write(_ number: UInt64) {
        var rest = number
        while rest >= 0x80 {
            bytes.append(UInt8(truncatingIfNeeded: rest) | 0x80)
            rest >>= 7
        }
        bytes.append(UInt8(rest))
    }

    /// Writes a number of either sign, small ones in few bytes.
    mutating func write(signed number: Int64) { write(UInt64(bitPattern: number << 1 ^ number >> 63)) }

    mutating func write(_ text: String) {
        var text = text
        text.withUTF8 { utf8 in
            write(count: utf8.count)
            bytes.append(contentsOf: utf8)
        }
    }

    mutating func write(_ data: [UInt8]) {
        write(count: data.count)
        bytes.append(contentsOf: data)
    }

    /// Writes bytes whose number is known to the reader.
    mutating func write(raw data: [UInt8]) { bytes.append(contentsOf: data) }

    /// Writes whether there is a value, and the value.
    mutating func write<Value>(optional value: Value?, _ body: (inout ByteWriter, Value) -> Void) {
        guard let value else { return write(byte: 0) }
        write(byte: 1)
        body(&self, value)
    }

    /// Writes numbers as they lie in memory: little endian on every machine that Swift runs on.
    mutating func write(_ vector: [Float]) {
        write(count: vector.count)
        vector.withUnsafeBytes { bytes.append(contentsOf: $0) }
    }

    /// All bytes, with their checksum behind them.
    consuming func sealed() -> [UInt8] {
        let sum = bytes.withUnsafeBytes { Checksum.xxh64($0) }
        withUnsafeBytes(of: sum.littleEndian) { bytes.append(contentsOf: $0) }
        return bytes
    }
}
