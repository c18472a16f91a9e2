import Glibc

/// A matrix of float32 in the `.fbin` layout: rows, columns (UInt32), then the rows; little-endian.
struct MatrixFile {
    struct Unreadable: Error { let path: String }

    let rowCount: Int
    let columnCount: Int
    let values: [Float]

    /// Reads at most `limit` rows; all when it is 0.
    init(path: String, limit: Int = 0) throws {
        guard let file = fopen(path, "rb") else { throw Unreadable(path: path) }
        defer { fclose(file) }
        var header: [UInt32] = [0, 0]
        guard fread(&header, 4, 2, file) == 2 else { throw Unreadable(path: path) }
        let total = Int(header[0])
        let rows = limit > 0 ? min(limit, total) : total
        let columns = Int(header[1])
        let count = rows * columns
        let values = [Float](unsafeUninitializedCapacity: count) { buffer, initialized in
            initialized = fread(buffer.baseAddress, 4, count, file)
        }
        guard values.count == count else { throw Unreadable(path: path) }
        rowCount = rows
        columnCount = columns
        self.values = values
    }

    /// One row.
    subscript(row: Int) -> [Float] { Array(values[(row * columnCount)..<((row + 1) * columnCount)]) }
}
