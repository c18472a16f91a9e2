internal import SemanticCaching
internal import Synchronization

/// The keys of the namespaces that were used lately: each costs a SHA-256, and every lookup asks for one.
final class KeySpaces: Sendable {
    /// So many are kept, some 200 bytes each; when there are more, all are made anew as they are used.
    private static let capacity = 4096

    private let prefix: String
    private let known = Mutex<[NamespaceID: KeySpace]>([:])

    init(prefix: String) { self.prefix = prefix }

    subscript(namespace: NamespaceID) -> KeySpace {
        known.withLock { known in
            if let keys = known[namespace] { return keys }
            if known.count >= Self.capacity { known.removeAll(keepingCapacity: true) }
            let keys = KeySpace(namespace, prefix: prefix)
            known[namespace] = keys
            return keys
        }
    }
}
