internal import Logging
internal import Synchronization

/// Answers conversations from a cache, and shortens what is sent to the model when it has to be asked.
///
///     let conversations = ConversationCache(cache, summarizer: summarizer)
///     let turn = try await conversations.respond(to: request) { try await model.answer($0) }
///     print(turn.context, turn.sentTokens, "of", turn.fullTokens)
///
/// The whole conversation is the key whatever is sent: an answer is only served to who has said the same. How the
/// conversation is shortened is the namespace's ``NamespaceSettings/conversation``; unless that says otherwise, it is not.
/// Whatever fails on the way (store, summarizer) leads to more history being sent, never to an error.
public final class ConversationCache: Sendable {
    /// The cache that answers.
    public let cache: SemanticCache
    /// Counts the tokens that are accounted.
    public let counter: any TokenCounter
    /// The known prefixes.
    public let prefixes: PrefixCache
    private let summaries: SummaryLadder

    /// Creates the conversations of a cache.
    ///
    /// - Parameters:
    ///   - cache: Answers, and keeps the prefixes and summaries.
    ///   - summarizer: Makes the summaries; by default from the conversation's own sentences, without a model.
    ///   - counter: Counts tokens; by default an estimate.
    public init(
        _ cache: SemanticCache,
        summarizer: any Summarizer = ExtractiveSummarizer(),
        counter: any TokenCounter = EstimatedTokenCounter()
    ) {
        self.cache = cache
        self.counter = counter
        prefixes = PrefixCache(cache)
        summaries = SummaryLadder(cache: cache, summarizer: summarizer)
    }

    /// Answers a request from the cache, or asks the model with what the namespace sends of a conversation.
    ///
    /// - Throws: As ``SemanticCache/respond(to:orElse:)`` does.
    public func respond(
        to request: CacheRequest,
        orElse model: @escaping @Sendable (CacheRequest) async throws -> CachedReply
    ) async throws -> ConversationResponse {
        let sent = Mutex<PreparedPrompt?>(nil)
        let response = try await cache.respond(to: request) { [self] request in
            let prompt = await prepare(request)
            sent.withLock { $0 = prompt }
            let reply = try await model(prompt.request)
            await record(reply, after: request, to: prompt)
            return reply
        }
        // The conversation went on with words that were found under others: it is known from here on too.
        if response.verdict.tier == .semantic { await record(response.reply, after: request) }
        let prompt = sent.withLock { $0 }
        // A leader that failed was replaced by another, whose prompt is not this caller's.
        let own = response.verdict.isServable ? nil : prompt
        return ConversationResponse(
            response: response,
            prompt: own,
            fullTokens: own?.fullTokens ?? counter.count(request.messages)
        )
    }

    /// Makes of a request what is to be sent to the model.
    ///
    /// New summaries are accounted at once, as they are paid for whatever becomes of the prompt; what was left out is with
    /// ``record(_:after:to:)``.
    /// - Complexity: O(*n*) for *n* bytes of the conversation; a summary that is not there yet takes as long as its maker.
    public func prepare(_ request: CacheRequest) async -> PreparedPrompt {
        let settings = cache.settings(of: request.scope.namespace).conversation
        let all = PreparedPrompt(all: request, tokens: counter.count(request.messages), reason: nil)
        guard settings.mode != .full, request.hasHistory else { return all }
        var whole = all
        guard request.controls.mode != .off else {
            whole.reason = .bypass
            return whole
        }
        guard request.messages.last?.role == .user else {
            whole.reason = .notAQuestion
            return whole
        }
        return settings.mode == .slim
            ? await makeSlim(whole, settings) : await summaries.shorten(whole, settings, counter: counter)
    }

    /// Notes a complete reply, so that the conversation is known when it goes on, and what was saved is accounted.
    ///
    /// Whoever asks the model himself calls it when the model has answered, and not when it failed: nothing was saved then.
    /// - Parameters:
    ///   - reply: The complete answer.
    ///   - request: What it answers, with all of the conversation.
    ///   - prompt: What was sent to the model, as ``prepare(_:)`` made it; nil if the reply came from the cache.
    public func record(_ reply: CachedReply, after request: CacheRequest, to prompt: PreparedPrompt? = nil) async {
        if let prompt { cache.noteContext(prompt, of: request) }
        let mode = cache.settings(of: request.scope.namespace).conversation.mode
        guard mode != .full else { return }
        // Summaries are made of the messages themselves; only their tags are known from the turns before.
        do { try await prefixes.record(reply, after: request, ifTagged: mode == .summary) } catch {
            cache.logger.warning("a prefix is not kept", metadata: ["error": "\(error)"])
        }
    }

    /// Leaves out what was said before the latest exchanges, if all of it is known.
    private func makeSlim(_ whole: PreparedPrompt, _ settings: ConversationSettings) async -> PreparedPrompt {
        let messages = whole.request.messages
        let questions = messages.indices.filter { $0 >= whole.instructionCount && messages[$0].role == .user }
        var prompt = whole
        guard let start = questions.dropLast(settings.slimExchanges).last, start > whole.instructionCount else {
            prompt.reason = .tooShort
            return prompt
        }
        guard await isKnown(whole.request) else {
            prompt.reason = .unknownPrefix
            return prompt
        }
        prompt.keep(from: start, mode: .slim, summary: nil, counter: counter)
        return prompt
    }

    /// Whether all but the newest message is known, under this request's tags too from now on.
    private func isKnown(_ request: CacheRequest) async -> Bool {
        do {
            guard let match = try await prefixes.completeMatch(request) else { return false }
            guard !request.controls.tags.isEmpty, !request.controls.noStore else { return true }
            let part = request.asking(for: .prefix, ofFirst: match.messageCount)
            return try await cache.addTags(request.controls.tags, to: part) != nil
        } catch {
            return false
        }
    }
}
