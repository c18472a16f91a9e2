import CacheTuning
import Foundation
import SemanticCaching
import Testing

@Suite struct TuningTests {
    /// Pairs whose rightness rises with their cosine, and their vectors.
    private func metrics(count: Int, seed: UInt64) throws -> PairMetrics {
        var generator = SplitMix64(seed: seed)
        var pairs: [LabelledPair] = []
        var values: [Float] = []
        for index in 0..<count {
            let cosine = Float(generator.nextUnit())
            let isMatch = generator.nextUnit() < (cosine > 0.8 ? 0.995 : Double(cosine) / 2)
            pairs.append(LabelledPair("left <\(index)>", "right <\(index)>", isMatch: isMatch))
            values += [1, 0, cosine, (1 - cosine * cosine).squareRoot()]
        }
        return try PairMetrics(pairs, vectors: EmbeddingTable(dimension: 2, values: values), guards: .off)
    }

    @Test func choosesAThresholdThatHoldsOnOtherPairs() throws {
        let tuning = try PairTuning(metrics(count: 4000, seed: 1), maximumError: 0.03)
        let threshold = try #require(tuning.threshold)
        #expect(threshold > 0.7 && threshold < 0.9)
        #expect(tuning.heldOutError.estimate <= 0.03)
        #expect(tuning.heldOutRecall.estimate > 0.3)
        #expect(tuning.fitCount + tuning.heldOutCount == 4000)
    }

    @Test func fewPairsProveNothing() throws {
        #expect(try PairTuning(metrics(count: 40, seed: 2), maximumError: 0.01).threshold == nil)
        #expect(throws: TuningError.tooFewRows(found: 3, needed: 20)) {
            try PairTuning(metrics(count: 3, seed: 2), maximumError: 0.01)
        }
    }

    /// All pairs share a question, so that they are one group and fall into one half.
    @Test func aHalfWithoutPairsIsNoMeasurement() throws {
        let pairs = (0..<40).map { LabelledPair("the same", "right <\($0)>", isMatch: true) }
        let values = [Float](repeating: 1, count: 40 * 2 * 2)
        let metrics = try PairMetrics(pairs, vectors: EmbeddingTable(dimension: 2, values: values), guards: .off)
        for seed in 0..<4 as Range<UInt64> {
            #expect(throws: TuningError.inseparable(smallerHalf: 0, needed: 10)) {
                try PairTuning(metrics, maximumError: 0.1, seed: seed)
            }
        }
    }

    @Test func sweepRisesFromStrictToLax() throws {
        let sweep = ThresholdSweep(try metrics(count: 500, seed: 3).pairs, usesGuards: false)
        #expect(zip(sweep.points, sweep.points.dropFirst()).allSatisfy { $0.threshold > $1.threshold })
        #expect(sweep.points.last?.rightAccepted == sweep.rightCount)
        #expect(sweep.areaUnderCurve > 0.7 && sweep.areaUnderCurve <= 1)
    }

    @Test func twentyPairsThatShareNothingAreTenAndTen() throws {
        for seed in 0..<8 as Range<UInt64> {
            let tuning = try PairTuning(metrics(count: 20, seed: 2), maximumError: 0.1, seed: seed)
            #expect(tuning.fitCount == 10 && tuning.heldOutCount == 10)
        }
    }

    /// All requests need one answer, so that they fall into one half.
    @Test func aStreamOfOneAnswerIsNoMeasurement() throws {
        let trace = try ReplayTests.trace(topics: 1, perTopic: 200, seed: 5)
        #expect(throws: TuningError.inseparable(smallerHalf: 0, needed: 10)) {
            try StreamTuning(trace, maximumError: 0.02)
        }
    }

    @Test func tunesStreamsOnGroupsThatItDoesNotMeasure() throws {
        let trace = try ReplayTests.trace(topics: 40, perTopic: 20, seed: 5)
        let tuning = try StreamTuning(trace, maximumError: 0.02)
        #expect(tuning.rows.count == 3)
        #expect(tuning.rows.allSatisfy { $0.errorRate.estimate <= 0.03 })
        #expect(tuning.rows[0].hitRate.estimate > 0.5)
        #expect(tuning.thresholdCurve.count > 20)
    }

    @Test func theReportEscapesQuestionsAndFetchesNothing() throws {
        let metrics = try metrics(count: 600, seed: 4)
        let tuning = try PairTuning(metrics, maximumError: 0.3)
        let page = HTMLReport.page(title: "FAQ <script>", tuning: tuning, metrics: metrics)
        #expect(!page.contains("<script"))
        #expect(!page.contains("left <"))
        #expect(!page.contains("http"))
        #expect(page.components(separatedBy: "<svg").count == 5)
    }

    @Test func labellingCanBeTakenBack() {
        var session = LabelSession((0..<3).map { LabelledPair("a\($0)", "b", isMatch: false) })
        session.answer(.yes)
        session.answer(.no)
        session.answer(.undo)
        session.answer(.skip)
        session.answer(.yes)
        session.answer(.yes)
        #expect(session.current == nil)
        #expect(session.labelled.map(\.first) == ["a0", "a2"])
        #expect(session.labelled.allSatisfy { $0.isMatch })
        #expect(session.labelled.first?.jsonLine == #"{"a":"a0","b":"b","label":1}"#)
        #expect(LabelSession.Answer("Q") == nil)
        #expect(LabelSession.Answer("U") == .undo)
    }

    @Test func plotsFitTheTerminal() {
        let lines = TerminalPlot.curve([(0, 0), (1, 1)], width: 10, height: 4).split(separator: "\n")
        #expect(lines.count == 6)
        #expect(lines[0].hasSuffix("•"))
    }
}
