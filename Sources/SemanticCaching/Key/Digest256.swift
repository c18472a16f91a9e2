internal import Crypto

/// A 256-bit digest, compared in constant time of its size and hashed by its first word.
public struct Digest256: Sendable {
    let words: (UInt64, UInt64, UInt64, UInt64)

    /// Digests the bytes with SHA-256 (FIPS 180-4).
    ///
    /// - Complexity: O(*n*) for *n* bytes.
    public init(hashing bytes: [UInt8]) {
        self = bytes.withUnsafeBytes { Digest256(hashing: $0) }
    }

    /// Digests the bytes with SHA-256 (FIPS 180-4).
    package init(hashing bytes: UnsafeRawBufferPointer) {
        self.init(SHA256.hash(data: bytes))
    }

    init(words: (UInt64, UInt64, UInt64, UInt64)) { self.words = words }

    /// Another digest for each number, and this one for 0.
    func mixed(with number: UInt64) -> Digest256 {
        Digest256(words: (words.0, words.1, words.2, words.3 ^ number))
    }

    init(_ digest: SHA256.Digest) {
        words = digest.withUnsafeBytes { raw in
            (
                raw.loadUnaligned(fromByteOffset: 0, as: UInt64.self),
                raw.loadUnaligned(fromByteOffset: 8, as: UInt64.self),
                raw.loadUnaligned(fromByteOffset: 16, as: UInt64.self),
                raw.loadUnaligned(fromByteOffset: 24, as: UInt64.self)
            )
        }
    }

    /// Reads a digest from its 32 bytes; nil if there are more or fewer.
    public init?(bytes: some Collection<UInt8>) {
        guard let digest = Array(bytes).withUnsafeBytes({ Digest256(bytes: $0) }) else { return nil }
        self = digest
    }

    /// Reads a digest from its 32 bytes where they lie; nil if there are more or fewer.
    package init?(bytes raw: UnsafeRawBufferPointer) {
        guard raw.count == 32 else { return nil }
        words = (
            raw.loadUnaligned(fromByteOffset: 0, as: UInt64.self),
            raw.loadUnaligned(fromByteOffset: 8, as: UInt64.self),
            raw.loadUnaligned(fromByteOffset: 16, as: UInt64.self),
            raw.loadUnaligned(fromByteOffset: 24, as: UInt64.self)
        )
    }

    /// The 32 bytes, first byte of the digest first.
    public var bytes: [UInt8] { withUnsafeBytes(of: words) { Array($0) } }
}

extension Digest256: Hashable {
    /// Compares all 256 bits without leaving early.
    public static func == (left: Digest256, right: Digest256) -> Bool {
        (left.words.0 ^ right.words.0) | (left.words.1 ^ right.words.1) | (left.words.2 ^ right.words.2)
            | (left.words.3 ^ right.words.3) == 0
    }

    /// Hashes the first word: it is uniformly distributed already.
    public func hash(into hasher: inout Hasher) { hasher.combine(words.0) }
}

extension Digest256: CustomStringConvertible {
    /// The digest in 64 hexadecimal digits.
    public var description: String {
        let digits = Array("0123456789abcdef".utf8)
        var text: [UInt8] = []
        text.reserveCapacity(64)
        for byte in bytes {
            text.append(digits[Int(byte >> 4)])
            text.append(digits[Int(byte & 15)])
        }
        return String(decoding: text, as: UTF8.self)
    }
}
