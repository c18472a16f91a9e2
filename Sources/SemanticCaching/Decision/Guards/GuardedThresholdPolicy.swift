/// Accepts the nearest candidate that reaches the threshold and that no guard forbids.
///
///     let policy = GuardedThresholdPolicy()
///     policy.decide(AnalyzedText("Cancel order 124"), among: candidates, context: context).reason  // .guardVeto
///
/// This is the policy of a namespace without labels. Of several candidates the guards pass over the nearest if it is about
/// another order number, and serve the next one.
public struct GuardedThresholdPolicy: HitPolicy {
    /// Which guards look and which forbid.
    public var guards: GuardSettings
    /// How many candidates are looked at.
    public var candidateLimit: Int
    /// How much farther than a forbidden candidate another one may be to be served in its place.
    ///
    /// Of two order numbers the right one lies about as near as the wrong one. A question far behind a forbidden one is
    /// another question: "use a code" does not answer "my code does not work".
    public var passOverMargin: Float = 0.05
    /// The share of tokens unknown to the embedding model above which similarity means nothing.
    public var maximumUnknownTokenShare: Float

    /// Creates the policy.
    public init(guards: GuardSettings = GuardSettings(), candidateLimit: Int = 8, maximumUnknownTokenShare: Float = 0.2)
    {
        self.guards = guards
        self.candidateLimit = candidateLimit
        self.maximumUnknownTokenShare = maximumUnknownTokenShare
    }

    /// Decides by threshold and guards; a rejected decision tells what the guards found in the nearest candidate.
    ///
    /// - Complexity: O(*k*) pair comparisons of one or two microseconds, *k* the candidate limit.
    public func decide(
        _ question: AnalyzedText,
        among candidates: [HitCandidate],
        context: DecisionContext
    ) -> HitDecision {
        guard let nearest = candidates.first else {
            return HitDecision(.reject, candidate: nil, reason: .noCandidates, threshold: context.threshold)
        }
        let isBlind = (context.unknownTokenShare ?? 0) > maximumUnknownTokenShare
        var firstVetoed: Int?
        for index in candidates.indices.prefix(candidateLimit) {
            let candidate = candidates[index]
            // Rounding in the last place must not turn a word-for-word equal question away at threshold 1.
            guard candidate.servingSimilarity + 1e-6 >= context.threshold else { continue }
            if let firstVetoed {
                let margin = candidates[firstVetoed].servingSimilarity - candidate.servingSimilarity
                guard margin <= passOverMargin else { continue }
            }
            if isBlind, candidate.text.features.exactKey != question.features.exactKey { continue }
            let flags = PairGuards.flags(asked: question, stored: candidate.text)
            guard flags.conflicts.isDisjoint(with: guards.enabled.intersection(guards.vetoing)) else {
                firstVetoed = firstVetoed ?? index
                continue
            }
            return HitDecision(
                .accept,
                candidate: index,
                reason: .semanticMatch,
                threshold: context.threshold,
                findings: flags == GuardFlags() ? [] : findings(question, candidate)
            )
        }
        let index = firstVetoed ?? 0
        let isSimilar = nearest.servingSimilarity + 1e-6 >= context.threshold
        return HitDecision(
            .reject,
            candidate: index,
            reason: firstVetoed != nil ? .guardVeto : isBlind && isSimilar ? .unknownToModel : .belowThreshold,
            threshold: context.threshold,
            findings: findings(question, candidates[index])
        )
    }

    private func findings(_ question: AnalyzedText, _ candidate: HitCandidate) -> [GuardFinding] {
        PairGuards.findings(asked: question, stored: candidate.text, settings: guards)
    }
}

extension HitCandidate {
    /// The similarity that counts: of question and conversation the lesser.
    package var servingSimilarity: Float { min(similarity, contextSimilarity ?? similarity) }
}
