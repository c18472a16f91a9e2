internal import Synchronization

extension SemanticCache {
    /// Reads what the store holds, so that its questions are found in meaning; call it once, before the first lookup.
    ///
    ///     let cache = try SemanticCache(embedder: embedder, store: store)
    ///     try await cache.open()
    ///
    /// Answers that are no longer of use, and vectors of another embedding model, are left out.
    /// - Parameter progress: Called now and then with the number of questions read so far.
    /// - Throws: ``CacheError`` with `storeUnavailable`.
    /// - Complexity: O(*q*) index insertions for *q* stored questions.
    public func open(progress: (@Sendable (Int) -> Void)? = nil) async throws {
        lastQuestionID.store(try await store.highestQuestionID(), ordering: .releasing)
        for name in try await store.metadataNames(prefix: NamespaceID.epochPrefix) {
            guard let namespace = NamespaceID(epochName: name), let value = try await store.metadata(name) else {
                continue
            }
            namespaces.raiseEpoch(of: namespace, to: UInt64(String(decoding: value, as: UTF8.self)) ?? 0)
        }
        var last: UInt64 = 0
        var count = 0
        while true {
            let batch = try await store.questions(after: last, limit: 1024)
            guard let end = batch.last else { return }
            last = end.question.id
            let now = clock.now
            for match in batch {
                let namespace = namespaces[match.entry.namespace]
                namespace.retention.restore(
                    match.entry,
                    bytes: match.question.byteCount,
                    settings: namespace.settings,
                    now: now
                )
                if isUsable(match) { try publish(match.question, in: match.entry.namespace) }
            }
            count += batch.count
            progress?(count)
        }
    }

    private func isUsable(_ match: StoredMatch) -> Bool {
        guard let embedder, let vector = match.question.vector else { return false }
        guard match.question.embeddingModel == embedder.identity.id, vector.count == embedder.identity.dimension else {
            return false
        }
        let namespace = namespaces[match.entry.namespace]
        guard match.entry.epoch >= namespace.epoch, let expiresAt = match.entry.expiresAt else {
            return match.entry.epoch >= namespace.epoch
        }
        return clock.now < expiresAt + namespace.settings.longestStaleness
    }
}

extension NamespaceID {
    static var epochPrefix: String { "epoch/" }

    /// The name under which the store keeps the namespace's epoch; the length keeps tenant and name apart.
    package var epochName: String { "\(Self.epochPrefix)\(tenant.utf8.count):\(tenant)\(name)" }

    /// Reads a namespace from the name of its epoch.
    package init?(epochName: String) {
        let rest = epochName.dropFirst(Self.epochPrefix.count)
        guard let colon = rest.firstIndex(of: ":"), let length = Int(rest[..<colon]) else { return nil }
        let both = rest[rest.index(after: colon)...].utf8
        guard length >= 0, length <= both.count else { return nil }
        let middle = both.index(both.startIndex, offsetBy: length)
        guard let tenant = String(both[..<middle]), let name = String(both[middle...]) else { return nil }
        self.init(tenant: tenant, name: name)
    }
}
