import Foundation
import SemanticCaching
import Testing

/// What was learned is stored, and may come back otherwise: a lookup must not end at it.
@Suite struct PolicyDamageTests {
    /// A part of a stored policy and what became of it.
    struct Damage: Sendable, CustomTestStringConvertible {
        let path: [String]
        let change: @Sendable (Any) -> Any
        var testDescription: String { path.joined(separator: ".") }

        init(_ path: String, _ change: @escaping @Sendable (Any) -> Any) {
            self.path = path.split(separator: ".").map(String.init)
            self.change = change
        }
    }

    private static func shorter(_ value: Any) -> Any { Array((value as? [Any] ?? []).dropLast()) }
    private static func longer(_ value: Any) -> Any { (value as? [Any] ?? []) + [0] }
    private static func negative(_ value: Any) -> Any { [-1e9] + (value as? [Any] ?? []).dropFirst() }

    static let damages: [Damage] = [
        Damage("frequencies.counts", shorter), Damage("frequencies.counts", { _ in [Any]() }),
        Damage("risk.right", shorter), Damage("risk.wrong", shorter), Damage("risk.right", negative),
        Damage("risk.wrongTotal", { _ in 0 }),
        Damage("fit.model.weights", shorter), Damage("fit.model.weights", longer), Damage("anchor.weights", shorter),
        Damage("fit.curve.errors", shorter), Damage("fit.curve.lowestScores", longer),
        Damage("fit.curve.lowestScores", { _ in [Any]() }), Damage("fit.curve.variances", shorter),
        Damage("fit.curve.errors", negative), Damage("fit.labelCount", { _ in -1 }),
        Damage("drift.next", { _ in 150 }), Damage("drift.next", { _ in -1 }), Damage("drift.variances", shorter),
        Damage("reliability.rightSeen", { _ in -5 }), Damage("reliability.wrongCalledRight", { _ in 9 }),
        Damage("labelCount", { _ in Int.min }), Damage("requestsAtFit", { _ in Int.max }), Damage("brake", { _ in 0 }),
        Damage("settings.candidateLimit", { _ in -1 }), Damage("settings.requestsBetweenFits", { _ in -1 }),
        Damage("labels.rows", notNumbers), Damage("requests.rows", notNumbers),
    ]

    /// The same rows, the first value not a number.
    private static func notNumbers(_ value: Any) -> Any {
        var data = Data(base64Encoded: value as? String ?? "") ?? Data()
        data.replaceSubrange(0..<4, with: [0, 0, 0xC0, 0x7F])
        return data.base64EncodedString()
    }

    @Test(arguments: damages)
    func damageIsRefused(_ damage: Damage) throws {
        let stored = try JSONSerialization.jsonObject(with: JSONEncoder().encode(Self.learner))
        let changed = try Self.changing(stored, damage.path[...], damage.change)
        let decoded = try JSONDecoder().decode(
            PolicyLearner.self,
            from: JSONSerialization.data(withJSONObject: changed)
        )
        #expect(throws: PolicyStateError.damaged) { try PolicyLearner.restored(decoded, embeddingModel: "m") }
    }

    @Test func whatIsSoundComesBack() throws {
        let data = try JSONEncoder().encode(Self.learner)
        let restored = try PolicyLearner.restored(
            JSONDecoder().decode(PolicyLearner.self, from: data),
            embeddingModel: "m"
        )
        #expect(restored.fit == Self.learner.fit)
    }

    private static func changing(_ value: Any, _ path: ArraySlice<String>, _ change: (Any) -> Any) throws -> Any {
        guard let key = path.first else { return change(value) }
        var object = try #require(value as? [String: Any])
        object[key] = try changing(#require(object[key]), path.dropFirst(), change)
        return object
    }

    /// A child with a fit of its own, so that each part of the state is there.
    private static let learner: PolicyLearner = {
        var parent = PolicyLearner(settings: CalibrationSettings(), embeddingModel: "m")
        teach(&parent)
        parent.adopt(parent.problem.fitted())
        var child = PolicyLearner(settings: CalibrationSettings(), inheriting: parent)
        teach(&child)
        child.adopt(child.problem.fitted())
        return child
    }()

    private static func teach(_ learner: inout PolicyLearner) {
        let context = DecisionContext(namespace: NamespaceID(), threshold: 0.9)
        for number in 0..<60 {
            let question = AnalyzedText("alpha word\(number)")
            let candidate = HitCandidate(
                questionID: 1,
                entry: EntryID(high: 0, low: 1),
                text: AnalyzedText("alpha"),
                similarity: Float(number) / 60
            )
            let decision = learner.policy.decide(question, among: [candidate], context: context)
            learner.observe(decision, of: question)
            guard let evidence = decision.evidence else { continue }
            learner.learn(evidence, isRight: number % 3 != 0, wasAudit: false)
        }
    }
}
