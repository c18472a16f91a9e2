/// What a policy makes of the candidates, with everything a person needs to see why.
public struct HitDecision: Sendable {
    /// The three things a policy can say.
    public enum Outcome: String, Hashable, Sendable, Codable {
        /// Serve the chosen candidate's answer.
        case accept
        /// Serve nothing.
        case reject
        /// Ask a verifier about the chosen candidate; without one, serve nothing.
        case uncertain
    }

    /// What to do.
    public var outcome: Outcome
    /// The index of the candidate that the decision is about; nil when there was none.
    public var candidate: Int?
    /// Why.
    public var reason: VerdictReason
    /// The similarity that the candidate had to reach.
    public var threshold: Float
    /// The estimated probability that the candidate's answer is right, if a calibrated model made it.
    public var probability: Double?
    /// The probability that it had to reach, if a calibrated model decided.
    public var requiredProbability: Double?
    /// What the guards found in the candidate.
    public var findings: [GuardFinding]
    /// What a learned policy weighed in the candidate: goes back to the learner with the judge's word.
    public var evidence: DecisionEvidence?

    /// Whether the candidate would have been served, and is turned away to have the answer judged.
    public var isAudit: Bool { reason == .audit }

    /// Creates a decision.
    public init(
        _ outcome: Outcome,
        candidate: Int?,
        reason: VerdictReason,
        threshold: Float,
        probability: Double? = nil,
        requiredProbability: Double? = nil,
        findings: [GuardFinding] = [],
        evidence: DecisionEvidence? = nil
    ) {
        self.outcome = outcome
        self.candidate = candidate
        self.reason = reason
        self.threshold = threshold
        self.probability = probability
        self.requiredProbability = requiredProbability
        self.findings = findings
        self.evidence = evidence
    }
}
