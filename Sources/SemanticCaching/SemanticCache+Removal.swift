extension SemanticCache {
    /// Removes answers with all their wordings; when this returns, they are never served again.
    ///
    /// Returns how many of them were there.
    /// - Throws: ``CacheError`` with `storeUnavailable`.
    @discardableResult
    public func remove(_ entries: [EntryID]) async throws -> Int {
        let removed = try await store.remove(entries)
        forget(removed)
        let gone = Array(Set(removed.map(\.entry)))
        // The store does not say whose they were: each namespace forgets those that it knows.
        for namespace in namespaces.all { namespace.retention.remove(gone) }
        if !gone.isEmpty { onRemoval?(gone, .invalidation) }
        return gone.count
    }

    /// Makes every answer that a namespace holds now invisible, at once and for good.
    ///
    /// The answers themselves are reclaimed by ``sweep(limit:)``, in the background.
    /// - Throws: ``CacheError`` with `storeUnavailable`; then the answers are still visible.
    /// - Complexity: O(1).
    public func invalidateNamespace(_ id: NamespaceID) async throws {
        let namespace = namespaces[id]
        let epoch = namespace.epoch + 1
        try await store.setMetadata(namespace.id.epochName, to: Array(String(epoch).utf8))
        namespaces.raiseEpoch(of: namespace.id, to: epoch)
    }
}
