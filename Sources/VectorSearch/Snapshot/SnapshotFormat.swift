/// The container that every index snapshot is written in.
///
/// ```
///  offset  bytes
///       0      8  magic "SEMCINDX"
///       8      4  format version
///      12      4  kind of index (FourCC)
///      16      8  vector dimension
///      24      8  number of sections, s
///      32      8  length of the whole snapshot
///      40      8  reserved, zero
///      48      8  XXH64 of the section table
///      56      8  XXH64 of bytes 0 ..< 56
///      64    32s  section table: FourCC, 4 zero bytes, offset, length, XXH64 of the content
///       …         sections, each at a multiple of 64, zero bytes between them
/// ```
///
/// All integers and floats are little-endian. A file that holds a snapshot can be mapped: rows in it are aligned as
/// the kernels like them. Every byte is under a checksum or must be zero, so damage anywhere is found.
package enum SnapshotFormat {
    static let magic: [UInt8] = Array("SEMCINDX".utf8)
    static let version: UInt32 = 2
    static let headerBytes = 64
    static let tableEntryBytes = 32
    static let alignment = 64
    /// More sections than any index has; a larger number is damage, refused before anything is read for it.
    static let sectionLimit = 64

    static func aligned(_ offset: Int) -> Int {
        (offset + alignment - 1) & ~(alignment - 1)
    }
}
