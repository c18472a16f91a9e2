internal import SemanticCaching

/// The keys of one namespace; all of them lie in one slot of a Cluster, by the digest in braces.
///
///     semcache:{digest}:m        hash     incarnation, number of the last change, epoch, name of the namespace
///     semcache:{digest}:s        stream   changes, oldest trimmed
///     semcache:{digest}:i        zset     ids of the answers, by expiry
///     semcache:{digest}:e:ID     hash     a: the answer; q…: its wordings, by key
///     semcache:{digest}:k:KEY    list     id of the answer to a request (a string in versions before)
///     semcache:{digest}:x:ID     string   mark of a removed answer, for an hour
///     semcache:{digest}:l:KEY    string   lease of who asks the model
///     semcache:namespaces        hash     digest ─► name of the namespace
///     {semcache:replicas}        hash     id of a replica ─► what it says of itself; beside it, when it said so
struct KeySpace: Hashable, Sendable {
    /// 128 bits of SHA-256 over tenant and name, in hexadecimal digits.
    let digest: String
    /// What all keys of the namespace start with.
    let prefix: String

    init(_ namespace: NamespaceID, prefix: String) {
        let name = "semcache-scope-1/\(namespace.tenant.utf8.count):\(namespace.tenant)\(namespace.name)"
        digest = Digest256(hashing: Array(name.utf8)).hexadecimalPrefix
        self.prefix = "\(prefix):{\(digest)}:"
    }

    var meta: String { prefix + "m" }
    var stream: String { prefix + "s" }
    var ids: String { prefix + "i" }

    func entry(_ id: EntryID) -> String { prefix + "e:" + id.description }

    /// The mark of a removed answer.
    func mark(_ id: EntryID) -> String { prefix + "x:" + id.description }

    func question(_ key: Digest256) -> String { prefix + "k:" + key.hexadecimalPrefix }

    func lease(_ key: Digest256) -> String { prefix + "l:" + key.hexadecimalPrefix }

    /// The field of a wording in the hash of its answer.
    static func field(_ key: Digest256) -> String { "q" + key.hexadecimalPrefix }

    /// The replicas that are alive: what they say of themselves, and when they said it.
    static func replicas(prefix: String) -> [String] { ["{\(prefix):replicas}", "{\(prefix):replicas}:times"] }

    /// The hash of all namespaces.
    static func registry(prefix: String) -> String { prefix + ":namespaces" }
}

extension Digest256 {
    /// The first 128 bits in 32 hexadecimal digits: enough to tell keys apart; the whole is compared where it matters.
    var hexadecimalPrefix: String {
        func digit(_ value: UInt8) -> UInt8 { value < 10 ? UInt8(ascii: "0") + value : UInt8(ascii: "a") + value - 10 }
        return String(unsafeUninitializedCapacity: 32) { text in
            for (index, byte) in bytes.prefix(16).enumerated() {
                text[2 * index] = digit(byte >> 4)
                text[2 * index + 1] = digit(byte & 15)
            }
            return 32
        }
    }
}
