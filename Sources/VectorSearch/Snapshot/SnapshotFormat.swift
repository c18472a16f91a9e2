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
///      64    32s  section table: FourCC, 4 bytes of kind, offset, length, checksum of the content
///       …         sections, each at a multiple of 64, or of 4096 if 1 MiB or longer; zero bytes between them
/// ```
///
/// A section of kind 0 has the checksum of `Checksum.ofPieces`: the XXH64, or from 4 MiB on that of the XXH64s of its
/// pieces, which are made on all cores. One of kind 1 is a snapshot with checksums of its own, and has 0 here.
///
/// All integers and floats are little-endian. A file that holds a snapshot can be mapped and used as it lies: rows are
/// aligned as the kernels like them, and long sections begin on a page. Every byte is under a checksum or must be zero, so
/// damage anywhere is found.
package enum SnapshotFormat {
    static let magic: [UInt8] = Array("SEMCINDX".utf8)
    static let version: UInt32 = 3
    static let headerBytes = 64
    static let tableEntryBytes = 32
    static let alignment = 64
    /// Whatever is this long begins on a page, so that the page can be used in place.
    package static let pageThreshold = 1 << 20
    private static let page = 4096
    /// More sections than any index has; a larger number is damage, refused before anything is read for it.
    static let sectionLimit = 64

    static func aligned(_ offset: Int) -> Int {
        (offset + alignment - 1) & ~(alignment - 1)
    }

    /// Where a piece of that length begins that comes after `end`.
    package static func start(after end: Int, length: Int) -> Int {
        let boundary = length >= pageThreshold ? page : alignment
        return (end + boundary - 1) & ~(boundary - 1)
    }
}
