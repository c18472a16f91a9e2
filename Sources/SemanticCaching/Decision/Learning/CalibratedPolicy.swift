/// Serves the candidate whose answer is most probably right, if the namespace's error rate allows.
///
/// A snapshot of what a ``PolicyLearner`` knows: a value, pure, and monotone in the cosine. Without a fit it is threshold and
/// guards; with one, the context's threshold does not bind any more. A share of would-be hits is turned away as audits, chosen
/// by a hash of question, fit and seed.
public struct CalibratedPolicy: HitPolicy {
    /// How it learns and decides.
    public let settings: CalibrationSettings
    /// What was learned; nil before the first fit.
    public let fit: CalibrationFit?
    /// How many fits there were.
    public let fitNumber: Int
    /// The guards that forbid, whatever the fit says.
    private let vetoes: GuardSet
    private let frequencies: DocumentFrequencies
    private let risk: WordRisk
    private let fallback: GuardedThresholdPolicy

    init(
        settings: CalibrationSettings,
        fit: CalibrationFit?,
        fitNumber: Int,
        vetoes: GuardSet,
        frequencies: DocumentFrequencies,
        risk: WordRisk
    ) {
        self.settings = settings
        self.fit = fit
        self.fitNumber = fitNumber
        self.vetoes = vetoes
        self.frequencies = frequencies
        self.risk = risk
        fallback = GuardedThresholdPolicy(guards: settings.guards, candidateLimit: settings.candidateLimit)
    }

    /// Decides among the candidates; the decision carries the evidence that the learner wants back.
    ///
    /// - Complexity: O(*k* · *w*) for *k* candidates of *w* words: a few microseconds each.
    public func decide(
        _ question: AnalyzedText,
        among candidates: [HitCandidate],
        context: DecisionContext
    ) -> HitDecision {
        let considered = candidates.prefix(settings.candidateLimit)
        guard !considered.isEmpty else { return fallback.decide(question, among: candidates, context: context) }
        let rows = PairFeatures.rows(question, considered, frequencies, risk)
        guard let fit, !context.hasUnknownTokens(above: fallback.maximumUnknownTokenShare) else {
            var context = context
            // Of hits a rate can be kept from the first fit on only: any threshold would be a guess.
            if settings.countsErrorsPerHit { context.threshold = 1 }
            var decision = fallback.decide(question, among: candidates, context: context)
            let index = decision.candidate ?? 0
            let chosen = considered[considered.startIndex + index]
            decision.evidence = evidence(rows, index, score: Double(chosen.similarity), question, chosen)
            return audited(decision, question, share: settings.coldAuditShare)
        }
        return decide(question, considered, rows, fit, context)
    }

    private func decide(
        _ question: AnalyzedText,
        _ candidates: ArraySlice<HitCandidate>,
        _ rows: [Float],
        _ fit: CalibrationFit,
        _ context: DecisionContext
    ) -> HitDecision {
        let width = PolicyFeature.count
        var best = (index: 0, score: -Double.infinity)
        rows.withUnsafeBufferPointer { rows in
            for index in 0..<candidates.count {
                let score = fit.model.score(UnsafeBufferPointer(rebasing: rows[index * width..<(index + 1) * width]))
                if score > best.score { best = (index, score) }
            }
        }
        let candidate = candidates[candidates.startIndex + best.index]
        let flags = PairGuards.flags(asked: question, stored: candidate.text)
        let isVetoed = !flags.conflicts.isDisjoint(with: vetoes.intersection(settings.guards.enabled))
        let isBlind = context.isBlind(to: question, candidate.text, above: fallback.maximumUnknownTokenShare)
        let isSure = best.score >= fit.level
        let probability = 1 - fit.curve.error(at: best.score)
        let isUncertain = context.uncertainProbability.map { probability >= $0 } ?? false
        var decision = HitDecision(
            isVetoed || isBlind ? .reject : isSure ? .accept : isUncertain ? .uncertain : .reject,
            candidate: best.index,
            reason: isVetoed ? .guardVeto : isBlind ? .unknownToModel : isSure ? .semanticMatch : .belowProbability,
            threshold: context.threshold,
            probability: probability,
            requiredProbability: 1 - fit.curve.error(at: fit.level),
            evidence: evidence(rows, best.index, score: best.score, question, candidate)
        )
        if flags != GuardFlags() {
            var settings = settings.guards
            settings.vetoing = vetoes
            decision.findings = PairGuards.findings(asked: question, stored: candidate.text, settings: settings)
        }
        return audited(decision, question, share: settings.auditShare)
    }

    /// What the learner wants back with a label of one of the candidates, whether the policy would choose it or not.
    ///
    /// - Returns: nil for a candidate that the policy does not look at.
    func evidence(
        _ question: AnalyzedText,
        among candidates: [HitCandidate],
        about index: Int
    ) -> DecisionEvidence? {
        let considered = candidates.prefix(settings.candidateLimit)
        guard considered.indices.contains(index) else { return nil }
        let rows = PairFeatures.rows(question, considered, frequencies, risk)
        let width = PolicyFeature.count
        let score = fit?.model.score(Array(rows[index * width..<(index + 1) * width]))
        return evidence(rows, index, score: score ?? Double(candidates[index].similarity), question, candidates[index])
    }

    private func evidence(
        _ rows: [Float],
        _ index: Int,
        score: Double,
        _ question: AnalyzedText,
        _ candidate: HitCandidate
    ) -> DecisionEvidence {
        let width = PolicyFeature.count
        return DecisionEvidence(
            features: Array(rows[index * width..<(index + 1) * width]),
            score: score,
            differingWords: PairFeatures.differingWords(question, candidate.text)
        )
    }

    /// Turns a share of the hits away, so that their answers are judged.
    private func audited(_ decision: HitDecision, _ question: AnalyzedText, share: Double) -> HitDecision {
        guard decision.outcome == .accept else { return decision }
        var bits =
            question.features.exactKey ^ settings.seed &* 0x9e37_79b9_7f4a_7c15 ^ UInt64(fitNumber)
            &* 0xd1b5_4a32_d192_ed03
        bits = (bits ^ (bits >> 30)) &* 0xbf58_476d_1ce4_e5b9
        bits = (bits ^ (bits >> 27)) &* 0x94d0_49bb_1331_11eb
        guard Double((bits ^ (bits >> 31)) >> 11) * 0x1p-53 < share else { return decision }
        var decision = decision
        decision.outcome = .reject
        decision.reason = .audit
        return decision
    }
}
