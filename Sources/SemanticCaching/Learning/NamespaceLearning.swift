internal import Synchronization

/// The learned policy of one namespace while it is in use: it decides by the last fit and learns from each judgement.
///
/// Decisions copy the policy out of the lock and are made beside each other; a fit is computed outside of it.
final class NamespaceLearning: Sendable {
    let records: AnswerRecords
    private let learner: Mutex<PolicyLearner>
    private let isFitting = Atomic<Bool>(false)
    private let unsaved = Atomic<Bool>(false)

    init(_ learner: PolicyLearner, judged: JudgedAnswers? = nil) {
        self.learner = Mutex(learner)
        records = AnswerRecords(judged: judged)
    }

    /// A copy of what is known now, to look at or to store.
    var snapshot: PolicyLearner { learner.withLock { $0 } }

    /// Whether something was learned since this was last asked.
    func takeUnsaved() -> Bool { unsaved.exchange(false, ordering: .acquiringAndReleasing) }

    /// Takes note that what was learned could not be saved.
    func noteUnsaved() { unsaved.store(true, ordering: .releasing) }

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

    /// What the learner wants back with a label of one of the candidates.
    func evidence(
        _ question: AnalyzedText,
        among candidates: [HitCandidate],
        about index: Int
    ) -> DecisionEvidence? {
        learner.withLock { $0.policy }.evidence(question, among: candidates, about: index)
    }

    /// What came of a label.
    struct Progress {
        /// Whether a new fit decides from now on.
        var hasNewFit = false
        /// Whether this label raised the alarm that the topics have changed.
        var raisedAlarm = false
    }

    /// Learns from a label.
    ///
    /// - Complexity: O(1), but every fifty labels a fit over the remembered ones: milliseconds, off the serving path.
    func learn(_ label: PolicyLabel, about entry: EntryID, at similarity: Float, now: Timestamp) -> Progress {
        records.count(isRight: label.isRight, at: similarity, for: entry)
        var progress = Progress()
        progress.raisedAlarm = learner.withLock { learner in
            let alarms = learner.drift.alarmCount
            learner.learn(label)
            return learner.drift.alarmCount > alarms
        }
        noteUnsaved()
        progress.hasNewFit = refit(now: now)
        return progress
    }

    /// Learns from data with known answers; true when a new fit was made.
    func learn(_ training: PolicyTraining, now: Timestamp) -> Bool {
        learner.withLock { $0.learn(training) }
        noteUnsaved()
        return refit(now: now)
    }

    private func refit(now: Timestamp) -> Bool {
        guard let problem = learner.withLock({ $0.needsFit ? $0.problem : nil }) else { return false }
        // One fit at a time: labels that come meanwhile count towards the next.
        guard !isFitting.exchange(true, ordering: .acquiringAndReleasing) else { return false }
        defer { isFitting.store(false, ordering: .releasing) }
        let fit = problem.fitted()
        learner.withLock { $0.adopt(fit, of: problem, at: now) }
        return true
    }
}
