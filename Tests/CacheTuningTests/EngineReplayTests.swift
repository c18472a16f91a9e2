import CacheTuning
import Embeddings
import SemanticCaching
import SemanticCachingTesting
import Testing

/// Streams that the engine answers on the clock of the trace.
@Suite struct EngineReplayTests {
    /// Questions by the second at which they come; a question's group is its first word.
    private static func stream(_ requests: (Double, String)...) -> [StreamQuery] {
        var groups: [Substring: Int] = [:]
        return requests.map { time, text in
            let name = text.prefix { $0 != " " }
            let group = groups[name] ?? groups.count
            groups[name] = group
            return StreamQuery(text: text, group: group, time: time)
        }
    }

    private static func run(_ replay: EngineReplay, _ queries: [StreamQuery]) async throws -> EngineReplayResult {
        try await replay.run(queries, schedule: ReplaySchedule(queries))
    }

    @Test func tellsTiersAndWrongAnswersApart() async throws {
        var replay = EngineReplay(policy: ThresholdPolicy(), embedder: HashingEmbedder(dimension: 512))
        replay.configuration.namespaces.threshold = 0.6
        var queries = Self.stream(
            (0, "reset my lost password"),
            (1, "reset my lost password"),
            (2, "reset my lost password now"),
            (3, "opening hours on Sunday")
        )
        queries.append(StreamQuery(text: "reset my lost password", group: 7, time: 4))
        let result = try await Self.run(replay, queries)
        #expect(result.requestCount == 5)
        #expect(result.exactHits == 2)
        #expect(result.semanticHits == 1)
        #expect(result.wrongHits == 1)
        #expect(result.entries == 2)
        #expect(result.precision == 1 - 1.0 / 3)
        // Two vectors of 512 components at the least.
        #expect(result.bytes >= 2 * 512 * 4)
        replay.embedder = nil
        #expect(try await Self.run(replay, queries).semanticHits == 0)
    }

    @Test func aVerifierHasTheLastWordAndIsCounted() async throws {
        var replay = EngineReplay(policy: ThresholdPolicy(), embedder: HashingEmbedder(dimension: 512))
        replay.configuration.namespaces.threshold = 0.99
        replay.configuration.namespaces.verification.mode = .blocking
        replay.configuration.namespaces.verification.lowestSimilarity = 0.5
        let queries = Self.stream(
            (0, "reset my lost password"),
            (1, "reset my lost password now"),
            (2, "reset my old lost password")
        )
        #expect(try await Self.run(replay, queries).verifications == 0)
        replay.verifier = WordVerifier(refused: "old")
        let blocking = try await Self.run(replay, queries)
        #expect(blocking.semanticHits == 1)
        #expect(blocking.confirmations == 1)
        #expect(blocking.refusals == 1)
        replay.verifier = WordVerifier(refused: "old", fails: true)
        let failing = try await Self.run(replay, queries)
        #expect(failing.hits == 0)
        #expect(failing.verifierFailures == failing.verifications)
        #expect(failing.verifications > 0)
        replay.verifier = WordVerifier(refused: "old")
        replay.configuration.namespaces.verification.mode = .asynchronous
        let deferred = try await Self.run(replay, queries + [queries[1]])
        #expect(deferred.deferrals > 0)
        #expect(deferred.confirmations == 0)
        #expect(deferred.hits == 1, "only the wording that was confirmed meanwhile is served, word for word")
    }

    @Test func answersExpireByTheTimesOfTheTrace() async throws {
        var replay = EngineReplay()
        replay.configuration.namespaces.timeToLive = .seconds(10)
        let queries = Self.stream((0, "a"), (9, "a"), (11, "a"), (20, "a"), (22, "a"), (500, "b"))
        let result = try await Self.run(replay, queries)
        // Stored at 0, 11 and 22.
        #expect(result.hits == 2)
        // What a new answer replaced did not expire; the sweep at 500 finds the last one.
        #expect(result.expirations == 1)
        #expect(result.entries == 1)
    }

    @Test func aStaleAnswerIsServedAndRefreshed() async throws {
        var replay = EngineReplay()
        replay.configuration.namespaces.timeToLive = .seconds(10)
        replay.configuration.namespaces.staleWhileRevalidate = .seconds(10)
        let result = try await Self.run(replay, Self.stream((0, "a"), (15, "a"), (20, "a"), (60, "a")))
        #expect(result.hits == 2)
        #expect(result.staleHits == 1)
        #expect(result.wrongHits == 0)
    }

