internal import Glibc

/// A matrix of float32 in the `.fbin` layout: rows, columns (UInt32), then the rows; little-endian.
package struct MatrixFile: Sendable {
    package struct Unreadable: Error, CustomStringConvertible {
        let path: String

        package init(path: String) { self.path = path }

        package var description: String { "cannot read \(path): expected rows and columns (UInt32), then float32 rows" }
    }

    package let rowCount: Int
    package let columnCount: Int
    /// All rows, one after the other.
    package let values: [Float]

    /// Reads at most `limit` rows; all when it is 0.
    package init(path: String, limit: Int = 0) throws(Unreadable) {
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
        guard values.count == count, count > 0 else { throw Unreadable(path: path) }
        rowCount = rows
        columnCount = columns
        self.values = values
    }

    /// One row.
    package subscript(row: Int) -> [Float] { Array(values[(row * columnCount)..<((row + 1) * columnCount)]) }
}
