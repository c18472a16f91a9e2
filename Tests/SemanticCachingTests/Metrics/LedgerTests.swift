import SemanticCaching
import SemanticCachingTesting
import StrictJSON
import Testing

@Suite struct LedgerTests {
    private let usage = TokenUsage(promptTokens: 1_000, cachedPromptTokens: 400, completionTokens: 100)

    private func fixture(_ store: any EntryStore = MemoryStore()) throws -> CacheFixture {
        try CacheFixture(store: store) {
            $0.prices = PriceTable(
                asOf: "2026-01-31",
                models: [
                    ModelPrice("m", inputPerMillion: 2, cachedInputPerMillion: 0.5, outputPerMillion: 10)
                ]
            )
        }
    }

    private func respond(_ fixture: CacheFixture, _ question: String) async throws {
        let usage = usage
        _ = try await fixture.cache.respond(to: fixture.request(question)) { _ in
            CachedReply(text: "answer", usage: usage)
        }
    }

    @Test func joinsWhatHitsAndTheProviderSaved() async throws {
        let fixture = try fixture()
        for _ in 0..<3 { try await respond(fixture, "How do I reset my password?") }
        try await respond(fixture, "how do i reset my password")
        let days = try await fixture.cache.ledgerDays()
        #expect(days.count == 1)
        let counts = try #require(days.first).counts
        #expect(counts[.exactHits] == 2)
        #expect(counts[.semanticHits] == 1)
        #expect(counts[.misses] == 1)
        #expect(counts.hitRate == 0.75)
        #expect(counts[.upstreamCalls] == 1)
        #expect(counts[.cachedPromptTokens] == 400)
        #expect(counts.savedTokens == 3 * 1_100)
        // 600 tokens at 2, 400 at 0.5 and 100 at 10 dollars a million.
        #expect(abs(counts.spentDollars - 0.0024) < 1e-9)
        #expect(abs(counts.savedDollars - (3 * 0.0024 + 400 * 1.5e-6)) < 1e-9)
        #expect(counts.hitLatencies.reduce(0, +) == 3)
        #expect((counts.hitLatency(atShare: 0.5) ?? 0) <= (counts.hitLatency(atShare: 0.95) ?? 0))
    }

    @Test func everyDayAndNamespaceHasItsAccount() async throws {
        let fixture = try fixture()
        try await respond(fixture, "How do I reset my password?")
        try await fixture.cache.flushLedger()
        fixture.clock.advance(by: .seconds(86_400))
        try await respond(fixture, "How do I reset my password?")
        _ = try await fixture.cache.respond(
            to: fixture.request("Where is my parcel?") { $0.scope.namespace = NamespaceID(tenant: "a:1", name: "x/y") }
        ) { _ in CachedReply(text: "there") }
        let days = try await fixture.cache.ledgerDays()
        #expect(Set(days.map(\.day)).count == 2)
        #expect(Set(days.map(\.namespace)) == [CacheFixture.scope.namespace, NamespaceID(tenant: "a:1", name: "x/y")])
        let last = try #require(days.map(\.day).max())
        #expect(try await fixture.cache.ledgerDays(since: last).count == 2)
        let hits = days.filter { $0.day == last && $0.namespace == CacheFixture.scope.namespace }
        #expect(hits.map { $0.counts[.exactHits] } == [1])
        #expect(hits.map { $0.counts[.misses] } == [0])
    }

    @Test func accountsGoOnAfterARestart() async throws {
        let store = MemoryStore()
        for _ in 0..<3 {
            let fixture = try fixture(store)
            try await fixture.cache.open()
            for _ in 0..<2 { try await respond(fixture, "How do I reset my password?") }
            // Twice: what was written once is not written again.
            try await fixture.cache.flushLedger()
            try await fixture.cache.flushLedger()
        }
        let total = try await store.ledger().map(\.counts).reduce(LedgerCounts(), +)
        #expect(total[.misses] == 1)
        #expect(total.hits == 5)
    }

    @Test func manyFlushesAtOnceCountOnce() async throws {
        let fixture = try fixture()
        for _ in 0..<5 { try await respond(fixture, "How do I reset my password?") }
        try await withThrowingTaskGroup(of: Void.self) { group in
            for _ in 0..<50 { group.addTask { try await fixture.cache.flushLedger() } }
            try await group.waitForAll()
        }
        let total = try await fixture.store.ledger().map(\.counts).reduce(LedgerCounts(), +)
        #expect(total.requests == 5)
    }