    @Test func limitsDriveOutWhatWasNotUsed() async throws {
        var replay = EngineReplay()
        replay.configuration.namespaces.maximumEntries = 2
        replay.configuration.namespaces.eviction = .leastRecentlyUsed
        let queries = Self.stream((0, "a"), (1, "b"), (2, "a"), (3, "c"), (4, "a"), (5, "b"))
        let result = try await Self.run(replay, queries)
        // c drives out b, which then drives out c: a was used last both times.
        #expect(result.hits == 2)
        #expect(result.evictions == 2)
        #expect(result.entries == 2)
        replay.configuration.namespaces.maximumEntries = 3
        #expect(try await Self.run(replay, queries).hits == 3)
    }

    @Test func namespacesOfTheTraceHaveTheirOwnSettings() async throws {
        var replay = EngineReplay()
        replay.configuration.rules = [NamespaceRule("news/*") { $0.timeToLive = .seconds(1) }]
        var queries = Self.stream((0, "a"), (5, "a"), (6, "a"), (9, "a"))
        queries[2].namespace = "news/today"
        queries[3].namespace = "news/today"
        #expect(try await Self.run(replay, queries).hits == 1)
        replay.namespace = "news/default"
        #expect(try await Self.run(replay, queries).hits == 0)
    }

    @Test func tokensAreThoseOfTheDataOrAnEstimate() async throws {
        var queries = Self.stream((0, "a question of eight tokens or so"), (1, "a question of eight tokens or so"))
        let estimate = try await Self.run(EngineReplay(), queries)
        #expect(estimate.estimatedTokenCounts == 2)
        #expect((4...16).contains(estimate.tokensSaved))
        queries[0].tokens = 70
        queries[1].tokens = 30
        let told = try await Self.run(EngineReplay(), queries)
        #expect(told.estimatedTokenCounts == 0)
        #expect(told.tokens == 100)
        #expect(told.tokensSaved == 30)
    }

    @Test func aSlipInATimeDoesNotStopTheReplay() async throws {
        let result = try await Self.run(EngineReplay(), Self.stream((-1e300, "a"), (0, "a"), (1e300, "a")))
        #expect(result.hits == 2)
    }

    @Test func aNamespaceThatLearnsServesMoreWithinItsBound() async throws {
        let trace = try ReplayTests.trace(topics: 16, perTopic: 25, seed: 5)
        let schedule = try ReplaySchedule(trace.queries, seed: 3)
        var replay = EngineReplay(embedder: TableEmbedder(trace))
        replay.configuration.namespaces.threshold = 0.99
        let fixed = try await replay.run(trace.queries, schedule: schedule)
        replay.configuration.namespaces.maximumErrorRate = 0.05
        let learned = try await replay.run(trace.queries, schedule: schedule)
        #expect(fixed.semanticHits == 0)
        #expect(learned.semanticHits > 100)
        #expect(learned.errorRate <= 0.05)
        // Wordings of one answer were brought together by the labels.
        #expect(learned.entries < fixed.entries / 2)
    }
}

/// The vectors of a trace.
private struct TableEmbedder: Embedder {
    let model: EmbeddingModel
    private let vectors: [String: Embedding]

    init(_ trace: ReplayTrace) {
        let table = trace.vectors
        model = EmbeddingModel(id: "table", dimension: table.dimension)
        vectors = Dictionary(
            uniqueKeysWithValues: trace.queries.enumerated().map { row, query in
                let range = row * table.dimension..<(row + 1) * table.dimension
                return (query.text, Embedding(unitVector: Array(table.values[range])))
            }
        )
    }

    func embed(_ texts: [String]) async throws -> [Embedding] {
        try texts.map { text in
            guard let known = vectors[text] else { throw EmbedderError.invalidInput("no vector of \(text)") }
            return known
        }
    }
}

/// Agrees to every match but those of questions with a word.
private struct WordVerifier: HitVerifier {
    struct Failure: Error {}

    let refused: String
    var fails = false
    let name = "words"

    func mayServe(_ pair: VerificationPair) async throws -> Bool {
        if fails { throw Failure() }
        return !pair.question.contains(refused)
    }
}
