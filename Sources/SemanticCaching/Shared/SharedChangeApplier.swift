internal import Embeddings
internal import Logging
internal import Synchronization

/// Applies to this replica what others changed.
struct SharedChangeApplier: SharedTierReceiver {
    let cache: SemanticCache
    let link: SharedLink

    fileprivate static let positionPrefix = "shared/"
    /// So many answers of one delivery are taken in at a time: stores that commit in groups need company.
    private static let width = 16
    /// In memory one lock stands before the store and another before the index: company would only wait at them.
    private var width: Int { cache.store is MemoryStore ? 1 : Self.width }

    func apply(_ changes: [SharedChange], in namespace: NamespaceID) async {
        var stored: [(CacheEntry, [CachedQuestion])] = []
        for change in changes {
            if case .stored(let entry, let questions) = change {
                stored.append((entry, questions))
                continue
            }
            await absorb(stored)
            stored.removeAll()
            await applyRemoval(change, in: namespace)
        }
        await absorb(stored)
    }

    func entries(in namespace: NamespaceID) async throws -> Set<EntryID> {
        var found: Set<EntryID> = []
        var last: EntryID?
        let filter = EntryFilter(namespace: namespace)
        while case let page = try await cache.store.entries(matching: filter, after: last, limit: 1024),
            let end = page.last
        {
            last = end.id
            found.formUnion(page.map(\.id))
        }
        return found
    }

    func isStrict(_ namespace: NamespaceID) -> Bool { cache.namespaces[namespace].settings.freshness == .strict }

    func position(in namespace: NamespaceID) async -> String? {
        let value = try? await cache.store.metadata(Self.positionPrefix + namespace.epochName)
        return value.map { String(decoding: $0, as: UTF8.self) }
    }

    func setPosition(_ position: String?, in namespace: NamespaceID) async {
        let name = Self.positionPrefix + namespace.epochName
        do { try await cache.store.setMetadata(name, to: position.map { Array($0.utf8) }) } catch {
            // Without it the next start reads the namespace anew.
            cache.noteFailure(of: "store", error, in: cache.namespaces[namespace])
        }
    }

    func byteCount(of namespace: NamespaceID) -> Int { cache.namespaces[namespace].retention.usage.bytes }

    func release(_ namespace: NamespaceID) async {
        let state = cache.namespaces[namespace]
        do { try await drop(try await entries(in: namespace).sorted(), from: state) } catch {
            cache.noteFailure(of: "store", error, in: state)
        }
    }

    /// Lets answers go, but not as a removal: of those it is noted that they must not come back.
    private func drop(_ entries: [EntryID], from namespace: NamespaceState) async throws {
        _ = try await cache.evict(entries, from: namespace, cause: .overflow)
    }

    private func applyRemoval(_ change: SharedChange, in namespace: NamespaceID) async {
        do {
            switch change {
            case .stored: break
            case .removed(let entries):
                link.noteRemoved(entries)
                _ = cache.noteRemoval(of: try await cache.store.remove(entries))
            case .absent(let entries): try await drop(entries, from: cache.namespaces[namespace])
            case .epoch(let epoch):
                let state = cache.namespaces[namespace]
                if epoch > state.epoch { try await cache.raiseEpoch(of: state, to: epoch) }
            case .invalidated(var selector):
                // A stream speaks for its own namespace only.
                selector.filter.namespace = namespace
                _ = try await cache.invalidateHere(selector)
            }
        } catch {
            cache.noteFailure(of: "store", error, in: cache.namespaces[namespace])
        }
    }

    private func absorb(_ stored: [(CacheEntry, [CachedQuestion])]) async {
        let width = min(width, stored.count)
        guard width > 1 else {
            for (entry, questions) in stored { await absorb(entry, questions) }
            return
        }
        await withTaskGroup { group in
            for lane in 0..<width {
                group.addTask {
                    for index in stride(from: lane, to: stored.count, by: width) {
                        await absorb(stored[index].0, stored[index].1)
                    }
                }
            }
        }
    }

    /// Takes an answer of another replica into the store and the indexes; true if it is there afterwards.
    ///
    /// An answer that was removed, or of an epoch that is over, stays out, also if that happens meanwhile. Of two answers
    /// to one question the later one wins, as everywhere.
    @discardableResult
    func absorb(_ entry: CacheEntry, _ questions: [CachedQuestion]) async -> Bool {
        let namespace = cache.namespaces[entry.namespace]
        guard namespace.id == entry.namespace, entry.epoch >= namespace.epoch, !link.wasRemoved(entry.id) else {
            return false
        }
        var isThere = false
        do {
            for question in questions where question.entry == entry.id {
                if try await take(question, of: entry, namespace) { isThere = true }
            }
            if link.wasRemoved(entry.id) {
                _ = cache.noteRemoval(of: try await cache.store.remove([entry.id]))
                return false
            }
        } catch {
            cache.noteFailure(of: "store", error, in: namespace)
            return false
        }
        return isThere
    }

    /// Takes one wording in; true if it leads to the answer afterwards.
    private func take(
        _ question: CachedQuestion,
        of entry: CacheEntry,
        _ namespace: NamespaceState
    ) async throws -> Bool {
        let store = cache.store
        if let known = try await store.match(key: question.key) {
            if known.entry.id == entry.id {
                // Never longer: who says so may not have heard yet of what shortened it.
                if entry.expiresBefore(known.entry) { _ = try await cache.setExpiry(entry.expiresAt, of: known.entry) }
                return true
            }
            if known.entry.id > entry.id { return false }
        }
        var own = CachedQuestion(
            id: cache.nextQuestionID(),
            entry: entry.id,
            text: question.text,
            key: question.key,
            check: question.check,
            partition: question.partition,
            embeddingModel: question.embeddingModel,
            vector: question.vector,
            createdAt: question.createdAt
        )
        if !cache.hasComparableVector(own) { (own.vector, own.embeddingModel) = (nil, nil) }
        var removalsExpected = cache.removals.load(ordering: .acquiring)
        if let stored = try await store.entry(entry.id) {
            // With a wording of a shorter life all others of the answer live shorter.
            if entry.expiresBefore(stored) { _ = try await cache.setExpiry(entry.expiresAt, of: stored) }
            guard try await store.addQuestion(own) else { return false }
            namespace.retention.addBytes(own.byteCount, to: entry.id)
        } else {
            let replaced = try await store.insert(entry, question: own)
            removalsExpected += cache.noteReplacement(of: replaced, in: namespace)
            let bytes = entry.byteCount(with: [own])
            let gone = namespace.retention.insert(
                entry,
                bytes: bytes,
                settings: namespace.settings,
                now: cache.clock.now
            )
            _ = try await cache.evict(gone, from: namespace, cause: .overflow)
        }
        try cache.publish(own, in: namespace.id)
        cache.noteMissingVector(of: own)
        return await !cache.forgetIfGone(entry.id, [own], in: namespace, since: removalsExpected)
    }
}

extension SemanticCache {
    /// A number that no question of the store had before.
    func nextQuestionID() -> UInt64 { lastQuestionID.add(1, ordering: .relaxed).newValue }
}

extension EntryStore {
    /// Whether the store is one of several replicas', as far as it knows: it follows what others change.
    package func isOfSharedCache() async throws -> Bool {
        try await !metadataNames(prefix: SharedChangeApplier.positionPrefix).isEmpty
    }
}
