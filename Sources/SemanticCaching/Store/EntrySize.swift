extension CacheEntry {
    /// The bytes of an answer without its questions, for limits and counts.
    package var byteCount: Int { tags.reduce(reply.byteCount + 64) { $0 + $1.utf8.count } }
}

extension CachedQuestion {
    /// The bytes of a question with its vector, for limits and counts.
    package var byteCount: Int { text.utf8.count + 4 * (vector?.count ?? 0) + 128 }
}
