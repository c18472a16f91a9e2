/// Why an entry left the cache.
public enum DeletionCause: String, Sendable, Hashable, Codable, CaseIterable {
    /// Somebody asked for it: by key, tag, namespace, epoch or rule.
    case invalidation
    /// Another entry took its key.
    case replacement
    /// A limit was reached and the policy chose it, or did not admit it.
    case overflow
    /// Its time to live, or its idle time, was over.
    case expiration
}
