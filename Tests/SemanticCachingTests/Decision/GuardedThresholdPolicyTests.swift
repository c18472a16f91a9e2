import SemanticCaching
import Testing

@Suite struct GuardedThresholdPolicyTests {
    private let context = DecisionContext(namespace: NamespaceID(), threshold: 0.9)

    private func candidate(_ text: String, _ similarity: Float, _ context: Float? = nil) -> HitCandidate {
        HitCandidate(
            questionID: 1,
            entry: EntryID(high: 1, low: 1),
            text: AnalyzedText(text),
            similarity: similarity,
            contextSimilarity: context
        )
    }

    @Test func passesOverAVetoedCandidate() {
        let decision = GuardedThresholdPolicy().decide(
            AnalyzedText("cancel order 124"),
            among: [candidate("cancel order 123", 0.97), candidate("please cancel order 124", 0.93)],
            context: context
        )
        #expect(decision.outcome == .accept)
        #expect(decision.candidate == 1)
    }

    @Test func tellsWhyItRejects() {
        let question = AnalyzedText("cancel order 124")
        let vetoed = GuardedThresholdPolicy().decide(
            question,
            among: [candidate("cancel order 123", 0.97)],
            context: context
        )
        #expect(vetoed.outcome == .reject)
        #expect(vetoed.reason == .guardVeto)
        #expect(vetoed.findings == [GuardFinding(guardName: "numbers", asked: ["124"], stored: ["123"], isVeto: true)])
        let far = GuardedThresholdPolicy().decide(
            question,
            among: [candidate("cancel order 124", 0.85)],
            context: context
        )
        #expect(far.reason == .belowThreshold)
        #expect(GuardedThresholdPolicy().decide(question, among: [], context: context).reason == .noCandidates)
    }

    @Test func theLesserOfBothSimilaritiesCounts() {
        let policy = GuardedThresholdPolicy()
        let question = AnalyzedText("yes, do that")
        #expect(policy.decide(question, among: [candidate("yes do that", 1, 0.5)], context: context).outcome == .reject)
        #expect(
            policy.decide(question, among: [candidate("yes do that", 1, 0.95)], context: context).outcome == .accept
        )
    }

    @Test func aBlindModelServesEqualWordsOnly() {
        var context = context
        context.unknownTokenShare = 0.6
        let policy = GuardedThresholdPolicy()
        let question = AnalyzedText("怎么退货")
        #expect(policy.decide(question, among: [candidate("怎么换货", 0.99)], context: context).reason == .unknownToModel)
        #expect(policy.decide(question, among: [candidate("怎么退货？", 0.99)], context: context).outcome == .accept)
    }

    @Test func withoutGuardsItIsTheThreshold() {
        let policy = GuardedThresholdPolicy(guards: .off)
        let decision = policy.decide(AnalyzedText("order 1"), among: [candidate("order 2", 0.95)], context: context)
        #expect(decision.outcome == .accept)
        #expect(decision.findings.isEmpty)
    }
}
