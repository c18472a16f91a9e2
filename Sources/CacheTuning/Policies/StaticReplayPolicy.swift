public import SemanticCaching

/// A decision of the core's policies without learning: every miss becomes an entry.
public struct StaticReplayPolicy<Policy: HitPolicy>: ReplayPolicy {
    private let policy: Policy
    private let context: DecisionContext

    /// Creates the policy for a threshold.
    public init(_ policy: Policy, threshold: Float) {
        self.policy = policy
        context = DecisionContext(namespace: NamespaceID(), threshold: threshold)
    }

    /// Serves what the policy accepts.
    public mutating func handle(_ request: ReplayRequest) -> ReplayAction {
        let decision = policy.decide(request.text, among: request.hitCandidates(), context: context)
        guard decision.outcome == .accept, let candidate = decision.candidate else { return .storeNew }
        return .serve(candidate)
    }
}

extension ReplayRequest {
    /// The candidates as the core's policies take them.
    func hitCandidates(_ statistics: (Int) -> (AnswerStatistics, Float?) = { _ in (AnswerStatistics(), nil) })
        -> [HitCandidate]
    {
        candidates.map { candidate in
            let (record, centroid) = statistics(candidate.answer)
            return HitCandidate(
                questionID: UInt64(candidate.row),
                entry: EntryID(high: 0, low: UInt64(candidate.answer)),
                text: trace.texts[candidate.row],
                similarity: candidate.similarity,
                centroidSimilarity: centroid,
                statistics: record
            )
        }
    }
}

/// Serves word-for-word equal questions only.
public struct ExactReplayPolicy: ReplayPolicy {
    /// Creates the policy.
    public init() {}

    /// Serves a candidate with the same words.
    public mutating func handle(_ request: ReplayRequest) -> ReplayAction {
        let index = request.candidates.firstIndex { request.trace.texts[$0.row].hasSameWords(as: request.text) }
        return index.map { .serve($0) } ?? .storeNew
    }
}
