package import SemanticCaching

/// Plays labelled streams as namespaces that have just begun, and fits the prior for those that will begin.
///
///     let prior = PriorTraining(["a": traceOfA, "b": traceOfB], embeddingModel: model.id).prior(on: "2026-11-21")
package struct PriorTraining: Sendable {
    private let problem: PriorProblem

    /// Plays the first requests of each stream in a random order against an empty cache that serves nothing.
    ///
    /// They are played twice: the second time the candidates are those that a policy would choose, not the nearest.
    /// - Complexity: O(*n* · *m*) for *n* requests and *m* stored questions of each stream.
    package init(
        _ traces: [String: (trace: ReplayTrace, rows: [Int])],
        embeddingModel: String,
        requests: Int = 1500
    ) {
        func play(_ prior: ShippedPrior?) -> PriorProblem {
            let sets = traces.mapValues { part in
                // A state and no seed: whoever fits the prior that ships once more gets the same requests.
                var generator = SplitMix64(state: 0xa8e3_f343_e424_3142)
                let order = Array(part.rows.shuffled(using: &generator).prefix(requests))
                return Self.rows(of: part.trace, order: order, prior)
            }
            return PriorProblem(sets: sets, embeddingModel: embeddingModel)
        }
        let first = play(nil).fitted(on: "") { _, _ in 1 }
        problem = play(first)
    }

    /// The prior of all streams.
    package func prior(on date: String) -> ShippedPrior {
        problem.fitted(on: date) { ClopperPearson.upperBound(errors: $0, count: $1) }
    }

    private static func rows(of trace: ReplayTrace, order: [Int], _ prior: ShippedPrior?) -> [PriorProblem.Row] {
        var settings = CalibrationSettings(maximumErrorRate: 0)
        settings.labelsBeforeFit = .max
        settings.window = order.count
        // Beyond any cosine, and with an error rate of nothing, everything misses and is judged.
        var policy = CalibratedReplayPolicy(settings: settings, coldThreshold: 2, prior: prior)
        _ = Replayer.run(trace, order: order, policy: &policy)
        return policy.learner.problem.labels
    }
}
