internal import Synchronization

// Wordings that share an answer: they expire together and go together.
extension SemanticCache {
    /// The neighbour whose answer says the very same and is still fresh; nil if there is none.
    ///
    /// Where the new answer is fresh for a shorter time, as a time rule or a request may want it, its neighbour is from now
    /// on, too: all wordings of an answer expire together, and none may outlive what was said of it. It never is for longer:
    /// what was said of one wording says nothing of the others.
    func twin(
        of fresh: CacheEntry,
        _ question: CachedQuestion,
        among candidates: [StoredMatch]
    ) async throws -> CacheEntry? {
        let reply = fresh.reply
        guard !reply.text.isEmpty, reply.wire == nil else { return nil }
        let found = candidates.first { candidate in
            let stored = candidate.entry
            return stored.reply.text == reply.text && stored.reply.finishReason == reply.finishReason
                && stored.reply.wire == nil && stored.tags == fresh.tags
                && candidate.question.partition == question.partition && stored.isFresh(at: clock.now, as: fresh)
        }
        // Read anew: what the lookup found may have changed while the model worked.
        guard let found, var twin = try await store.entry(found.entry.id), twin.isFresh(at: clock.now, as: fresh) else {
            return nil
        }
        guard fresh.expiresBefore(twin) else { return twin }
        // First shorter, then another wording: a process that ends in between has promised nothing for too long.
        guard try await store.match(key: question.key) == nil,
            try await setExpiry(fresh.expiresAt, of: twin)
        else { return nil }
        twin.expiresAt = fresh.expiresAt
        return twin
    }

    /// Makes the question another wording of an answer; false if there is none, or something else answers the question.
    func adopt(_ question: CachedQuestion, by twin: CacheEntry?) async throws -> Bool {
        guard let twin else { return false }
        var alias = question
        alias.entry = twin.id
        return try await store.addQuestion(alias)
    }

    /// Changes until when a stored answer is fresh, in every tier; false if it is not there any more.
    func setExpiry(_ expiresAt: Timestamp?, of entry: CacheEntry) async throws -> Bool {
        guard try await store.setExpiry(expiresAt, of: entry.id) else { return false }
        var changed = entry
        changed.expiresAt = expiresAt
        let namespace = namespaces[entry.namespace]
        namespace.retention.setExpiry(of: changed, settings: namespace.settings, now: clock.now)
        // The exact tier would serve it to its old end.
        forgetInMemory(try await store.questions(of: entry.id).map(\.key))
        return true
    }
}

extension CacheEntry {
    /// Whether the answer may be served now, and is of the epoch of one that has just been given.
    func isFresh(at now: Timestamp, as given: CacheEntry) -> Bool {
        epoch == given.epoch && expiresAt.map { now < $0 } ?? true
    }

    /// Whether the answer stops being fresh before another one does.
    func expiresBefore(_ other: CacheEntry) -> Bool {
        guard let expiresAt else { return false }
        return other.expiresAt.map { expiresAt < $0 } ?? true
    }
}
