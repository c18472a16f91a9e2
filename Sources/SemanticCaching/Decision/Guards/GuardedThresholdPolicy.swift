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
    /// The share of tokens unknown to the embedding model above which only the very same words are served.
    ///
    /// All that a model does not know is one token to it: of 🇫🇷 and 🇩🇪 it makes the same vector.
    public var maximumUnknownTokenShare: Float

    /// Creates the policy.
    public init(guards: GuardSettings = GuardSettings(), candidateLimit: Int = 8, maximumUnknownTokenShare: Float = 0) {
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
        let sure = scan(question, candidates, reaching: context.threshold, context)
        if let index = sure.admissible {
            return decision(.accept, .semanticMatch, question, candidates, index, context)
        }
        if let index = sure.vetoed { return decision(.reject, .guardVeto, question, candidates, index, context) }
        if let floor = context.uncertainSimilarity {
            let unsure = scan(question, candidates, reaching: floor, context)
            if let index = unsure.admissible {
                return decision(.uncertain, .belowThreshold, question, candidates, index, context)
            }
        }
        let isSimilar = nearest.servingSimilarity + 1e-6 >= context.threshold
        let isBlind = context.isBlind(to: question, nearest.text, above: maximumUnknownTokenShare)
        let reason: VerdictReason = isBlind && isSimilar ? .unknownToModel : .belowThreshold
        return decision(.reject, reason, question, candidates, candidates.startIndex, context)
    }

    /// The nearest candidate that reaches a similarity and that no guard forbids, and the nearest that one forbids.
    private func scan(
        _ question: AnalyzedText,
        _ candidates: [HitCandidate],
        reaching threshold: Float,
        _ context: DecisionContext
    ) -> (admissible: Int?, vetoed: Int?) {
        let forbidding = guards.enabled.intersection(guards.vetoing)
        var vetoed: Int?
        for index in candidates.indices.prefix(candidateLimit) {
            let candidate = candidates[index]
            // Rounding in the last place must not turn a word-for-word equal question away at threshold 1.
            guard candidate.servingSimilarity + 1e-6 >= threshold else { continue }
            if let vetoed {
                let margin = candidates[vetoed].servingSimilarity - candidate.servingSimilarity
                guard margin <= passOverMargin else { continue }
            }
            if context.isBlind(to: question, candidate.text, above: maximumUnknownTokenShare) { continue }
            let flags = PairGuards.flags(asked: question, stored: candidate.text)
            if flags.conflicts.isDisjoint(with: forbidding) { return (index, vetoed) }
            vetoed = vetoed ?? index
        }
        return (nil, vetoed)
    }

    private func decision(
        _ outcome: HitDecision.Outcome,
        _ reason: VerdictReason,
        _ question: AnalyzedText,
        _ candidates: [HitCandidate],
        _ index: Int,
        _ context: DecisionContext
    ) -> HitDecision {
        let hasFindings = PairGuards.flags(asked: question, stored: candidates[index].text) != GuardFlags()
        return HitDecision(
            outcome,
            candidate: index,
            reason: reason,
            threshold: context.threshold,
            findings: hasFindings ? findings(question, candidates[index]) : []
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
