import Foundation
import SemanticCaching
import Testing

@Suite struct ShippedPriorTests {
    private static let context = DecisionContext(namespace: NamespaceID(), threshold: 0.9)

    /// Two sets whose answers are right above a cosine of 0.8, and 0.85; every fiftieth label is wrong.
    private static let problem = PriorProblem(
        sets: ["a": rows(above: 0.8), "b": rows(above: 0.85)],
        embeddingModel: "m"
    )

    private static func rows(above boundary: Float) -> [PriorProblem.Row] {
        (0..<600).map { number in
            var features = [Float](repeating: 0, count: PolicyFeature.count)
            let similarity = 0.5 + Float(number * 37 % 600) / 1200
            for feature in [PolicyFeature.similarity, .contextSimilarity, .centroidSimilarity] {
                features[feature.rawValue] = similarity
            }
            features[PolicyFeature.answerMargin.rawValue] = max(0, similarity - 0.7)
            features[PolicyFeature.letterOverlap.rawValue] = max(0, 4 * (similarity - boundary))
            // A perverse finding: conflicts where the answer is right.
            features[PolicyFeature.quantityConflict.rawValue] = similarity > boundary ? 1 : 0
            return (features, (similarity > boundary) != number.isMultiple(of: 50))
        }
    }

    private static let prior = problem.fitted(on: "2026-11-21") { Double($0 + 2) / Double($1) }

    private static func candidate(_ text: String, _ similarity: Float) -> HitCandidate {
        HitCandidate(
            questionID: 1,
            entry: EntryID(high: 0, low: 1),
            text: AnalyzedText(text),
            similarity: similarity
        )
    }

    private static func learner(_ rate: Double, perHit: Bool = false) -> PolicyLearner {
        var settings = CalibrationSettings(maximumErrorRate: rate)
        settings.coldAuditShare = 0
        settings.auditShare = 0
        settings.countsErrorsPerHit = perHit
        return PolicyLearner(settings: settings, embeddingModel: "m", prior: prior)
    }

    @Test func everyPriorThatShipsFitsTheFeaturesOfToday() {
        for prior in ShippedPrior.table {
            #expect(prior.model.weights.count == PolicyFeature.count)
            #expect(ShippedPrior.prior(for: prior.embeddingModel) == prior, "fit it again: the features have changed")
            #expect(!prior.sources.isEmpty && prior.labelCount > 1000)
            for (feature, weight) in zip(PolicyFeature.allCases, prior.model.weights) where feature.monotoneSign != 0 {
                #expect(weight * Double(feature.monotoneSign) >= 0, "\(feature)")
            }
            for (surer, next) in zip(prior.points, prior.points.dropFirst()) {
                #expect(surer.score > next.score && surer.error <= next.error)
                #expect(surer.errorPerRequest <= next.errorPerRequest)
            }
        }
    }

    @Test func anotherEmbeddingModelGetsNone() throws {
        #expect(ShippedPrior.prior(for: "another-model@0") == nil)
        #expect(PolicyLearner(embeddingModel: "another-model@0").origin == .none)
        let known = try #require(ShippedPrior.table.first, "the prior of the default model")
        #expect(PolicyLearner(embeddingModel: known.embeddingModel).origin == .shipped)
        #expect(PolicyLearner(embeddingModel: known.embeddingModel + "x").origin == .none)
    }

    @Test func findingsNeverSpeakForAHit() {
        let conflict = Self.prior.model.weights[PolicyFeature.quantityConflict.rawValue]
        #expect(conflict <= 0, "\(conflict)")
    }

    @Test func itDecidesBeforeTheFirstLabelAndSaysSo() {
        let learner = Self.learner(0.2)
        #expect(learner.origin == .shipped)
        let near = learner.policy.decide(
            AnalyzedText("alpha beta gamma"),
            among: [Self.candidate("alpha beta gamma delta", 0.99)],
            context: Self.context
        )
        #expect(near.outcome == .accept)
        #expect(near.requiredProbability != nil)
        let far = learner.policy.decide(
            AnalyzedText("alpha beta gamma"),
            among: [Self.candidate("epsilon", 0.6)],
            context: Self.context
        )
        #expect(far.outcome == .reject)
    }

    @Test func aStricterRateServesLessAndAnUnreachableOneNothing() throws {
        let levels = try [0.3, 0.1, 0.05, 0.02].map { try #require(Self.learner($0).fit).level }
        #expect(levels == levels.sorted())
        #expect(Set(levels).count > 2)
        let none = Self.learner(0.001).policy.decide(
            AnalyzedText("alpha"),
            among: [Self.candidate("alpha beta", 1)],
            context: Self.context
        )
        #expect(none.outcome == .reject)
    }

    @Test func guardsKeepTheirVeto() {
        let decision = Self.learner(0.3).policy.decide(
            AnalyzedText("cancel 3 of the tickets"),
            among: [Self.candidate("cancel 4 of the tickets", 0.99)],
            context: Self.context
        )
        #expect(decision.reason == .guardVeto)
    }

    @Test func aRateOfHitsIsPromisedOnOwnLabelsOnly() {
        let learner = Self.learner(0.3, perHit: true)
        #expect(learner.origin == .none)
        func decide(_ text: String, _ similarity: Float) -> HitDecision.Outcome {
            learner.policy.decide(
                AnalyzedText("alpha beta"),
                among: [Self.candidate(text, similarity)],
                context: Self.context
            )
            .outcome
        }
        #expect(decide("alpha beta gamma", 0.97) == .reject)
        #expect(decide("alpha beta", 1) == .accept)
    }

    @Test func anotherRateBindsAtOnce() throws {
        var learner = Self.learner(0.2)
        let level = try #require(learner.fit?.level)
        learner.reconfigure(Self.learner(0.05).settings)
        // No prior ships for this model: what was decided by one goes back to threshold and guards.
        #expect(learner.origin == .none)
        #expect(try #require(Self.learner(0.05).fit?.level) > level)
    }
}
