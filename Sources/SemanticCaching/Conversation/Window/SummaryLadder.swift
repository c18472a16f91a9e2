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
            maximumTokens: settings.summaryTokens,
            blockLength: settings.blockLength
        )
        let known = await cache.longestKnownPrefix(
            of: request.asking(for: part, ofFirst: last),
            counts: cut.boundaries.reversed()
        )
        var summary = known?.entry.reply.text
        var end = known?.count ?? request.instructionCount
        do {
            for boundary in cut.boundaries where boundary > end {
                let block = Array(request.messages[end..<boundary])
                let made = try await climb(
                    block,
                    after: summary,
                    to: request.asking(for: part, ofFirst: boundary),
                    settings
                )
                if !made.verdict.isServable {
                    prompt.summaryCalls += 1
                    prompt.summaryUsage.add(made.reply.usage ?? TokenUsage())
                }
                (summary, end) = (made.reply.text, boundary)
            }
        } catch {
            cache.logger.warning("a conversation goes on without a newer summary", metadata: ["error": "\(error)"])
        }
        guard let summary else {
            prompt.reason = .noSummary
            return prompt
        }
        prompt.keep(from: end, mode: .summary, summary: summary, counter: counter)
        return prompt
    }

    /// Makes the next summary, or waits for who makes it.
    private func climb(
        _ block: [ChatMessage],
        after former: String?,
        to request: CacheRequest,
        _ settings: ConversationSettings
    ) async throws -> CacheResponse {
        let summarizer = summarizer
        return try await cache.respond(to: request) { _ in
            let summary = try await summarizer.summarize(
                block,
                after: former,
                maximumTokens: settings.summaryTokens
            )
            // Nothing said about a block would leave the block out without a trace.
            guard summary.text.contains(where: { !$0.isWhitespace }) else { throw EmptySummary() }
            return CachedReply(text: summary.text, usage: summary.usage)
        }
    }
}

extension TokenUsage {
    mutating func add(_ other: TokenUsage) {
        promptTokens += other.promptTokens
        cachedPromptTokens += other.cachedPromptTokens
        completionTokens += other.completionTokens
    }
}
