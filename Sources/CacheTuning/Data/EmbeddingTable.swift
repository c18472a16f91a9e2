internal import FoundationEssentials
internal import VectorKernels

/// The unit vectors of a list of texts, row by row.
public struct EmbeddingTable: Sendable {
    /// The number of vectors.
    public let count: Int
    /// The length of each.
    public let dimension: Int
    /// All rows, one behind the other.
    public let values: [Float]

    /// Creates a table, and brings every row to unit length; rows of zeros stay zero.
    public init(dimension: Int, values: [Float]) {
        precondition(dimension > 0 && values.count % dimension == 0, "every row has \(dimension) values")
        self.dimension = dimension
        count = values.count / dimension
        var values = values
        for row in 0..<count {
            let range = row * dimension..<(row + 1) * dimension
            let length = values[range].reduce(Float(0)) { $0 + $1 * $1 }.squareRoot()
            if length > 0 { for index in range { values[index] /= length } }
        }
        self.values = values
    }

    /// Reads an `.fbin` file: row count and dimension as 32-bit integers, then little-endian floats.
    ///
    /// - Throws: ``TuningError``.
    public init(fbin path: String) throws(TuningError) {
        let data: Data
        do { data = try Data(contentsOf: URL(filePath: path)) } catch {
            throw .unreadable(path: path, reason: "no such file, or no permission")
        }
        guard data.count >= 8 else { throw .unreadable(path: path, reason: "no header") }
        let header = data.prefix(8).withUnsafeBytes { bytes in
            (bytes.loadUnaligned(as: UInt32.self), bytes.loadUnaligned(fromByteOffset: 4, as: UInt32.self))
        }
        let (rows, dimension) = (Int(header.0), Int(header.1))
        guard dimension > 0, dimension <= 65536, data.count == 8 + rows * dimension * 4 else {
            throw .unreadable(path: path, reason: "its size does not agree with its header")
        }
        let values = data.dropFirst(8).withUnsafeBytes { bytes in
            (0..<rows * dimension).map { bytes.loadUnaligned(fromByteOffset: $0 * 4, as: Float.self) }
        }
        if let place = values.firstIndex(where: { !$0.isFinite }) {
            throw .unreadable(path: path, reason: "row \(place / dimension) holds what is no finite number")
        }
        self.init(dimension: dimension, values: values)
    }

    /// Writes an `.fbin` file.
    ///
    /// - Throws: ``TuningError``.
    public func write(fbin path: String) throws(TuningError) {
        var data = Data(capacity: 8 + values.count * 4)
        withUnsafeBytes(of: UInt32(count).littleEndian) { data.append(contentsOf: $0) }
        withUnsafeBytes(of: UInt32(dimension).littleEndian) { data.append(contentsOf: $0) }
        values.withUnsafeBytes { data.append(contentsOf: $0) }
        do { try data.write(to: URL(filePath: path), options: .atomic) } catch {
            throw .unreadable(path: path, reason: "it cannot be written")
        }
    }

    /// The inner product of two rows: their cosine.
    public func cosine(_ first: Int, _ second: Int) -> Float {
        values.withUnsafeBufferPointer { Self.dot($0, first * dimension, $0, second * dimension, dimension) }
    }

    /// The inner product of two stretches.
    static func dot(
        _ left: UnsafeBufferPointer<Float>,
        _ i: Int,
        _ right: UnsafeBufferPointer<Float>,
        _ j: Int,
        _ count: Int
    ) -> Float {
        guard let a = left.baseAddress, let b = right.baseAddress else { return 0 }
        return Float32Kernels.dot(a + i, b + j, dimension: count)
    }
}