    @Test func shortenedConversationsAreAccountedWithTheirSummaries() async throws {
        let fixture = try fixture()
        let conversations = ConversationCache(fixture.cache, summarizer: StubSummarizer())
        try fixture.cache.updateSettings(of: CacheFixture.scope.namespace) { $0.conversation.mode = .summary }
        let history = (0..<20).flatMap {
            [
                ChatMessage.user("question \($0), with all the details?"),
                .assistant("It is answer number \($0), indeed."),
            ]
        }
        let request = CacheRequest(messages: history + [.user("What now?")], scope: CacheFixture.scope)
        let response = try await conversations.respond(to: request) { _ in CachedReply(text: "that") }
        let prompt = try #require(response.prompt)
        let day = try await fixture.cache.ledgerDays().first { $0.namespace == CacheFixture.scope.namespace }
        let counts = try #require(day).counts
        #expect(counts[.summaryPrompts] == 1)
        #expect(counts[.leftOutTokens] == prompt.fullTokens - prompt.sentTokens)
        #expect(counts[.summaryCalls] == prompt.summaryCalls)
        #expect(counts[.summaryTokens] == 60 * prompt.summaryCalls)
        #expect(counts.savedTokens == prompt.savedTokens)
    }

    @Test func damagedAccountsAreBegunAnew() async throws {
        let store = MemoryStore()
        let fixture = try fixture(store)
        try await respond(fixture, "How do I reset my password?")
        try await fixture.cache.flushLedger()
        let name = try #require(try await store.metadataNames(prefix: "ledger/").first)
        try await store.setMetadata(name, to: Array("{".utf8))
        #expect(try await store.ledger().map(\.counts.isEmpty) == [true])
    }

    /// Whatever a damaged store says is added up and told.
    @Test(arguments: [Int.max, .min]) func absurdAccountsAreAddedUp(value: Int) async throws {
        let store = MemoryStore()
        let fixture = try fixture(store)
        try await respond(fixture, "How do I reset my password?")
        try await fixture.cache.flushLedger()
        var counts = LedgerCounts(json: ["hit_latencies": .array(Array(repeating: .integer(value), count: 24))])
        for field in LedgerCounts.Field.allCases { counts[field] = value }
        let name = try #require(try await store.metadataNames(prefix: "ledger/").first)
        for day in ["2026-11-19", "2026-11-20"] {
            let other = name.replacing(#/[0-9]{4}-[0-9]{2}-[0-9]{2}/#, with: day)
            try await store.setMetadata(other, to: JSONValue.object(counts.json).serialized())
        }
        let total = try await fixture.cache.ledgerDays().map(\.counts).reduce(LedgerCounts(), +)
        // One sum has a request of this cache besides.
        #expect([value, value + (value < 0 ? 1 : 0)].contains(total[.misses]))
        #expect(total.hits == value)
        #expect([value, value + (value < 0 ? 1 : 0)].contains(total.requests))
        #expect(total.savedTokens == value || value < 0)
        #expect(total.savedDollars.isFinite && (0...1).contains(total.hitRate))
        _ = total.hitLatency(atShare: 0.5)
        // And the account of today goes on.
        try await respond(fixture, "How do I reset my password?")
        try await fixture.cache.flushLedger()
    }

    @Test func countsSurviveTheirStoredForm() {
        var counts = LedgerCounts()
        for (index, field) in LedgerCounts.Field.allCases.enumerated() { counts[field] = index * 7 }
        #expect(LedgerCounts(json: counts.json) == counts)
        #expect(LedgerCounts(json: ["misses": 3, "of_the_future": 9])[.misses] == 3)
    }

    @Test(arguments: [
        (0, "1970-01-01"), (951_782_400_000, "2000-02-29"), (1_795_219_200_000, "2026-11-21"),
        (1_795_305_599_999, "2026-11-21"), (-1, "1969-12-31"), (4_107_542_400_000, "2100-03-01"),
    ]) func daysAreThoseOfTheCalendar(milliseconds: Int64, day: String) {
        #expect(Timestamp(milliseconds: milliseconds).day == day)
    }
}
