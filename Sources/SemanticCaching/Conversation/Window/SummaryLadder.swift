internal import Logging

/// Keeps summaries of conversations, each made of the one before it and one block of messages.
///
///     block 1 ──► summary 1 ──► summary 2 ──► …   summary k stands for everything up to boundary k
///     block 2 ─────────────────────┘
///
/// Each is an entry of the cache under the chain of the messages it stands for. So a growing conversation needs one new
/// summary a block and none in between, conversations with the same opening share theirs, and a thousand that need the
/// same one make it once.
struct SummaryLadder: Sendable {
    /// A summary that stands for nothing.
    private struct EmptySummary: Error, CustomStringConvertible {
        var description: String { "the summary is empty" }
    }

    /// A summary that was removed while it was being looked at.
    private struct GoneSummary: Error, CustomStringConvertible {
        var description: String { "the summary was removed meanwhile" }
    }

    let cache: SemanticCache
    let summarizer: any Summarizer

    /// Puts a summary in the place of the older messages; sends more of them where it cannot be had.
    func shorten(
        _ whole: PreparedPrompt,
        _ settings: ConversationSettings,
        counter: any TokenCounter
    ) async -> PreparedPrompt {
        var prompt = whole
        let request = whole.request
        let cut = SlidingWindow(settings).cut(request.messages, counter: counter)
        guard let last = cut.boundaries.last else {
            prompt.reason = .tooShort
            return prompt
        }
        let part = ConversationPart.summary(
            maker: summarizer.id,
            length: "\(settings.summaryTokens)/\(settings.summaryShare)",
            blockLength: settings.blockLength
        )
        let known = await cache.longestKnownPrefix(
            of: request.asking(for: part, ofFirst: last),
            counts: cut.boundaries.reversed()
        )
        var step = Step(summary: nil, end: request.instructionCount, tags: Set(request.controls.tags))
        do {
            if let known, let tags = try await adopt(part, known, step.tags, in: request) {
                step = Step(summary: known.entry.reply.text, end: known.count, tags: tags)
            }
            if step.end < last { step.tags.formUnion(await tagsOfTurns(in: request)) }
            for boundary in cut.boundaries where boundary > step.end {
                step = try await climb(from: step, to: boundary, part, &prompt, settings, counter)
            }
        } catch {
            cache.logger.warning("a conversation goes on without a newer summary", metadata: ["error": "\(error)"])
        }
        cache.noteSummaries(prompt, of: request)
        guard let summary = step.summary else {
            prompt.reason = .noSummary
            return prompt
        }
        prompt.keep(from: step.end, mode: .summary, summary: summary, counter: counter)
        return prompt
    }

    /// How far up the ladder a request is.
    private struct Step {
        /// The summary of all messages up to `end`; nil for none.
        var summary: String?
        var end: Int
        /// The tags of everything that it was made of.
        var tags: Set<String>
    }

    /// The tags that the turns of a conversation were asked under, so far as they are known.
    private func tagsOfTurns(in request: CacheRequest) async -> [String] {
        let known = await PrefixCache(cache).longestKnown(request, counts: (1..<request.messages.count).reversed())
        return known?.entry.tags ?? []
    }

    /// Makes a summary that is used go with the tags of who uses it; nil if it must not be used.
    private func adopt(
        _ part: ConversationPart,
        _ known: SemanticCache.KnownPrefix,
        _ tags: Set<String>,
        in request: CacheRequest
    ) async throws -> Set<String>? {
        let all = tags.union(known.entry.tags)
        if all.count == known.entry.tags.count { return all }
        return try await adopt(part, ofFirst: known.count, tags, in: request)
    }

    private func adopt(
        _ part: ConversationPart,
        ofFirst count: Int,
        _ tags: Set<String>,
        in request: CacheRequest
    ) async throws -> Set<String>? {
        // Who leaves no trace leaves none in the tags either.
        if request.controls.noStore { return tags }
        return try await cache.addTags(tags.sorted(), to: request.asking(for: part, ofFirst: count)).map(Set.init)
    }

    /// Makes the next summary, or waits for who makes it.
    private func climb(
        from step: Step,
        to boundary: Int,
        _ part: ConversationPart,
        _ prompt: inout PreparedPrompt,
        _ settings: ConversationSettings,
        _ counter: any TokenCounter
    ) async throws -> Step {
        let summarizer = summarizer
        let request = prompt.request
        let length = settings.summaryLength(for: request.messages[..<boundary], counter: counter)
        // Instructions are sent word for word, wherever they stand: they need no summing up.
        let block = request.messages[step.end..<boundary].filter { !$0.role.isInstruction }
        let asked = request.storing(part, ofFirst: boundary, from: step.end, tags: step.tags)
        let made = try await cache.respond(to: asked) { _ in
            let summary = try await summarizer.summarize(
                block,
                after: step.summary,
                maximumTokens: length
            )
            // Nothing said about a block would leave the block out without a trace.
            guard summary.text.contains(where: { !$0.isWhitespace }) else { throw EmptySummary() }
            return CachedReply(text: summary.text, usage: summary.usage, model: summary.model)
        }
        var tags = step.tags
        if !made.verdict.isServable {
            prompt.summaryCalls += 1
            prompt.summaryUsage.add(made.reply.usage ?? TokenUsage())
            prompt.summaryModel = made.reply.model
        } else if let all = try await adopt(part, ofFirst: boundary, tags, in: request) {
            tags = all
        } else {
            throw GoneSummary()
        }
        return Step(summary: made.reply.text, end: boundary, tags: tags)
    }
}

extension TokenUsage {
    mutating func add(_ other: TokenUsage) {
        promptTokens += other.promptTokens
        cachedPromptTokens += other.cachedPromptTokens
        completionTokens += other.completionTokens
    }
}
