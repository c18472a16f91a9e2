internal import Crypto
public import OpenAI

/// A caller's key that the server accepts, and the tenant that its bearer belongs to.
public struct AcceptedKey: Sendable {
    /// The digest of the key: the key itself is not kept.
    let digest: [UInt8]
    /// The tenant; nil derives one from the key alone.
    public let tenant: String?

    /// Accepts a key; keys of one tenant share what is cached.
    public init(_ key: APIKey, tenant: String? = nil) {
        self.digest = Array(SHA256.hash(data: Array(key.secret.utf8)))
        self.tenant = tenant
    }

    /// Accepts the key with a SHA-256 digest, so that a file need not hold the key; nil unless it has 64 hexadecimal digits.
    public init?(sha256 text: String, tenant: String? = nil) {
        let digits = text.compactMap(\.hexDigitValue)
        guard digits.count == 64, text.count == 64 else { return nil }
        digest = stride(from: 0, to: 64, by: 2).map { UInt8(digits[$0] << 4 | digits[$0 + 1]) }
        self.tenant = tenant
    }
}
