/// What came of asking for the right to fetch an answer for all replicas.
public enum SharedLease: Sendable {
    /// A proof of the right; it is renewed until it is released, and ends soon after its holder's process does.
    public struct Token: Hashable, Sendable {
        /// What the lease is for.
        public let key: Digest256
        /// Where that belongs.
        public let namespace: NamespaceID
        /// What no other replica can know.
        public let secret: String

        /// Creates a proof.
        public init(key: Digest256, namespace: NamespaceID, secret: String) {
            self.key = key
            self.namespace = namespace
            self.secret = secret
        }
    }

    /// The answer is there meanwhile.
    case answered(StoredMatch)
    /// This replica fetches.
    case granted(Token)
    /// Another replica fetches.
    case taken
}
