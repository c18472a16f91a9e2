extension SemanticCache {
    /// Off the path there is time: only a verifier that hangs is given up.
    private static let backgroundDeadline = Duration.seconds(60)

    /// Whether a namespace's uncertain matches are put to the verifier.
    ///
    /// A namespace that only watches what it would serve is not made slower by it.
    func asksVerifier(_ settings: NamespaceSettings) -> Bool {
        desk != nil && settings.verification.mode != .off && !settings.isShadow
    }

    /// Puts an uncertain decision to the verifier: it is accepted, or rejected with the reason; others stay as they are.
    func verified(
        _ decision: HitDecision,
        of question: String,
        among found: [NearbyQuestion],
        _ settings: NamespaceSettings
    ) async -> (decision: HitDecision, step: Verification?) {
        guard decision.outcome == .uncertain, let desk, asksVerifier(settings), let index = decision.candidate,
            found.indices.contains(index)
        else { return (decision, nil) }
        var decision = decision
        guard settings.verification.mode == .blocking else {
            decision.reason = desk.deferral.reason
            return (decision, desk.deferral)
        }
        let pair = VerificationPair(question: question, found[index].match)
        let step = await desk.verify(pair, within: settings.verification.deadline)
        decision.outcome = step.outcome == .confirmed ? .accept : .reject
        decision.reason = step.reason
        return (decision, step)
    }

    /// Whether the verifier, asked off the path, lets a missed question share the answer that the policy was unsure of.
    func isConfirmedLater(_ result: LookupResult) async -> Bool {
        guard result.verdict.verification?.outcome == .deferred, let desk, let index = result.decision?.candidate,
            result.candidates.indices.contains(index), let question = result.key?.question
        else { return false }
        let pair = VerificationPair(question: question, result.candidates[index])
        return await desk.verify(pair, within: Self.backgroundDeadline).outcome == .confirmed
    }
}

extension VerificationPair {
    fileprivate init(question: String, _ match: StoredMatch) {
        self.init(
            question: question,
            storedQuestion: match.question.text,
            storedAnswer: match.entry.reply.text
        )
    }
}
