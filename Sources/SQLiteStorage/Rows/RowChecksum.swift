internal import VectorKernels

/// XXH64 chained over the fields of a row.
///
/// SQLite does not checksum its pages: with this, a flipped bit is noticed before a wrong answer is given. It is no
/// protection against people who may write the file.
struct RowChecksum {
    private(set) var value: UInt64 = 0

    mutating func add(_ bytes: UnsafeRawBufferPointer) { value = Checksum.xxh64(bytes, seed: value) }

    mutating func add(_ bytes: [UInt8]) { bytes.withUnsafeBytes { add($0) } }

    mutating func add(_ text: String) {
        var text = text
        text.withUTF8 { add(UnsafeRawBufferPointer($0)) }
    }

    /// Adds an optional number; nil differs from every number.
    mutating func add(_ number: Int64?) {
        withUnsafeBytes(of: (number ?? 0, Int64(number == nil ? 0 : 1))) { add($0) }
    }
}
