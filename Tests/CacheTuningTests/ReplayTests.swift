import SemanticCaching
import Testing

@testable import CacheTuning

@Suite struct ReplayTests {
    /// A stream of topics: each request near its topic's axis, topics apart.
    static func trace(topics: Int, perTopic: Int, seed: UInt64) throws -> ReplayTrace {
        var generator = SplitMix64(seed: seed)
        var queries: [StreamQuery] = []
        var values: [Float] = []
        let dimension = max(16, topics)
        for topic in 0..<topics {
            for index in 0..<perTopic {
                queries.append(StreamQuery(text: "topic\(topic) wording\(index)", group: topic))
                values += (0..<dimension).map { axis in
                    (axis == topic ? 1 : 0) + Float.random(in: -0.12...0.12, using: &generator)
                }
            }
        }
        return try ReplayTrace(queries: queries, vectors: EmbeddingTable(dimension: dimension, values: values))
    }

    @Test func aPerfectThresholdReachesTheCeiling() throws {
        let trace = try Self.trace(topics: 12, perTopic: 10, seed: 1)
        let order = Array(0..<trace.queries.count)
        var policy = StaticReplayPolicy(ThresholdPolicy(), threshold: 0.6)
        let result = Replayer.run(trace, order: order, policy: &policy)
        #expect(result.wrongHits == 0)
        #expect(result.hitRate == trace.ceiling(of: order))
        #expect(result.storedCount == 12)
        #expect(result.needlessMisses == 0)
    }

    @Test func countsWrongAndNeedless() throws {
        let trace = try Self.trace(topics: 12, perTopic: 10, seed: 1)
        let order = Array(0..<trace.queries.count)
        var everything = StaticReplayPolicy(ThresholdPolicy(), threshold: -1)
        let careless = Replayer.run(trace, order: order, policy: &everything)
        #expect(careless.hits == order.count - 1)
        #expect(careless.wrongHits == order.count - 10)
        var nothing = StaticReplayPolicy(ThresholdPolicy(), threshold: 1.1)
        let strict = Replayer.run(trace, order: order, policy: &nothing)
        #expect(strict.hits == 0)
        #expect(strict.needlessMisses == order.count - 12)
        #expect(strict.precision == 1)
    }

    @Test func learningKeepsThePromiseAndServesMoreThanVCache() throws {
        let trace = try Self.trace(topics: 40, perTopic: 30, seed: 3)
        var generator = SplitMix64(seed: 9)
        let order = trace.queries.indices.shuffled(using: &generator)
        var settings = CalibrationSettings(maximumErrorRate: 0.02)
        settings.labelsBeforeFit = 100
        settings.labelsBetweenFits = 100
        var calibrated = CalibratedReplayPolicy(settings: settings, seed: 1)
        let ours = Replayer.run(trace, order: order, policy: &calibrated)
        var vcache = VCachePolicy(delta: 0.02, seed: 1)
        let theirs = Replayer.run(trace, order: order, candidateLimit: 1, policy: &vcache)
        #expect(ours.errorRate <= 0.02)
        #expect(theirs.errorRate <= 0.02)
        #expect(ours.hitRate > theirs.hitRate)
        #expect(calibrated.judgementCount > 100)
    }

    /// The engine takes the learner's policy for each decision; the replay must not lag behind until the next fit.
    @Test func decidesByWhatIsKnownNow() throws {
        struct Watched: ReplayPolicy {
            var policy: CalibratedReplayPolicy
            var decided = 0
            var differing = 0

            mutating func handle(_ request: ReplayRequest) -> ReplayAction {
                let candidates = policy.candidates(of: request)
                let expected = policy.learner.policy.decide(request.text, among: candidates, context: policy.context)
                let before = policy.trail.count
                let action = policy.handle(request)
                if policy.trail.count > before, let step = policy.trail.last {
                    decided += 1
                    if step.probability != expected.probability { differing += 1 }
                }
                return action
            }
        }
        var settings = CalibrationSettings(maximumErrorRate: 0.02)
        settings.labelsBeforeFit = 50
        settings.labelsBetweenFits = 400
        let trace = try Self.trace(topics: 30, perTopic: 20, seed: 6)
        var generator = SplitMix64(seed: 6)
        let order = trace.queries.indices.shuffled(using: &generator)
        var watched = Watched(policy: CalibratedReplayPolicy(settings: settings, seed: 1))
        _ = Replayer.run(trace, order: order, policy: &watched)
        #expect(watched.policy.learner.fit != nil && watched.decided > 300)
        #expect(watched.differing == 0, "\(watched.differing) of \(watched.decided)")
    }

    @Test func theSameSeedReplaysTheSame() throws {
        let trace = try Self.trace(topics: 20, perTopic: 20, seed: 4)
        let order = Array(0..<trace.queries.count)
        func run() -> ReplayResult {
            let judge = CalibratedReplayPolicy.Judge(rate: 0.7, falseWrong: 0.1, falseRight: 0.05, repeatShare: 0.1)
            var policy = CalibratedReplayPolicy(
                settings: CalibrationSettings(maximumErrorRate: 0.05),
                judge: judge,
                seed: 5
            )
            return Replayer.run(trace, order: order, policy: &policy)
        }
        #expect(run() == run())
    }

    @Test func refusesVectorsOfOtherTexts() {
        #expect(throws: TuningError.mismatchedVectors(expected: 1, found: 2)) {
            try ReplayTrace(
                queries: [StreamQuery(text: "x", group: 0)],
                vectors: EmbeddingTable(dimension: 2, values: [1, 0, 0, 1])
            )
        }
    }
}
