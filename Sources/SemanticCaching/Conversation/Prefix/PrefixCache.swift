/// Knows how far conversations went: the messages up to the last one of the user lead to the assistant's stored reply.
///
///     let prefixes = PrefixCache(cache)
///     try await prefixes.record(reply, after: request)          // the model has answered
///     let match = try await prefixes.match(nextRequest)         // the user has gone on
///     if let match, match.isComplete { … }                      // all but the new message is known
///
/// Prefixes are entries of the cache's own store, in a child namespace with its own limits: by default they live for seven
/// days and the least recently used go first. A match is confirmed by a second digest over everything that was said, so a
/// collision is a miss; invalidating the namespace, or a tag of its requests, takes the prefixes with it.
public struct PrefixCache: Sendable {
    /// A known beginning of a conversation.
    public struct Match: Hashable, Sendable {
        /// The number of messages it has; its last is the assistant's.
        public let messageCount: Int
        /// What the assistant said last.
        public let reply: CachedReply
        /// When it said so.
        public let createdAt: Timestamp
        /// Whether all but the newest message is known.
        public let isComplete: Bool
    }

    private let cache: SemanticCache

    /// Creates the view on a cache's prefixes.
    public init(_ cache: SemanticCache) { self.cache = cache }

    /// The longest known beginning of a conversation whose newest message is the user's; nil if none is known.
    ///
    /// - Throws: ``CacheError`` with `invalidRequest` if the last message is not the user's: there is nothing to go on with.
    /// - Complexity: O(*n*) for *n* bytes of the conversation, in one pass.
    public func match(_ request: CacheRequest) async throws(CacheError) -> Match? {
        let whole = try Self.historyCount(of: request)
        return await match(request, counts: (1..<whole + 1).reversed())
    }

    /// The known beginning that has all messages but the newest; nil if that is not known, whatever shorter ones are.
    func completeMatch(_ request: CacheRequest) async throws(CacheError) -> Match? {
        await match(request, counts: [try Self.historyCount(of: request)])
    }

    private func match(_ request: CacheRequest, counts: some Sequence<Int>) async -> Match? {
        guard request.controls.mode != .off, !request.controls.noCache else { return nil }
        let whole = Self.spokenCount(of: request)
        guard let known = await longestKnown(request, counts: counts) else { return nil }
        return Match(
            messageCount: known.count,
            reply: known.entry.reply,
            createdAt: known.entry.createdAt,
            isComplete: known.count == whole
        )
    }

    /// What is kept of the longest known beginning of a conversation.
    func longestKnown(
        _ request: CacheRequest,
        counts: some Sequence<Int>
    ) async -> SemanticCache.KnownPrefix? {
        let answered = counts.filter { $0 > 0 && request.messages[$0 - 1].role == .assistant }
        guard let longest = answered.max() else { return nil }
        return await cache.longestKnownPrefix(of: request.asking(for: .prefix, ofFirst: longest), counts: answered)
    }

    /// The number of messages up to the last one that is no instruction, without the newest.
    private static func spokenCount(of request: CacheRequest) -> Int {
        // Instructions may have come between the last answer and the new message: no answer is behind them yet.
        let spoken = request.messages.dropLast().lastIndex { !$0.role.isInstruction }
        return spoken.map { $0 + 1 } ?? 0
    }

    private static func historyCount(of request: CacheRequest) throws(CacheError) -> Int {
        guard let last = request.messages.last, last.role == .user else {
            throw CacheError(
                .invalidRequest,
                "a prefix is asked for a conversation that ends with the user's message"
            )
        }
        return spokenCount(of: request)
    }

    /// Notes that a conversation went on with this reply; returns false for a reply that nobody can go on from.
    ///
    /// Call it when a streamed reply is complete: one that was cut short, filtered or calls tools is not kept. It goes with
    /// the tags of this request and with those of the known beginning that it continues.
    /// - Throws: ``CacheError`` with `storeUnavailable`; then nothing is stored.
    @discardableResult
    public func record(_ reply: CachedReply, after request: CacheRequest) async throws -> Bool {
        try await record(reply, after: request, ifTagged: false)
    }

    /// Notes that a conversation went on; only for the sake of its tags if `ifTagged` says so.
    @discardableResult
    func record(_ reply: CachedReply, after request: CacheRequest, ifTagged: Bool) async throws -> Bool {
        guard reply.finishReason == .stop, !reply.text.isEmpty, request.controls.mode != .off,
            !request.controls.noStore
        else { return false }
        var longer = request
        longer.messages.append(.assistant(reply.text))
        let count = longer.messages.count
        // The conversation as it is now may be known too: under other tags, which it must not lose.
        let known = await longestKnown(longer, counts: (1..<count + 1).reversed())
        let tags = Set(request.controls.tags).union(known?.entry.tags ?? [])
        let isTagged = tags.contains { !$0.hasPrefix(ConversationPart.tagPrefix) }
        guard isTagged || !ifTagged else { return false }
        if let known, known.count == count {
            let part = longer.asking(for: .prefix, ofFirst: count)
            if try await cache.addTags(tags.sorted(), to: part) != nil { return true }
        }
        let question = request.messages.lastIndex { $0.role == .user } ?? 0
        let part = longer.storing(.prefix, ofFirst: count, from: question, tags: tags)
        let kept = CachedReply(text: reply.text, usage: reply.usage, model: reply.model)
        return try await cache.store(kept, for: part) != nil
    }
}
