import CacheTuning
import Foundation
import SemanticCaching
import Testing

@Suite struct FeedbackDataTests {
    private func pairs(_ text: String) throws -> [LabelledPair] {
        try PairReader.pairs(of: TableReader.rows(of: Array(text.utf8)))
    }

    @Test func aRequestLogGivesPairsWhereSomebodySpoke() throws {
        let log = """
            {"question": "a", "stored": "b", "verdict": "good", "time": 3}
            {"question": "c", "stored": "d", "verdict": ""}
            {"question": "e", "stored": "f"}
            {"question": "g", "stored": "h", "verdict": "bad", "time": 1.5}
            """
        let found = try pairs(log)
        #expect(found.map(\.first) == ["a", "g"])
        #expect(found.map(\.isMatch) == [true, false])
        #expect(found.map(\.time) == [3, 1.5])
    }

    @Test func feedbackMayBeginFarDownALog() throws {
        let silent = String(repeating: "{\"question\": \"q\", \"stored\": \"s\"}\n", count: 80)
        let found = try pairs(silent + "{\"question\": \"a\", \"stored\": \"b\", \"verdict\": \"good\"}\n")
        #expect(found == [LabelledPair("a", "b", isMatch: true)])
    }

    @Test func pairsOfCacheLLMAreRead() throws {
        let found = try pairs(#"{"a": "x", "b": "y", "duplicate": true, "kind": "paraphrase"}"#)
        #expect(found == [LabelledPair("x", "y", isMatch: true, category: "paraphrase")])
    }

    @Test func pairsWithTimesAreSplitByTime() throws {
        var pairs: [LabelledPair] = []
        var values: [Float] = []
        for index in 0..<40 {
            var pair = LabelledPair("left \(index)", "right \(index)", isMatch: true)
            pair.time = Double(100 - index)
            pairs.append(pair)
            values += [1, 0, 1, 0]
        }
        let metrics = try PairMetrics(pairs, vectors: EmbeddingTable(dimension: 2, values: values), guards: .off)
        let tuning = try PairTuning(metrics, maximumError: 0.2)
        #expect(tuning.fitCount == 20)
        #expect(tuning.fitAccepted.count == 20)
        #expect(tuning.fitAccepted.wrong == 0)
        #expect(abs(tuning.fitAccepted.upperBound - 0.1391) < 0.001)
    }

    @Test func surerRulesAllowLess() {
        for (errors, count) in [(0, 10), (3, 400), (40, 1000)] {
            let bounds = RiskBound.allCases.map { $0.bound(errors: errors, count: count) }
            #expect(bounds[0] < bounds[1] && bounds[1] < bounds[2], "\(errors) of \(count): \(bounds)")
        }
        #expect(RiskBound.allCases.allSatisfy { $0.bound(errors: 0, count: 0) == 1 })
    }

    @Test func streamsAreTunedByEachRuleAndReported() throws {
        let trace = try ReplayTests.trace(topics: 40, perTopic: 20, seed: 5)
        let tuning = try StreamTuning(trace, maximumError: 0.02)
        #expect(tuning.levels.map(\.rule) == [.plugIn, .conformal, .clopperPearson])
        let thresholds = tuning.levels.compactMap(\.threshold)
        #expect(zip(thresholds, thresholds.dropFirst()).allSatisfy { $0 <= $1 })
        #expect(tuning.threshold == tuning.levels.last?.threshold ?? 0.99)
        #expect(!tuning.trail.isEmpty)
        #expect(tuning.trail.count { $0.isServed } > 0)
        let page = HTMLReport.page(title: "<stream>", tuning: tuning)
        #expect(page.components(separatedBy: "<svg").count == 5)
        #expect(page.contains("clopper-pearson"))
        // The trail leaves out the requests with nothing near: its shares are not of all requests.
        #expect(tuning.trail.count < tuning.heldOut.queries.count)
        #expect(page.contains("share of requests with a candidate") && !page.contains("share of requests<"))
        #expect(!page.contains("<stream>"))
        #expect(!page.contains("http"))
    }
}
