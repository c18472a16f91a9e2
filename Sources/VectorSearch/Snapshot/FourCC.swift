/// Four ASCII characters that name a kind of index or a section of a snapshot.
package struct FourCC: Hashable, Sendable, CustomStringConvertible {
    let rawValue: UInt32

    init(rawValue: UInt32) {
        self.rawValue = rawValue
    }

    /// Creates a code from exactly four ASCII characters.
    package init(_ characters: StaticString) {
        precondition(characters.utf8CodeUnitCount == 4 && characters.isASCII, "a FourCC has four ASCII characters")
        rawValue = (0..<4).reduce(0) { $0 | UInt32(characters.utf8Start[$1]) << UInt32(8 * $1) }
    }

    /// The four characters; bytes that are not printable show as dots.
    package var description: String {
        String(
            (0..<4).map { index -> Character in
                let byte = UInt8(truncatingIfNeeded: rawValue >> UInt32(8 * index))
                return (0x20..<0x7F).contains(byte) ? Character(Unicode.Scalar(byte)) : "."
            }
        )
    }
}
