import SemanticCachingTesting
import Testing

@testable import SemanticCaching

/// Only complete answers in words are judged: two empty texts are no equal answers, and half an answer is no other one.
@Suite struct JudgedRepliesTests {
    private static let first = "How do I reset my password?"
    private static let second = "How may somebody reset the password here?"

    private struct EqualityJudge: AnswerJudge {
        func isSameAnswer(fresh: String, stored: String, question: AnalyzedText) async -> Bool? { fresh == stored }
    }

    private static func chat(_ message: String, text: String = "Done.") -> CachedReply {
        let json = #"{"choices": [{"message": \#(message), "finish_reason": "stop"}]}"#
        return CachedReply(text: text, wire: .init(format: "chat.completion", json: Array(json.utf8)))
    }

    private static func call(_ name: String) -> CachedReply {
        let json = #"{"choices": [{"message": {"content": null, "tool_calls": [{"id": "\#(name)"}]}}]}"#
        return CachedReply(
            text: "",
            finishReason: .toolCalls,
            wire: .init(format: "chat.completion", json: Array(json.utf8))
        )
    }

    /// Stores an answer and then, after a miss, another one; returns the labels that were learned and the answers that are left.
    private func outcome(of stored: CachedReply, then fresh: CachedReply) async throws -> (labels: Int, entries: Int) {
        let fixture = try CacheFixture(
            {
                $0.namespaces.maximumErrorRate = 0.05
                $0.namespaces.storesToolCalls = true
            },
            judge: EqualityJudge()
        )
        _ = try await fixture.cache.store(stored, for: fixture.request(Self.first))
        let request = fixture.request(Self.second)
        let result = await fixture.cache.find(request)
        #expect(result.verdict.outcome == .miss)
        #expect(result.decision?.evidence != nil)
        let entry = try await fixture.cache.store(fresh, for: request, after: result, upstreamLatency: nil, cost: nil)
        await fixture.cache.followUp(fresh, storedAs: entry, after: result)?.value
        let policy = try #require(fixture.cache.learnedPolicy(of: CacheFixture.scope.namespace))
        return (policy.labelCount, try await fixture.store.usage().entries)
    }

    @Test func callsOfToolsAreNoEqualAnswers() async throws {
        let (labels, entries) = try await outcome(of: Self.call("refund"), then: Self.call("delete_account"))
        #expect(labels == 0)
        #expect(entries == 2)
    }

    @Test func speechWithEqualWordsBesideItIsNoEqualAnswer() async throws {
        let stored = Self.chat(#"{"content": "Done.", "audio": {"id": "1", "data": "AAAA"}}"#)
        let fresh = Self.chat(#"{"content": "Done.", "audio": {"id": "2", "data": "BBBB"}}"#)
        let (labels, entries) = try await outcome(of: stored, then: fresh)
        #expect(labels == 0)
        #expect(entries == 2)
    }

    @Test func anAnswerCutShortTeachesNothing() async throws {
        let cut = CachedReply(text: "Choose “For", finishReason: .length)
        #expect(try await outcome(of: CachedReply(text: "Choose “Forgot”."), then: cut).labels == 0)
        let filtered = CachedReply(text: "I cannot", finishReason: .contentFilter)
        #expect(try await outcome(of: CachedReply(text: "Choose “Forgot”."), then: filtered).labels == 0)
    }

    @Test func plainAnswersOfAWireAreJudged() async throws {
        let stored = Self.chat(#"{"content": "Done.", "tool_calls": [], "refusal": null}"#)
        let (labels, entries) = try await outcome(of: stored, then: Self.chat(#"{"content": "Done."}"#))
        #expect(labels == 1)
        #expect(entries == 1)
    }

    @Test(arguments: [
        (
            "response",
            #"{"output": [{"type": "reasoning"}, {"type": "message", "content": []}]}"#
        ),
        ("response", #"{"output": [{"type": "message", "content": [{"type": "output_text"}]}]}"#),
        ("message", #"{"content": [{"type": "thinking"}, {"type": "text", "text": "a"}]}"#),
        ("chat.completion", #"{"choices": [{"message": {"content": "a", "function_call": null}}]}"#),
    ])
    func textIsAllThatThereIs(format: String, json: String) {
        #expect(!CachedReply(text: "a", wire: .init(format: format, json: Array(json.utf8))).hasMoreThanText)
    }

    @Test(arguments: [
        ("response", #"{"output": [{"type": "message", "content": [{"type": "refusal"}]}]}"#),
        ("response", #"{"output": [{"type": "message", "content": []}, {"type": "function_call"}]}"#),
        ("message", #"{"content": [{"type": "text"}, {"type": "tool_use"}]}"#),
        ("chat.completion", #"{"choices": [{"message": {"content": "a"}}, {"message": {"content": "b"}}]}"#),
        ("chat.completion", #"{"choices": [{"message": {"content": "a", "refusal": "no"}}]}"#),
        ("chat.completion", "no JSON"), ("embedding", "{}"),
    ])
    func thereIsMoreThanText(format: String, json: String) {
        #expect(CachedReply(text: "a", wire: .init(format: format, json: Array(json.utf8))).hasMoreThanText)
    }
}
