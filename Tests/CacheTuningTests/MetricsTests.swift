import CacheTuning
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

    @Test func bootstrapCoversTheMeanOfIndependentValues() {
        var covered = 0
        for seed in 0..<60 {
            var generator = SeededGenerator(seed: UInt64(seed))
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
}
