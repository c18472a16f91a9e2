import SemanticCaching
import Testing

/// Numbers in files that no honest program writes: refused, or absurd in sums, and never the end of the process.
@Suite struct ImportedNumberTests {
    @Test func sumsMayRunOver() async throws {
        let fixture = try CacheFixture { $0.namespaces.eviction = .byValue }
        let usage = TokenUsage(promptTokens: .max, cachedPromptTokens: .min, completionTokens: .max)
        let request = fixture.request("What is six times seven?")
        try await fixture.cache.store(
            CachedReply(text: "42", usage: usage),
            for: request,
            upstreamLatency: .milliseconds(Int64.max),
            cost: 1e300
        )
        for _ in 0..<5 { #expect(await fixture.cache.lookup(request).outcome == .hit) }
        #expect(await fixture.cache.statistics().lookups.exactHits == 5)
        _ = try await fixture.cache.ledgerDays()
    }

    @Test func anyDurationHasItsMilliseconds() {
        let longest = Duration(secondsComponent: .max / 1000, attosecondsComponent: 999_000_000_000_000_000)
        #expect(longest.wholeMilliseconds == .max)
        #expect((.zero - longest - longest).wholeMilliseconds == .min)
        #expect(Duration.milliseconds(Int64.max).wholeMilliseconds == .max)
    }

    @Test(arguments: [
        #""created_ms": -1"#, #""created_ms": 9223372036854775807"#, #""expires_ms": 4503599627370497"#,
        #""cost_usd": 1e300"#, #""cost_usd": -1"#, #""latency_ms": 1e10"#,
    ])
    func anImportRefusesWhatIsOutOfRange(member: String) {
        let digest = String(repeating: "0f", count: 32)
        func items(_ member: String, vector: String = "AACAPw==") -> [ImportReader.Item] {
            var reader = ImportReader()
            let line = """
                {"semcache": 1, "id": "00000000010000000000000001", \(member), "reply": {"text": "a"}, "questions":
                [{"text": "q", "key": "\(digest)", "check": "\(digest)", "vector": "\(vector)"}]}
                """
            return reader.append(Array(line.replacing("\n", with: " ").utf8)) + reader.finish()
        }
        func isRecord(_ items: [ImportReader.Item]) -> Bool {
            if case .record(.answer, _)? = items.first { items.count == 1 } else { false }
        }
        let created = #""created_ms": 1"#
        #expect(isRecord(items(created)))
        #expect(!isRecord(items(member.contains("created") ? member : "\(created), \(member)")))
        #expect(!isRecord(items(created, vector: "AADAfw==")), "a vector of NaN")
    }
}
