import Foundation
import SemanticCaching
import Testing

/// A world in which an answer is right with a probability that rises with the cosine.
private struct World {
    var generator: SplitMix
    var steepness = 20.0
    var centre = 0.8

    mutating func candidate(_ similarity: Float? = nil) -> (HitCandidate, isRight: Bool, text: AnalyzedText) {
        let similarity = similarity ?? Float.random(in: 0.5...1, using: &generator)
        let p = 1 / (1 + exp(-steepness * (Double(similarity) - centre)))
        let number = Int.random(in: 0...999_999, using: &generator)
        let text = AnalyzedText("alpha beta word\(number)")
        let candidate = HitCandidate(
            questionID: UInt64(number),
            entry: EntryID(high: 0, low: UInt64(number)),
            text: AnalyzedText("alpha beta gamma"),
            similarity: similarity
        )
        return (candidate, Double.random(in: 0..<1, using: &generator) < p, text)
    }
}

@Suite struct PolicyLearnerTests {
    private let context = DecisionContext(namespace: NamespaceID(), threshold: 0.97)

    /// Settings with fewer and smaller fits than the defaults: these tests run unoptimised.
    private static func settings(_ rate: Double) -> CalibrationSettings {
        var settings = CalibrationSettings(maximumErrorRate: rate)
        settings.window = 900
        settings.labelsBetweenFits = 250
        settings.requestsBetweenFits = 600
        return settings
    }

    /// Plays requests in which misses and audits are judged; returns hits and wrong hits of the second half.
    private func play(
        _ learner: inout PolicyLearner,
        _ world: inout World,
        requests: Int,
        falseWrong: Double = 0
    ) -> (hits: Int, wrong: Int) {
        var counts = (hits: 0, wrong: 0)
        for request in 0..<requests {
            let (candidate, isRight, text) = world.candidate()
            let decision = learner.policy.decide(text, among: [candidate], context: context)
            learner.observe(decision, of: text)
            if decision.outcome == .accept {
                if request * 2 >= requests {
                    counts.hits += 1
                    if !isRight { counts.wrong += 1 }
                }
            } else if let evidence = decision.evidence {
                let errs = Double.random(in: 0..<1, using: &world.generator) < falseWrong
                learner.learn(evidence, isRight: isRight && !errs, wasAudit: decision.isAudit)
            }
            if learner.needsFit { learner.adopt(learner.problem.fitted(), at: Timestamp(milliseconds: Int64(request))) }
        }
        return counts
    }

    @Test(arguments: [0.02, 0.05])
    func keepsTheErrorRateAndServesMoreForMore(rate: Double) {
        var learner = PolicyLearner(settings: Self.settings(rate), embeddingModel: "m")
        var world = World(generator: SplitMix(seed: 11))
        let (hits, wrong) = play(&learner, &world, requests: 3000)
        #expect(learner.fitNumber > 3)
        #expect(hits > 100, "hits \(hits)")
        #expect(Double(wrong) / 1500 <= rate, "wrong \(wrong) of 1500")
    }

    @Test func beforeTheFirstFitThresholdAndGuardsDecide() {
        let learner = PolicyLearner(embeddingModel: "m")
        var settings = learner.settings
        settings.coldAuditShare = 0
        let policy = PolicyLearner(settings: settings, embeddingModel: "m").policy
        let near = HitCandidate(
            questionID: 1,
            entry: EntryID(high: 0, low: 1),
            text: AnalyzedText("cancel order 7"),
            similarity: 0.98
        )
        #expect(policy.decide(AnalyzedText("cancel the order 7"), among: [near], context: context).outcome == .accept)
        let vetoed = policy.decide(AnalyzedText("cancel order 8"), among: [near], context: context)
        #expect(vetoed.reason == .guardVeto)
        #expect(vetoed.evidence?.features.count == PolicyFeature.count)
        #expect(policy.decide(AnalyzedText("x"), among: [], context: context).reason == .noCandidates)
    }

    @Test func sameEventsGiveTheSamePolicy() throws {
        var first = PolicyLearner(settings: Self.settings(0.01), embeddingModel: "m")
        var second = PolicyLearner(settings: Self.settings(0.01), embeddingModel: "m")
        var worldA = World(generator: SplitMix(seed: 5))
        var worldB = World(generator: SplitMix(seed: 5))
        #expect(play(&first, &worldA, requests: 900) == play(&second, &worldB, requests: 900))
        #expect(first.fit == second.fit)
        #expect(first.fit != nil)
    }

