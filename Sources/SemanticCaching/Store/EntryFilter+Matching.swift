extension EntryFilter {
    /// Whether an answer with these questions passes.
    ///
    /// Stores that can ask an index for a condition do that instead.
    ///
    /// - Complexity: O(tags + bytes of the compared questions).
    package func matches(_ entry: CacheEntry, questions: some Sequence<CachedQuestion>) -> Bool {
        guard matchesIgnoringQuestions(entry) else { return false }
        guard let questionPrefix else { return true }
        return questions.contains { $0.text.utf8.starts(with: questionPrefix.utf8) }
    }

    /// Whether an answer passes all conditions but the one on its questions.
    package func matchesIgnoringQuestions(_ entry: CacheEntry) -> Bool {
        if let namespace, entry.namespace != namespace { return false }
        if let tag, !entry.tags.contains(tag) { return false }
        if let model, entry.model != model { return false }
        if let promptVersion, entry.promptVersion != promptVersion { return false }
        if let createdBefore, entry.createdAt >= createdBefore { return false }
        if let epochBefore, entry.epoch >= epochBefore { return false }
        if let expiredAt {
            guard let expiresAt = entry.expiresAt, expiresAt <= expiredAt else { return false }
        }
        return true
    }
}
