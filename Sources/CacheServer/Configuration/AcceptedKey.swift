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
}
