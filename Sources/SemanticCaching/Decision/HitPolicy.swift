/// Decides whether a stored answer may answer the question that is asked.
///
/// A policy is pure and synchronous and takes microseconds: no waiting, no I/O, no clock. It may only turn hits into
/// misses where it doubts: a wrong answer is worse than a miss.
public protocol HitPolicy: Sendable {
    /// Decides among the candidates, nearest first.
    ///
    /// - Complexity: O(*c*) guard evaluations for *c* candidates.
    func decide(_ question: AnalyzedText, among candidates: [HitCandidate], context: DecisionContext) -> HitDecision
}
