internal import Crypto
internal import FoundationEssentials
public import SemanticCaching

/// The 256-bit key that questions and answers are encrypted with at rest.
///
///     var options = SQLiteStoreOptions()
///     options.encryptionKey = try EncryptionKey(file: "/run/secrets/semcache.key")
///
/// It prints as `EncryptionKey(…)`: neither logs nor errors show it.
public struct EncryptionKey: Sendable, CustomStringConvertible, CustomReflectable {
    let key: SymmetricKey

    /// Makes a new key.
    public static func random() -> EncryptionKey { EncryptionKey(key: SymmetricKey(size: .bits256)) }

    private init(key: SymmetricKey) { self.key = key }

    /// Reads a key from its 32 bytes.
    ///
    /// - Throws: ``/SemanticCaching/CacheError`` with `invalidConfiguration` if there are more or fewer.
    public init(bytes: [UInt8]) throws(CacheError) {
        guard bytes.count == 32 else {
            throw CacheError(.invalidConfiguration, "an encryption key has 32 bytes, this one has \(bytes.count)")
        }
        key = SymmetricKey(data: bytes)
    }

    /// Reads a key from 64 hexadecimal digits or from base 64, as an environment variable holds it.
    ///
    /// - Throws: ``/SemanticCaching/CacheError`` with `invalidConfiguration` for anything else; the text is not quoted.
    public init(text: String) throws(CacheError) {
        let text = text.filter { !$0.isWhitespace }
        guard let bytes = Self.bytes(ofHexadecimal: text) ?? Data(base64Encoded: text).map({ Array($0) }) else {
            throw CacheError(.invalidConfiguration, "an encryption key is 64 hexadecimal digits or 32 bytes in base 64")
        }
        try self.init(bytes: bytes)
    }

    /// Reads a key from a file that holds 32 bytes, or their text.
    ///
    /// - Throws: ``/SemanticCaching/CacheError`` with `invalidConfiguration` if the file cannot be read or holds no key.
    public init(file path: String) throws(CacheError) {
        let data: Data
        do {
            data = try Data(contentsOf: URL(filePath: path))
        } catch {
            throw CacheError(.invalidConfiguration, "the key file \(path) cannot be read", cause: error)
        }
        if data.count == 32 {
            try self.init(bytes: Array(data))
        } else {
            try self.init(text: String(decoding: data, as: UTF8.self))
        }
    }

    private static func bytes(ofHexadecimal text: String) -> [UInt8]? {
        let digits = text.compactMap(\.hexDigitValue)
        guard digits.count == 64, text.utf8.count == 64 else { return nil }
        return stride(from: 0, to: 64, by: 2).map { UInt8(digits[$0] << 4 | digits[$0 + 1]) }
    }

    /// Nothing of the key.
    public var description: String { "EncryptionKey(…)" }

    /// Nothing of the key.
    public var customMirror: Mirror { Mirror(self, children: []) }
}
