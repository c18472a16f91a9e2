extension CacheEntry {
    /// The bytes of an answer without its questions, for limits and counts.
    package var byteCount: Int { tags.reduce(reply.byteCount + 64) { $0 + $1.utf8.count } }

    /// The bytes of the answer with its questions, as the limits count them.
    package func byteCount(with questions: [CachedQuestion]) -> Int {
        questions.reduce(byteCount) { $0 + $1.byteCount }
    }
}

extension CachedQuestion {
    /// The bytes of a question with its vector, for limits and counts.
    package var byteCount: Int { text.utf8.count + 4 * (vector?.count ?? 0) + 128 }
}
