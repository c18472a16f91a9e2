internal import Crypto
internal import FoundationEssentials

/// Seals and opens the texts of rows with AES-256-GCM (NIST SP 800-38D), or passes them through without a key.
///
/// A sealed text is a random 96-bit nonce, the cipher text and a 128-bit tag. It is bound to its row and column, so
/// that it cannot be moved to another one.
struct TextCipher: Sendable {
    /// Which column of which row a text belongs to.
    struct Place {
        let bytes: [UInt8]

        init(column: String, row: [UInt8]) { bytes = Array(column.utf8) + [0] + row }
    }

    private let key: SymmetricKey?

    init(_ key: EncryptionKey?) { self.key = key?.key }

    var isEncrypting: Bool { key != nil }

    func seal(_ text: [UInt8], at place: Place) throws -> [UInt8] {
        guard let key else { return text }
        let box = try AES.GCM.seal(text, using: key, authenticating: place.bytes)
        return box.nonce.withUnsafeBytes { Array($0) } + Array(box.ciphertext) + Array(box.tag)
    }

    func open(_ bytes: [UInt8], at place: Place) throws -> [UInt8] {
        guard let key else { return bytes }
        do {
            let box = try AES.GCM.SealedBox(combined: bytes)
            return Array(try AES.GCM.open(box, using: key, authenticating: place.bytes))
        } catch {
            throw StoredDataFault.notAuthentic
        }
    }
}
