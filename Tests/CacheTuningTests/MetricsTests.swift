import CacheTuning
import Foundation
import SemanticCaching
import Testing

@Suite struct MetricsTests {
    @Test func frontierInterpolatesBetweenRuns() {
        let frontier = ErrorFrontier(points: [(0.005, 0.3), (0.015, 0.5), (0.04, 0.7)])
        #expect(abs(frontier.hitRate(atError: 0.01) - 0.4) < 1e-9)
        #expect(frontier.hitRate(atError: 0.001) == 0)
        #expect(frontier.hitRate(atError: 0.5) == 0.7)
    }

    @Test func clopperPearsonAgreesWithTheTables() {
        // Published one-sided 95 % bounds: 0 of 59 is 0.0495, 1 of 20 is 0.2161.
        #expect(abs(ClopperPearson.upperBound(errors: 0, count: 59) - 0.0495) < 1e-3)
        #expect(abs(ClopperPearson.upperBound(errors: 1, count: 20) - 0.2161) < 1e-3)
        #expect(ClopperPearson.upperBound(errors: 3, count: 3) == 1)
        #expect(ClopperPearson.upperBound(errors: 0, count: 0) == 1)
    }

    /// Resampling equal values gives the same value each time, which is not certainty.
    @Test func noMistakeAmongFewIsNotCertainty() {
        let none = BootstrapInterval(meanOf: Array(repeating: 0, count: 15))
        #expect(none.estimate == 0 && none.lower == 0 && abs(none.upper - 0.218) < 1e-3)
        let all = BootstrapInterval(meanOf: Array(repeating: 1, count: 15))
        #expect(all.estimate == 1 && all.upper == 1 && abs(all.lower - 0.782) < 1e-3)
        let nothing = BootstrapInterval(meanOf: [])
        #expect(nothing.lower == 0 && nothing.upper == 1)
        let groups = BootstrapInterval(meanOf: Array(repeating: 0, count: 15), groups: Array(repeating: 4, count: 15))
        #expect(groups.upper > 0.97, "fifteen wordings of one question are one trial")
    }

    /// Values of a group are alike: to draw them one by one would make the interval too narrow.
    @Test func groupsAreDrawnAsAWhole() {
        var covered = (whole: 0, single: 0)
        for seed in 0..<60 as Range<UInt64> {
            var generator = SplitMix64(seed: seed)
            let groups = (0..<400).map { $0 / 10 }
            let values = (0..<40).flatMap { _ in
                Array(repeating: generator.nextUnit() < 0.3 ? 1.0 : 0, count: 10)
            }
            let whole = BootstrapInterval(meanOf: values, groups: groups, samples: 200, seed: seed)
            let single = BootstrapInterval(meanOf: values, samples: 200, blockLength: 1, seed: seed)
            if whole.lower <= 0.3, 0.3 <= whole.upper { covered.whole += 1 }
            if single.lower <= 0.3, 0.3 <= single.upper { covered.single += 1 }
            #expect(whole.lower <= whole.estimate && whole.estimate <= whole.upper)
        }
        #expect(covered.whole >= 50 && covered.single <= 45, "\(covered) of 60")
    }

    @Test func bootstrapCoversTheMeanOfIndependentValues() {
        var covered = 0
        for seed in 0..<60 {
            var generator = SplitMix64(seed: UInt64(seed))
            let values = (0..<400).map { _ in generator.nextUnit() < 0.3 ? 1.0 : 0 }
            let interval = BootstrapInterval(meanOf: values, samples: 200, blockLength: 10, seed: UInt64(seed))
            if interval.lower <= 0.3, 0.3 <= interval.upper { covered += 1 }
            #expect(interval.lower <= interval.estimate && interval.estimate <= interval.upper)
        }
        #expect(covered >= 50, "\(covered) of 60")
    }

    @Test func pairMetricsCountWhatGuardsStop() throws {
        let pairs = [
            LabelledPair("order 1", "order 2", isMatch: false), LabelledPair("order 1", "the order 1", isMatch: true),
            LabelledPair("a", "b", isMatch: false),
        ]
        let vectors = EmbeddingTable(dimension: 2, values: [1, 0, 1, 0.1, 1, 0, 1, 0, 1, 0, 0, 1])
        let metrics = try PairMetrics(pairs, vectors: vectors)
        let counts = try #require(metrics.counts(threshold: 0.9)["all"])
        #expect((counts.wrong, counts.wrongAccepted, counts.right, counts.rightAccepted) == (1, 0, 1, 1))
        #expect(metrics.stopped(threshold: 0.9).map(\.guardName) == ["numbers"])
        #expect(metrics.threshold(keeping: 0.9) == 1)
    }

    @Test func vectorsSurviveTheirFile() throws {
        let table = EmbeddingTable(dimension: 3, values: [3, 0, 4, 0, 0, 0])
        #expect(table.cosine(0, 0) == 1)
        #expect(table.cosine(0, 1) == 0)
        let path = "/tmp/semcache-\(UInt64.random(in: 0 ... .max)).fbin"
        try table.write(fbin: path)
        #expect(try EmbeddingTable(fbin: path).values == table.values)
        #expect(throws: TuningError.self) { try EmbeddingTable(fbin: "/nonexistent.fbin") }
    }

    /// Charts count values by their size, which what is no number does not have.
    @Test(arguments: [Float.nan, .infinity, -.infinity])
    func vectorsThatAreNoNumbersAreNotRead(value: Float) throws {
        let path = "/tmp/semcache-\(UInt64.random(in: 0 ... .max)).fbin"
        defer { try? FileManager.default.removeItem(atPath: path) }
        var data = Data()
        for word in [3, 2] as [UInt32] { withUnsafeBytes(of: word.littleEndian) { data.append(contentsOf: $0) } }
        for float in [1, 0, 0, value, 0, 1] as [Float] {
            withUnsafeBytes(of: float.bitPattern.littleEndian) { data.append(contentsOf: $0) }
        }
        try data.write(to: URL(filePath: path))
        #expect(throws: TuningError.unreadable(path: path, reason: "row 1 holds what is no finite number")) {
            try EmbeddingTable(fbin: path)
        }
    }
}
