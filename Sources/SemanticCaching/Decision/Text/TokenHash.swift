/// FNV-1a over Unicode scalars: stable between processes, and any prefix of a word is hashed on the way.
///
/// Words are compared by 64-bit hashes alone: two of a million different words collide with a probability of 3e-8.
package struct TokenHash: Hashable, Sendable {
    /// The hash so far.
    package private(set) var value: UInt64 = 0xcbf2_9ce4_8422_2325

    /// Mixes one scalar in.
    @inline(__always)
    package mutating func combine(_ scalar: UInt32) {
        value = (value ^ UInt64(scalar)) &* 0x0000_0100_0000_01b3
    }

    /// The hash of a run of scalars.
    package static func hash(_ scalars: ArraySlice<UInt32>) -> UInt64 {
        var hash = TokenHash()
        for scalar in scalars { hash.combine(scalar) }
        return hash.value
    }

    /// The hash of a word of a table.
    package static func hash(_ word: some StringProtocol) -> UInt64 {
        var hash = TokenHash()
        for scalar in word.unicodeScalars { hash.combine(scalar.value) }
        return hash.value
    }

    /// A well-mixed 32-bit digest of a hash, for the sorted lists that are kept per stored question.
    @inline(__always)
    package static func short(_ hash: UInt64) -> UInt32 {
        UInt32(truncatingIfNeeded: (hash ^ (hash >> 29)) &* 0xbf58_476d_1ce4_e5b9 >> 32)
    }
}
