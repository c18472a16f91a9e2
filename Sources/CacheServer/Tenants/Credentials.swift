internal import HTTPTypes

/// What the fields of a request say of who sent it: every field that may be a secret or a name of the caller's.
///
///     authorization: Bearer sk-1              one key, the usual case
///     x-api-key: sk-1, x-gateway-token: t     two, and both count
///     cookie: session=7                       counts where there is nothing better
///
/// A field that is taken for a credential and is none costs hits; one that is overlooked gives a caller's answers to
/// another. So names decide, by the words in them, and not a list of known ones.
struct Credentials {
    /// The first of them, in the order of the request; nil for a caller without any.
    private(set) var first: HTTPField?
    /// The others; most requests have none.
    private(set) var others: [HTTPField] = []

    /// Finds them.
    ///
    /// - Complexity: O(bytes of the fields' names).
    init(_ fields: HTTPFields) {
        for field in fields where Self.isSecret(field.name) { add(field) }
        // Providers' gateways set cookies that change by the hour: beside a key they would make a new caller each time.
        guard first == nil else { return }
        for field in fields where Self.isIdentity(field.name) { add(field) }
    }

    private mutating func add(_ field: HTTPField) {
        if first == nil { first = field } else { others.append(field) }
    }

    /// One text for all of them, the same in whatever order they came: names and values, with lengths between so that no
    /// two sets have one text.
    var text: String {
        guard let first else { return "" }
        return ([first] + others).map { ($0.name.canonicalName, $0.value) }.sorted { $0 < $1 }
            .map { "\($0):\($1.utf8.count):\($1)" }.joined()
    }

    // MARK: - Names

    /// Whether a field's name says that it proves who the caller is.
    static func isSecret(_ name: HTTPField.Name) -> Bool {
        secretWords.occur(in: name.canonicalName) && !harmless.contains(name.canonicalName)
    }

    /// Whether a field's name says that it tells who the caller is, as a proxy does that has seen to it.
    static func isIdentity(_ name: HTTPField.Name) -> Bool {
        identityWords.occur(in: name.canonicalName) && !harmless.contains(name.canonicalName)
    }

    private static let secretWords = Words([
        "auth", "cert", "credential", "jwt", "key", "password", "secret", "signature", "token",
    ])
    private static let identityWords = Words([
        "account", "cookie", "email", "identity", "login", "principal", "session", "user",
    ])
    /// Names with one of the words that tell nothing of who the caller is.
    private static let harmless: Set<String> = [
        "idempotency-key", "x-idempotency-key", "sec-websocket-key", "user-agent", "x-user-agent", "sec-fetch-user",
    ]
}

extension Credentials {
    /// Words that are looked for in the names of all fields of all requests.
    private struct Words {
        private let words: [[UInt8]]
        /// A bit for each letter that a word begins with: most places of a name are passed by at once.
        private let initials: UInt32

        init(_ words: [String]) {
            self.words = words.map { Array($0.utf8) }
            initials = self.words.reduce(0) { $0 | Self.bit(of: $1[0]) }
        }

        /// Whether one of the words stands somewhere in a name in small letters.
        ///
        /// - Complexity: O(*n*) for a name of *n* bytes.
        func occur(in name: String) -> Bool {
            name.utf8.withContiguousStorageIfAvailable(occur) ?? Array(name.utf8).withUnsafeBufferPointer(occur)
        }

        private func occur(in bytes: UnsafeBufferPointer<UInt8>) -> Bool {
            for start in bytes.indices where initials & Self.bit(of: bytes[start]) != 0 {
                for word in words where bytes[start...].starts(with: word) { return true }
            }
            return false
        }

        private static func bit(of byte: UInt8) -> UInt32 {
            let letter = byte &- UInt8(ascii: "a")
            return letter < 26 ? 1 << letter : 0
        }
    }
}
