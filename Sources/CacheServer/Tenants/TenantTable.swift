internal import Crypto
internal import HTTPTypes
internal import OpenAI
internal import Synchronization

/// Tells callers apart by their keys, of which it keeps none longer than in memory.
struct TenantTable: Sendable {
    /// Who a caller is.
    enum Identity: Hashable, Sendable {
        case tenant(String)
        case refused
    }

    /// The code under the secret before the first byte of a key: half of the work, done once.
    private let keyed: HMAC<SHA256>
    /// Whom the last keys belong to, in memory only; a refused key is never among them.
    private let known = KnownTenants()
    private let acceptedKeys: [AcceptedKey]

    init(_ callers: ServerConfiguration.Callers) {
        keyed = HMAC<SHA256>(key: SymmetricKey(data: callers.tenantSecret))
        acceptedKeys = callers.acceptedKeys
    }

    /// Tells whose request this is.
    ///
    /// Without a list of accepted keys everyone is served, and callers without a key are one tenant together.
    func identify(_ fields: HTTPFields) -> Identity {
        // Remembered by the field as it stands: a known caller's key need not be cut out of it.
        let authorization = fields.value(of: .authorization)
        if let authorization, let tenant = known[authorization] { return .tenant(tenant) }
        guard let key = Self.bearerKey(fields) else {
            return acceptedKeys.isEmpty ? .tenant("anonymous") : .refused
        }
        // Keys of other fields stand apart, behind a character that no field's value has.
        let remembered = authorization ?? "\u{1}" + key
        if authorization == nil, let tenant = known[remembered] { return .tenant(tenant) }
        guard !acceptedKeys.isEmpty else { return .tenant(known.note(tenant(key), for: remembered)) }
        let digest = Array(SHA256.hash(data: Array(key.utf8)))
        var match: AcceptedKey?
        // Every key is compared, and each in constant time: the time tells nothing of how near a guess was.
        for accepted in acceptedKeys where Self.areEqual(accepted.digest, digest) { match = accepted }
        guard let match else { return .refused }
        return .tenant(known.note(match.tenant ?? tenant(key), for: remembered))
    }

    /// The caller's key, as the OpenAI, the Azure and the Anthropic clients send it.
    static func bearerKey(_ fields: HTTPFields) -> String? {
        if let value = fields.value(of: .authorization) {
            let parts = value.split(separator: " ", maxSplits: 1)
            guard parts.count == 2, parts[0].lowercased() == "bearer" else { return value }
            return String(parts[1])
        }
        return fields.value(of: .apiKey) ?? fields.value(of: .anthropicKey)
    }

    private func tenant(_ key: String) -> String {
        var code = keyed
        code.update(data: Array(key.utf8))
        // 128 bits: no two of any number of keys meet by chance, and no key is found from its tenant.
        return String(unsafeUninitializedCapacity: 32) { text in
            for (index, byte) in code.finalize().prefix(16).enumerated() {
                text[2 * index] = Self.digit(byte >> 4)
                text[2 * index + 1] = Self.digit(byte & 15)
            }
            return 32
        }
    }

    private static func digit(_ value: UInt8) -> UInt8 {
        value < 10 ? UInt8(ascii: "0") + value : UInt8(ascii: "a") + value - 10
    }

    private static func areEqual(_ left: [UInt8], _ right: [UInt8]) -> Bool {
        guard left.count == right.count else { return false }
        var difference: UInt8 = 0
        for (a, b) in zip(left, right) { difference |= a ^ b }
        return difference == 0
    }
}

/// Remembers the tenants of keys, so that a caller's next request needs no cryptography.
///
/// Found by a seeded hash: the time of a look tells nothing of how near a guess was.
private final class KnownTenants: Sendable {
    private static let limit = 1_024
    private let tenants = Mutex<[String: String]>([:])

    subscript(key: String) -> String? { tenants.withLock { $0[key] } }

    func note(_ tenant: String, for key: String) -> String {
        tenants.withLock { tenants in
            // Callers choose their keys: their number must not be a way to fill the memory.
            if tenants.count >= Self.limit { tenants.removeAll(keepingCapacity: true) }
            tenants[key] = tenant
        }
        return tenant
    }
}
