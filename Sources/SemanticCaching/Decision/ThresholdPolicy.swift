/// Accepts the nearest candidate if its similarity reaches the threshold.
public struct ThresholdPolicy: HitPolicy {
    /// Creates the policy.
    public init() {}

    /// Accepts the nearest candidate, or rejects it as below the threshold.
    public func decide(
        _ question: AnalyzedText,
        among candidates: [HitCandidate],
        context: DecisionContext
    ) -> HitDecision {
        guard let nearest = candidates.first else {
            return HitDecision(.reject, candidate: nil, reason: .noCandidates, threshold: context.threshold)
        }
        // Rounding in the last place must not turn a word-for-word equal question away at threshold 1.
        let isSimilar = nearest.similarity + 1e-6 >= context.threshold
        return HitDecision(
            isSimilar ? .accept : context.isUncertain(nearest.similarity) ? .uncertain : .reject,
            candidate: 0,
            reason: isSimilar ? .semanticMatch : .belowThreshold,
            threshold: context.threshold
        )
    }
}
