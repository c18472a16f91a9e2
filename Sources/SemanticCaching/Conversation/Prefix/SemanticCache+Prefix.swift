internal import Logging

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
    /// - Parameters:
    ///   - request: A request for a part of the conversation that has all its messages.
    ///   - counts: The prefixes that may be known, by their number of messages, longest first.
    /// - Complexity: O(*n*) for *n* bytes of the conversation, and O(1) for each candidate.
    func longestKnownPrefix(of request: CacheRequest, counts: [Int]) async -> KnownPrefix? {
        let namespace = namespaces[request.scope.namespace]
        var chain = ConversationChain(scopeOf: request, namespace: namespace.id, keepsPrefixes: true)
        for message in request.messages { chain.append(message) }
        let now = clock.now
        var known: KnownPrefix?
        for count in counts {
            guard let record = exact.value(for: chain.links[count], now: now), record.answers(chain, prefix: count),
                freshness(of: record.entry, request, namespace) == .fresh
            else { continue }
            known = KnownPrefix(count: count, entry: record.entry)
            break
        }
        var longer = counts.filter { $0 > known?.count ?? 0 }
        do {
            while !longer.isEmpty, let match = try await store.firstMatch(among: longer.map { chain.links[$0] }),
                let index = longer.firstIndex(where: { chain.links[$0] == match.question.key })
            {
                let count = longer[index]
                if match.question.check == chain.makeCheck(ofPrefix: count),
                    freshness(of: match.entry, request, namespace) == .fresh
                {
                    known = KnownPrefix(count: count, entry: match.entry)
                    break
                }
                // A collision, or past its time: what comes behind it may still be good.
                longer.removeFirst(index + 1)
            }
        } catch {
            noteFailure(of: "store", error, in: namespace)
        }
        if let known { namespace.retention.touch(known.entry, settings: namespace.settings, now: now) }
        return known
    }
}
