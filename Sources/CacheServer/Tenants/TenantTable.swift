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
    /// Without a list of accepted keys everyone is served, and callers without a key or anything like it are one tenant
    /// together. Who sends several credentials is told apart by all of them, unless the list gives his key a tenant.
    func identify(_ fields: HTTPFields) -> Identity {
        let credentials = Credentials(fields)
        guard let first = credentials.first else {
            return acceptedKeys.isEmpty ? .tenant("anonymous") : .refused
        }
        let isOneKey = credentials.others.isEmpty && HTTPField.Name.keys.contains(first.name)
        let remembered = Self.memo(of: credentials, first, isOneKey: isOneKey)
        if let tenant = known[remembered] { return .tenant(tenant) }
        let key = Self.bearerKey(fields)
        // One key alone makes the tenant that it always made, by whichever field it comes.
        let identity = isOneKey ? key ?? first.value : remembered
        guard !acceptedKeys.isEmpty else { return .tenant(known.note(tenant(identity), for: remembered)) }
        guard let key else { return .refused }
        let digest = Array(SHA256.hash(data: Array(key.utf8)))
        var match: AcceptedKey?
        // Every key is compared, and each in constant time: the time tells nothing of how near a guess was.
        for accepted in acceptedKeys where Self.areEqual(accepted.digest, digest) { match = accepted }
        guard let match else { return .refused }
        return .tenant(known.note(match.tenant ?? tenant(identity), for: remembered))
    }

    /// The text under which a caller is remembered: what stands in `authorization` as it is, so that a known caller's key
    /// need not be cut out of it; else a text behind a character that no field's value has.
    private static func memo(of credentials: Credentials, _ first: HTTPField, isOneKey: Bool) -> String {
        guard isOneKey else { return "\u{2}" + credentials.text }
        return first.name == .authorization ? first.value : "\u{1}" + first.value
    }

    /// The caller's key, as the clients of OpenAI, Azure, Anthropic and Google send it.
    static func bearerKey(_ fields: HTTPFields) -> String? {
        guard let name = HTTPField.Name.keys.first(where: fields.contains), let value = fields.value(of: name) else {
            return nil
        }
        let parts = value.split(separator: " ", maxSplits: 1)
        guard name == .authorization, parts.count == 2, parts[0].lowercased() == "bearer" else { return value }
        return String(parts[1])
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
    /// Longer texts are not remembered: a caller may send many fields.
    private static let maximumBytes = 8 << 10
    private let tenants = Mutex<[String: String]>([:])

    subscript(key: String) -> String? { tenants.withLock { $0[key] } }

    func note(_ tenant: String, for key: String) -> String {
        guard key.utf8.count <= Self.maximumBytes else { return tenant }
        tenants.withLock { tenants in
            // Callers choose their keys: their number must not be a way to fill the memory.
            if tenants.count >= Self.limit { tenants.removeAll(keepingCapacity: true) }
            tenants[key] = tenant
        }
        return tenant
    }
}
