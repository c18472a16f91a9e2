import SemanticCaching
import SemanticCachingTesting
import Testing

@Suite struct LearningTests {
    /// Judges by a table of answers that say the same; counts its calls.
    private struct TableJudge: AnswerJudge {
        let calls = Watched(0)

        func isSameAnswer(fresh: String, stored: String, question: AnalyzedText) async -> Bool? {
            defer { calls.update { $0 += 1 } }
            return fresh.prefix(8) == stored.prefix(8)
        }
    }

    @Test func judgedEqualAnswersBecomeOneWithManyWordings() async throws {
        let judge = TableJudge()
        let fixture = try CacheFixture({ $0.namespaces.maximumErrorRate = 0.05 }, judge: judge)
        try await fixture.put("How do I reset my password?", "Answer A, first wording")
        fixture.upstream.enqueue(CachedReply(text: "Answer A, in other words"))
        let response = try await fixture.respond("How may somebody reset the password here?")
        #expect(response.verdict.outcome == .miss)
        try await judge.calls.wait { $0 == 1 }
        while try await fixture.store.usage().entries > 1 { try await Task.sleep(for: .milliseconds(1)) }
        while try await fixture.store.usage().questions < 2 { try await Task.sleep(for: .milliseconds(1)) }
        // The store is first; then the exact tier forgets what was merged away.
        let request = fixture.request("How may somebody reset the password here?")
        while await fixture.cache.lookup(request).reply?.text != "Answer A, first wording" {
            try await Task.sleep(for: .milliseconds(1))
        }
        #expect(fixture.cache.learnedPolicy(of: CacheFixture.scope.namespace)?.labelCount == 1)

        // A sweep makes a single label survive, long before the first fit.
        #expect(try await fixture.store.metadata(CacheFixture.scope.namespace.policyName) == nil)
        try await fixture.cache.sweep()
        let reopened = try CacheFixture(store: fixture.store, { $0.namespaces.maximumErrorRate = 0.05 })
        try await reopened.cache.open()
        #expect(reopened.cache.learnedPolicy(of: CacheFixture.scope.namespace)?.labelCount == 1)
    }

    @Test func differentAnswersStayApart() async throws {
        let judge = TableJudge()
        let fixture = try CacheFixture({ $0.namespaces.maximumErrorRate = 0.05 }, judge: judge)
        try await fixture.put("How do I reset my password?", "Answer A")
        fixture.upstream.enqueue(CachedReply(text: "Answer B"))
        _ = try await fixture.respond("How do I reset my thermostat?")
        try await judge.calls.wait { $0 == 1 }
        #expect(try await fixture.store.usage().entries == 2)
    }

    @Test func anExplanationLeavesNoTrace() async throws {
        let fixture = try CacheFixture({ $0.namespaces.maximumErrorRate = 0.05 })
        try await fixture.put("How do I reset my password?", "here")
        let before = await fixture.cache.statistics().lookups
        let verdict = await fixture.cache.explain(fixture.request("how do i reset my password"))
        #expect(verdict.nearest.count == 1)
        #expect(fixture.cache.learnedPolicy(of: CacheFixture.scope.namespace)?.requestCount == 0)
        #expect(await fixture.cache.statistics().lookups == before)
    }

    @Test func namespacesWithoutARateDoNotLearn() async throws {
        let judge = TableJudge()
        let fixture = try CacheFixture(judge: judge)
        try await fixture.put("How do I reset my password?", "Answer A")
        _ = try await fixture.respond("How may somebody reset the password here?")
        #expect(fixture.cache.learnedPolicy(of: CacheFixture.scope.namespace) == nil)
        #expect(judge.calls.value == 0)
    }
}