    @Test func aHigherCosineNeverMakesAHitLessLikely() throws {
        var learner = PolicyLearner(settings: Self.settings(0.05), embeddingModel: "m")
        // A perverse world: near questions are wrong more often. The weights must not follow it.
        var world = World(generator: SplitMix(seed: 3), steepness: -15)
        _ = play(&learner, &world, requests: 1500)
        let fit = try #require(learner.fit)
        for (feature, weight) in zip(PolicyFeature.allCases, fit.model.weights) where feature.monotoneSign != 0 {
            #expect(weight * Double(feature.monotoneSign) >= 0, "\(feature) \(weight)")
        }
        let text = AnalyzedText("alpha beta delta")
        let other = HitCandidate(
            questionID: 2,
            entry: EntryID(high: 0, low: 2),
            text: AnalyzedText("alpha"),
            similarity: 0.6
        )
        var last = -Double.infinity
        for step in 0...40 {
            let similarity = 0.6 + 0.01 * Float(step)
            let candidate = HitCandidate(
                questionID: 1,
                entry: EntryID(high: 0, low: 1),
                text: AnalyzedText("alpha beta gamma"),
                similarity: similarity,
                statistics: AnswerStatistics(
                    judgedRight: 3,
                    judgedWrong: 2,
                    highestWrongSimilarity: 0.7,
                    lowestRightSimilarity: 0.75
                )
            )
            let score = try #require(
                learner.policy.decide(text, among: [candidate, other], context: context).evidence?.score
            )
            #expect(score >= last - 1e-6)
            last = score
        }
    }

    @Test func auditsThatContradictPullTheBrake() throws {
        var settings = Self.settings(0.05)
        settings.auditShare = 0.5
        var learner = PolicyLearner(settings: settings, embeddingModel: "m")
        var world = World(generator: SplitMix(seed: 8))
        _ = play(&learner, &world, requests: 1500)
        let before = try #require(learner.fit?.level)
        #expect(learner.brake == 1)
        world.centre = 5
        for _ in 0..<300 where learner.brake == 1 {
            let (candidate, isRight, text) = world.candidate(0.99)
            let decision = learner.policy.decide(text, among: [candidate], context: context)
            learner.observe(decision, of: text)
            if decision.isAudit, let evidence = decision.evidence {
                learner.learn(evidence, isRight: isRight, wasAudit: true)
            }
        }
        #expect(learner.brake > 1)
        let after = try #require(learner.fit?.level)
        #expect(after > before)
    }

    /// A fit takes milliseconds, in which audits may show that its brake is not enough.
    @Test func aFitDoesNotUndoTheBrakeThatWasPulledMeanwhile() throws {
        var settings = Self.settings(0.05)
        settings.auditShare = 0.5
        var learner = PolicyLearner(settings: settings, embeddingModel: "m")
        var world = World(generator: SplitMix(seed: 8))
        _ = play(&learner, &world, requests: 1500)
        let problem = learner.problem
        let fit = problem.fitted()
        let labelsBefore = learner.labelCount
        world.centre = 5
        for _ in 0..<300 where learner.brake == 1 {
            let (candidate, isRight, text) = world.candidate(0.99)
            let decision = learner.policy.decide(text, among: [candidate], context: context)
            learner.observe(decision, of: text)
            if decision.isAudit, let evidence = decision.evidence {
                learner.learn(evidence, isRight: isRight, wasAudit: true)
            }
        }
        #expect(learner.brake > 1)
        var calm = learner
        calm.adopt(fit, at: nil)
        #expect(calm.fit?.level == fit.level)
        learner.adopt(fit, of: problem, at: nil)
        #expect(try #require(learner.fit).level > fit.level)
        // Labels that came meanwhile count towards the next fit.
        let missing = settings.labelsBetweenFits - (learner.labelCount - labelsBefore)
        let evidence = DecisionEvidence(features: Array(repeating: 0.5, count: PolicyFeature.count), score: 0)
        for _ in 0..<missing {
            #expect(!learner.needsFit)
            learner.learn(evidence, isRight: true, wasAudit: false)
        }
        #expect(learner.needsFit)
    }

    @Test func theAlarmTellsWhenTheWorldChanges() {
        var learner = PolicyLearner(settings: Self.settings(0.05), embeddingModel: "m")
        var world = World(generator: SplitMix(seed: 9))
        _ = play(&learner, &world, requests: 2500)
        #expect(learner.drift.alarmCount == 0)
        world.centre = 0.95
        _ = play(&learner, &world, requests: 600)
        #expect(learner.drift.alarmCount > 0)
    }

    @Test func knowingTheJudgesErrorsGivesHitsBack() {
        var trusting = PolicyLearner(settings: Self.settings(0.03), embeddingModel: "m")
        var informed = trusting
        for _ in 0..<900 { informed.reliability.record(judgedRight: true, isRight: true) }
        for _ in 0..<100 { informed.reliability.record(judgedRight: false, isRight: true) }
        #expect(informed.reliability.falseWrong > 0.08 && informed.reliability.falseWrong < 0.1)
        var worldA = World(generator: SplitMix(seed: 21), steepness: 40)
        var worldB = World(generator: SplitMix(seed: 21), steepness: 40)
        let plain = play(&trusting, &worldA, requests: 3000, falseWrong: 0.1)
        let corrected = play(&informed, &worldB, requests: 3000, falseWrong: 0.1)
        #expect(corrected.hits > plain.hits * 9 / 8, "\(corrected.hits) against \(plain.hits)")
        #expect(Double(corrected.wrong) / 1500 <= 0.03)
    }

    @Test func survivesCodingAndIsRefusedForAnotherModel() throws {
        var learner = PolicyLearner(embeddingModel: "minilm@1")
        var world = World(generator: SplitMix(seed: 4))
        _ = play(&learner, &world, requests: 600)
        let data = try JSONEncoder().encode(learner)
        let stored = try JSONDecoder().decode(PolicyLearner.self, from: data)
        let restored = try PolicyLearner.restored(stored, embeddingModel: "minilm@1")
        #expect(restored.fit == learner.fit)
        #expect(restored.labelCount == learner.labelCount)
        #expect(restored.fittedAt != nil)
        #expect(throws: PolicyStateError.otherEmbeddingModel(stored: "minilm@1", current: "other")) {
            try PolicyLearner.restored(stored, embeddingModel: "other")
        }
        #expect(restored.weightsInWords.count == PolicyFeature.count)
    }

    @Test func aChildDecidesByItsParentsFitUntilItHasItsOwn() {
        var parent = PolicyLearner(settings: Self.settings(0.05), embeddingModel: "m")
        var world = World(generator: SplitMix(seed: 6))
        _ = play(&parent, &world, requests: 1200)
        var child = PolicyLearner(settings: parent.settings, inheriting: parent)
        #expect(child.origin == .parent)
        #expect(child.fit == parent.fit)
        #expect(child.labelCount == 0)
        _ = play(&child, &world, requests: 1200)
        #expect(child.origin == .own)
    }

    @Test func aStricterRateBindsAtOnce() throws {
        var learner = PolicyLearner(settings: Self.settings(0.1), embeddingModel: "m")
        var world = World(generator: SplitMix(seed: 13))
        _ = play(&learner, &world, requests: 1200)
        let loose = try #require(learner.fit?.level)
        let child = PolicyLearner(settings: Self.settings(0.01), inheriting: learner)
        #expect(try #require(child.fit?.level) > loose)
        learner.reconfigure(Self.settings(0.1))
        #expect(learner.fit?.level == loose)
        learner.reconfigure(Self.settings(0.01))
        #expect(learner.fit?.level == child.fit?.level)
        // A child has no requests of its own to count over: the bound then holds for every single hit.
        var grandchild = PolicyLearner(settings: Self.settings(0.5), inheriting: child)
        let wide = try #require(grandchild.fit)
        #expect(wide.curve.error(at: wide.level) <= 0.5)
        grandchild.reconfigure(Self.settings(0.0001))
        #expect(try #require(grandchild.fit).level > wide.level)
    }

    @Test func hitsAreCountedTogetherWithThoseThereWere() throws {
        var settings = Self.settings(0.2)
        settings.countsErrorsPerHit = true
        var learner = PolicyLearner(settings: settings, embeddingModel: "m")
        var world = World(generator: SplitMix(seed: 17), steepness: 60)
        let (hits, wrong) = play(&learner, &world, requests: 3000)
        #expect(hits > 50, "hits \(hits)")
        #expect(Double(wrong) <= 0.2 * Double(hits), "wrong \(wrong) of \(hits) hits")
        var perRequest = PolicyLearner(settings: Self.settings(0.2), embeddingModel: "m")
        var sameWorld = World(generator: SplitMix(seed: 17), steepness: 60)
        #expect(play(&perRequest, &sameWorld, requests: 3000).hits > hits)
    }

    @Test func memoryIsBoundedByTheWindow() throws {
        var settings = Self.settings(0.05)
        settings.window = 300
        var learner = PolicyLearner(settings: settings, embeddingModel: "m")
        var world = World(generator: SplitMix(seed: 2))
        _ = play(&learner, &world, requests: 1500)
        #expect(learner.fit?.labelCount == 300)
        #expect(learner.labelCount > 300)
    }
}
