import Foundation
import SemanticCaching
import Testing

@Suite struct PolicyLabelTests {
    private let question = AnalyzedText("how do I reset my password")
    private let entry = EntryID(high: 1, low: 7)

    private func label(_ isRight: Bool, _ source: PolicyLabel.Source) -> PolicyLabel {
        PolicyLabel(
            evidence: DecisionEvidence(features: Array(repeating: 0.5, count: PolicyFeature.count), score: 0),
            pair: PolicyLabel.pair(question, entry),
            isRight: isRight,
            source: source
        )
    }

    @Test func aPersonOutranksTheJudgeBeforeAndAfter() {
        var learner = PolicyLearner(embeddingModel: "m")
        learner.learn(label(true, .judge))
        learner.learn(label(false, .person))
        learner.learn(label(true, .judge))
        #expect(learner.problem.labels.map(\.isRight) == [false])
        #expect(learner.reliability.checkedCount == 1)
    }

    @Test func judgementsOfOnePairAreAllKept() {
        var learner = PolicyLearner(embeddingModel: "m")
        learner.learn(label(true, .judge))
        learner.learn(label(false, .judge))
        #expect(learner.problem.labels.map(\.isRight) == [true, false])
    }

    @Test func personsMayChangeTheirMinds() {
        var learner = PolicyLearner(embeddingModel: "m")
        learner.learn(label(true, .person))
        learner.learn(label(false, .person))
        #expect(learner.problem.labels.map(\.isRight) == [false])
        #expect(learner.reliability.checkedCount == 0)
    }

    @Test func pairsAreNamedByQuestionAndAnswer() {
        let other = EntryID(high: 1, low: 8)
        #expect(
            PolicyLabel.pair(question, entry) == PolicyLabel.pair(AnalyzedText("How do I reset my PASSWORD?"), entry)
        )
        #expect(PolicyLabel.pair(question, entry) != PolicyLabel.pair(question, other))
        #expect(PolicyLabel.pair(question, entry) != PolicyLabel.pair(AnalyzedText("reset"), entry))
    }

    @Test func dataThatTrainsRaisesNoAlarm() {
        var learner = PolicyLearner(embeddingModel: "m")
        for _ in 0..<300 { learner.learn(label(true, .judge)) }
        learner.adopt(learner.problem.fitted())
        for _ in 0..<300 { learner.learn(label(false, .data)) }
        #expect(learner.drift.alarmCount == 0)
    }

    @Test func storedLabelsThatDoNotFitTogetherAreRefused() throws {
        var learner = PolicyLearner(embeddingModel: "m")
        learner.learn(label(true, .judge))
        let text = String(decoding: try JSONEncoder().encode(learner), as: UTF8.self)
        #expect(try JSONDecoder().decode(PolicyLearner.self, from: Data(text.utf8)).labelCount == 1)
        let damaged = text.replacingOccurrences(of: "\"marks\":[true]", with: "\"marks\":[true,false]")
        #expect(damaged != text)
        #expect(throws: DecodingError.self) {
            try JSONDecoder().decode(PolicyLearner.self, from: Data(damaged.utf8))
        }
    }
}
