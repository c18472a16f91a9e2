/// The bytes of a snapshot, in memory or in a mapped file.
///
///     let source = SnapshotSource(bytes)
///
/// Valid only as long as the bytes that it was made from.
package struct SnapshotSource {
    /// Maps a range of a file that begins on a page at an address; false if that cannot be.
    package typealias Mapping = (Range<Int>, UnsafeMutableRawPointer) -> Bool

    /// All of the bytes.
    package let bytes: UnsafeRawBufferPointer
    private let mapping: Mapping?
    /// Where the bytes begin in what `mapping` counts from.
    private let offset: Int

    /// Names bytes.
    ///
    /// - Parameter mapping: puts pages of the file that the bytes lie in at an address; `nil` if they lie in no file.
    package init(_ bytes: UnsafeRawBufferPointer, mapping: Mapping? = nil) {
        self.init(bytes: bytes, mapping: mapping, offset: 0)
    }

    private init(bytes: UnsafeRawBufferPointer, mapping: Mapping?, offset: Int) {
        self.bytes = bytes
        self.mapping = mapping
        self.offset = offset
    }

    /// A part of the bytes.
    package subscript(range: Range<Int>) -> SnapshotSource {
        SnapshotSource(
            bytes: UnsafeRawBufferPointer(rebasing: bytes[range]),
            mapping: mapping,
            offset: offset + range.lowerBound
        )
    }

    /// Puts the pages that hold a range at an address instead of copying them; false if they are in no file, or begin
    /// between two pages.
    func map(_ range: Range<Int>, at address: UnsafeMutableRawPointer) -> Bool {
        mapping?(offset + range.lowerBound..<offset + range.upperBound, address) ?? false
    }

    /// Copies rows that follow each other to rows that lie `rowBytes` apart.
    func copyRows(_ range: Range<Int>, bytesPerRow: Int, to address: UnsafeMutableRawPointer, rowBytes: Int) {
        guard let first = UnsafeRawBufferPointer(rebasing: bytes[range]).baseAddress else { return }
        guard bytesPerRow != rowBytes else { return address.copyMemory(from: first, byteCount: range.count) }
        for row in 0..<(range.count / bytesPerRow) {
            (address + row * rowBytes).copyMemory(from: first + row * bytesPerRow, byteCount: bytesPerRow)
        }
    }
}
