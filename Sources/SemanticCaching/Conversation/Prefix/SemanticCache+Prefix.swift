internal import Logging
internal import Synchronization

extension SemanticCache {
    /// What is known of the longest of several prefixes of a conversation.
    struct KnownPrefix: Sendable {
        /// The number of its messages.
        let count: Int
        /// What is kept of it.
        let entry: CacheEntry
    }

    /// Looks for the longest known prefix: one pass over the conversation, one look a candidate in memory, and one question
    /// to the store for those that are longer than what memory has.
    ///
    /// Other replicas are asked for the longest alone: one question, however many candidates. All of it again if what was found was
    /// removed or replaced meanwhile.
    /// - Parameters:
    ///   - request: A request for a part of the conversation that has all its messages.
    ///   - counts: The prefixes that may be known, by their number of messages, longest first.
    /// - Complexity: O(*n*) for *n* bytes of the conversation, and O(1) for each candidate.
    func longestKnownPrefix(of request: CacheRequest, counts: [Int]) async -> KnownPrefix? {
        let namespace = namespaces[request.scope.namespace]
        guard let longest = counts.first, !isBehind(namespace) else { return nil }
        var chain = ConversationChain(scopeOf: request, namespace: namespace.id, keepsPrefixes: true)
        for message in request.messages { chain.append(message) }
        // A part whose tags are being widened is replaced by itself, and looked for again; not for ever.
        for _ in 0..<8 {
            let removalsBefore = removals.load(ordering: .acquiring)
            guard let known = await longestKnownPrefix(of: request, chain, counts, longest, namespace) else {
                return nil
            }
            guard let isThere = await isStillKnown(known.entry, since: removalsBefore, request, namespace) else {
                return nil
            }
            guard isThere else { continue }
            namespace.retention.touch(known.entry, settings: namespace.settings, now: clock.now)
            return known
        }
        return nil
    }

    private func longestKnownPrefix(
        of request: CacheRequest,
        _ chain: ConversationChain,
        _ counts: [Int],
        _ longest: Int,
        _ namespace: NamespaceState
    ) async -> KnownPrefix? {
        let now = clock.now
        var known: KnownPrefix?
        for count in counts {
            guard let record = exact.value(for: chain.links[count], now: now), record.answers(chain, prefix: count),
                freshness(of: record.entry, request, namespace) == .fresh
            else { continue }
            known = KnownPrefix(count: count, entry: record.entry)
            break
        }
        if known?.count != longest {
            shared?.tier.noteUse(of: namespace.id)
            known = await storedPrefix(of: request, chain, counts.filter { $0 > known?.count ?? 0 }, namespace) ?? known
        }
        if known?.count != longest,
            let entry = await sharedPrefix(chain.links[longest], chain.makeCheck(ofPrefix: longest), request, namespace)
        {
            known = KnownPrefix(count: longest, entry: entry)
        }
        return known
    }

    /// Whether what was found of a conversation is still there: others had time to invalidate it while a longer beginning was
    /// looked for.
    ///
    /// - Returns: Nil if the store cannot tell.
    private func isStillKnown(
        _ entry: CacheEntry,
        since count: UInt64,
        _ request: CacheRequest,
        _ namespace: NamespaceState
    ) async -> Bool? {
        do {
            return try await !isGone(entry.id, since: count) && freshness(of: entry, request, namespace) == .fresh
        } catch {
            noteFailure(of: "store", error, in: namespace)
            return nil
        }
    }

    private func storedPrefix(
        of request: CacheRequest,
        _ chain: ConversationChain,
        _ counts: [Int],
        _ namespace: NamespaceState
    ) async -> KnownPrefix? {
        var counts = counts
        do {
            while !counts.isEmpty, let match = try await store.firstMatch(among: counts.map { chain.links[$0] }),
                let index = counts.firstIndex(where: { chain.links[$0] == match.question.key })
            {
                let count = counts[index]
                if match.question.check == chain.makeCheck(ofPrefix: count),
                    freshness(of: match.entry, request, namespace) == .fresh
                {
                    return KnownPrefix(count: count, entry: match.entry)
                }
                // A collision, or past its time: what comes behind it may still be good.
                counts.removeFirst(index + 1)
            }
        } catch {
            noteFailure(of: "store", error, in: namespace)
        }
        return nil
    }

    /// So many tags a part may have: one that more depend on is made anew by who needs it.
    private static var maximumPartTags: Int { 8_192 }

    /// Makes a kept part of a conversation go with more tags, as somebody comes to depend on it who goes by them.
    ///
    /// Returns all tags that it has then; nil if it is not there any more, or has too many.
    /// - Throws: ``CacheError`` with `storeUnavailable`: then it must not be depended on.
    func addTags(_ tags: [String], to part: CacheRequest) async throws -> [String]? {
        let namespace = namespaces[part.scope.namespace]
        let key = makeKey(of: part, in: namespace, namespace.settings)
        if let entry = entryInMemory(key), Set(tags).isSubset(of: entry.tags) { return entry.tags }
        // Two who add to the same tags at once must not lose each other's.
        return try await conversationParts.run(key.exact) { [self] () -> [String]? in
            let mark = invalidations.mark
            guard let match = try await store.match(key: key.exact), match.question.check == key.makeCheck(),
                freshness(of: match.entry, part, namespace) == .fresh
            else { return nil }
            let all = Set(match.entry.tags).union(tags)
            guard all.count > match.entry.tags.count else { return match.entry.tags }
            guard all.count <= Self.maximumPartTags else { return nil }
            var widened = part
            widened.controls.tags = all.sorted()
            widened.controls.timeToLive = match.entry.expiresAt.map { $0 - clock.now }
            widened.partText = match.question.text
            // Removed meanwhile, it does not come back under more tags.
            let miss = Verdict(.miss, reason: .noCache)
            let result = LookupResult(verdict: miss, key: key, namespace: namespace, mark: mark)
            let kept = try await store(match.entry.reply, for: widened, after: result, upstreamLatency: nil, cost: nil)
            return kept == nil ? nil : widened.controls.tags
        }
    }
}
