import SemanticCaching
import StrictJSON
import Testing

/// Numbers of providers and of imports are bounded before they are added up: arithmetic that overflows ends the process.
@Suite struct AbsurdNumberTests {
    @Test func aUsageBeyondAllMeasureIsCutToMeasure() throws {
        let usage = try #require(
            TokenUsage(usage: [
                "input_tokens": .integer(.max), "cache_read_input_tokens": .integer(.max),
                "output_tokens": .integer(-5),
            ])
        )
        #expect(usage.promptTokens == 2 << 32 && usage.completionTokens == 0)
    }

    @Test func absurdCostsAndTokensAreServedAndCounted() async throws {
        let fixture = try CacheFixture()
        let request = fixture.request("What is it?")
        let usage = TokenUsage(promptTokens: .max, cachedPromptTokens: .max, completionTokens: .max)
        for cost in [1e300, -.infinity, .nan, -0.0, 1e10] {
            let reply = CachedReply(text: "That.", usage: usage)
            try await fixture.cache.store(reply, for: request, upstreamLatency: .seconds(1), cost: cost)
            #expect(await fixture.cache.lookup(request).outcome == .hit)
        }
        #expect(await fixture.cache.statistics().lookups.savedCost <= 5e6)
        try await fixture.cache.flushLedger()
    }

    @Test(arguments: ["1e12", "-1", "-1e-9"]) func anImportOfSuchACostIsRefused(cost: String) {
        let line = #"""
            {"semcache": 1, "id": "01ARZ3NDEKTSV4RRFFQ69G5FAV", "created_ms": 1, "cost_usd": \#(cost), "reply": {"text": "a"}}
            """#
        var reader = ImportReader()
        let items = reader.append(Array(line.utf8)) + reader.finish()
        guard case .rejected(let record)? = items.first else {
            Issue.record("the line was taken")
            return
        }
        #expect(record.reason == "'cost_usd' is out of range")
    }

    @Test func timesBeyondAllMeasureDoNotWrap() {
        let (first, last) = (Timestamp(milliseconds: .min), Timestamp(milliseconds: .max))
        #expect(last - first == .milliseconds(Int64.max))
        #expect(first - last == .milliseconds(Int64.min))
    }

    @Test func aTierOfNoSizeIsRefusedAndDoesNotEndTheProcess() {
        for path in [\CacheConfiguration.exact.maximumEntries, \.exact.maximumBytes, \.embedding.memoizedTexts] {
            var configuration = CacheConfiguration()
            configuration[keyPath: path] = 0
            #expect(throws: CacheError.self) { try configuration.validate() }
        }
    }
}
