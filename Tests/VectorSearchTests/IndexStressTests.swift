import Testing

@testable import VectorSearch

/// Searches, insertions and removals on eight threads; see ``AcknowledgementTrial``.
@Suite struct IndexStressTests {
    private let data = HNSWTestData(count: 1200, dimension: 32, clusters: 30, seed: 61)

    @Test func graphKeepsWhatItAcknowledged() async throws {
        let index = HNSWIndex(dimension: 32)
        let trial = AcknowledgementTrial(index: index, data: data)
        #expect(await trial.run() == [])
        #expect(index.violations == [])
        #expect(index.graph.read { $0.brokenHeals } == 0)
        #expect(index.count == trial.presentCount)
    }

    /// About half of the entries are present at a time: the graph comes, takes in and goes while eight threads work.
    @Test(arguments: [200, 560])
    func automaticIndexKeepsWhatItAcknowledged(threshold: Int) async throws {
        var configuration = AutoIndexConfiguration()
        configuration.graphThreshold = threshold
        configuration.hysteresis = 0.95
        configuration.mergeThreshold = 16
        let index = AutoIndex(dimension: 32, configuration: configuration)
        let trial = AcknowledgementTrial(index: index, data: data)
        #expect(await trial.run() == [])
        index.merge()
        #expect(index.count == trial.presentCount)
        #expect(index.segments.withLock { $0.hidden.isEmpty && ($0.graph?.violations ?? []).isEmpty })
    }

    @Test func scanKeepsWhatItAcknowledged() async {
        let index = FlatIndex(dimension: 32)
        let trial = AcknowledgementTrial(index: index, data: data)
        #expect(await trial.run() == [])
        #expect(index.count == trial.presentCount)
    }
}
