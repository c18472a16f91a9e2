internal import Synchronization

/// The learned policy of one namespace while it is in use: it decides by the last fit and learns from each judgement.
///
/// Decisions copy the policy out of the lock and are made beside each other; a fit is computed outside of it.
final class NamespaceLearning: Sendable {
    let records = AnswerRecords()
    private let learner: Mutex<PolicyLearner>
    private let isFitting = Atomic<Bool>(false)

    init(_ learner: PolicyLearner) { self.learner = Mutex(learner) }

    /// A copy of what is known now, to look at or to store.
    var snapshot: PolicyLearner { learner.withLock { $0 } }

    func decide(
        _ question: AnalyzedText,
        among candidates: [HitCandidate],
        context: DecisionContext,
        isObserved: Bool
    ) -> HitDecision {
        let policy = learner.withLock { $0.policy }
        let decision = policy.decide(question, among: candidates, context: context)
        if isObserved { learner.withLock { $0.observe(decision, of: question) } }
        return decision
    }

    /// Learns from the judge's word; true when a new fit was made.
    ///
    /// - Complexity: O(1), but every fifty labels a fit over the remembered ones: milliseconds, off the serving path.
    func learn(
        _ evidence: DecisionEvidence,
        about entry: EntryID,
        at similarity: Float,
        isRight: Bool,
        wasAudit: Bool,
        now: Timestamp
    ) -> Bool {
        records.count(isRight: isRight, at: similarity, for: entry)
        let problem = learner.withLock { learner -> CalibrationProblem? in
            learner.learn(evidence, isRight: isRight, wasAudit: wasAudit)
            return learner.needsFit ? learner.problem : nil
        }
        guard let problem else { return false }
        // One fit at a time: labels that come meanwhile count towards the next.
        guard !isFitting.exchange(true, ordering: .acquiringAndReleasing) else { return false }
        defer { isFitting.store(false, ordering: .releasing) }
        let fit = problem.fitted()
        learner.withLock { $0.adopt(fit, at: now) }
        return true
    }
}
