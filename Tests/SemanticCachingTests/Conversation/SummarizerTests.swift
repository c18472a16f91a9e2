import SemanticCaching
import SemanticCachingTesting
import Synchronization
import Testing

@Suite struct SummarizerTests {
    private let messages: [ChatMessage] = [
        .user("Hello there! My order number is 48213 and it should go to Rue Cler 9 in Paris."),
        .assistant("Thank you. Let me see. Order 48213 was sent on 12 May."),
        .user("I would like to have the blue one instead. It was 39 euros, was it not?"),
        .assistant("Yes. The blue one costs 39 euros as well."),
    ]

    @Test func extractsWhatSaysMostWithinItsLength() async throws {
        let counter = EstimatedTokenCounter()
        let summarizer = ExtractiveSummarizer()
        for limit in [30, 60, 200] {
            let summary = try await summarizer.summarize(messages, after: nil, maximumTokens: limit)
            #expect(counter.count(summary.text) <= limit)
            #expect(summary.usage == TokenUsage())
            #expect(!summary.text.isEmpty)
        }
        let summary = try await summarizer.summarize(messages, after: nil, maximumTokens: 40)
        #expect(summary.text.contains("48213"))
        #expect(!summary.text.contains("Let me see"))
        // Every line was said as it stands.
        let said = messages.compactMap { $0.content?.plainText }.joined(separator: " ")
        for line in summary.text.split(separator: "\n") {
            let sentence = line.split(separator: ":", maxSplits: 1)[1].dropFirst()
            #expect(said.contains(sentence))
        }
    }

    @Test func rollsAFormerSummaryUp() async throws {
        let summarizer = ExtractiveSummarizer()
        let first = try await summarizer.summarize(messages, after: nil, maximumTokens: 60)
        let later: [ChatMessage] = [.user("Fine, thanks, that is good."), .assistant("You are welcome, good bye.")]
        let second = try await summarizer.summarize(later, after: first.text, maximumTokens: 60)
        #expect(second.text.contains("48213"))
        #expect(try await summarizer.summarize(later, after: first.text, maximumTokens: 60) == second)
    }

    @Test func nothingToSumUpIsNoCrash() async throws {
        let summary = try await ExtractiveSummarizer().summarize([.user("?!")], after: nil, maximumTokens: 60)
        #expect(summary.text.isEmpty)
    }

    @Test func theModelSeesATranscriptAndTheFormerSummary() async throws {
        let seen = Mutex<[ChatMessage]>([])
        let summarizer = ModelSummarizer(id: "m") { prompt in
            seen.withLock { $0 = prompt }
            return CachedReply(text: " Order 48213. \n", usage: TokenUsage(promptTokens: 70, completionTokens: 5))
        }
        let summary = try await summarizer.summarize(messages, after: "Before.", maximumTokens: 100)
        let usage = TokenUsage(promptTokens: 70, completionTokens: 5)
        #expect(summary == Summary(text: "Order 48213.", usage: usage, model: "m"))
        let prompt = seen.withLock { $0 }
        #expect(prompt.map(\.role) == [.system, .user])
        #expect(prompt[1].content?.plainText?.contains("Before.") == true)
        #expect(prompt[1].content?.plainText?.contains("user: I would like to have the blue one") == true)
        #expect(summarizer.id != ModelSummarizer(id: "n") { _ in CachedReply(text: "") }.id)
    }

    @Test func anUnfinishedSummaryIsNone() async throws {
        for reply in [CachedReply(text: "  "), CachedReply(text: "Order", finishReason: .length)] {
            let summarizer = ModelSummarizer(id: "m") { _ in reply }
            await #expect(throws: CacheError.self) {
                try await summarizer.summarize(messages, after: nil, maximumTokens: 100)
            }
        }
    }
}
