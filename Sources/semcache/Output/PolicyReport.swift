import SemanticCaching
import StrictJSON

/// What a namespace has learned.
struct PolicyReport {
    let namespace: NamespaceID
    let learner: PolicyLearner

    func printJSON() {
        let weights = learner.weightsInWords.map { feature, weight -> JSONValue in
            ["feature": .string(String(describing: feature)), "weight": .rounded(weight)]
        }
        let result: JSONValue = [
            "command": "policy show", "tenant": .string(namespace.tenant), "namespace": .string(namespace.name),
            "embedding_model": .string(learner.embeddingModel),
            "maximum_error_rate": .rounded(learner.settings.maximumErrorRate),
            "labels": .integer(learner.labelCount), "requests": .integer(learner.requestCount),
            "fits": .integer(learner.fitNumber), "fitted": .text(learner.fittedAt?.iso8601),
            "origin": .string(learner.origin.rawValue),
            "inherited": .bool(learner.origin == .parent), "hit_share": .rounded(learner.hitShare),
            "level": .rounded(learner.fit?.level), "required_probability": .rounded(requiredProbability),
            "brake": .rounded(learner.brake), "drift": .rounded(learner.drift.statistic),
            "drift_alarm": .bool(learner.drift.isAlarming),
            "last_audits": .array(learner.lastAudits.map { .bool($0) }), "weights": .array(weights),
        ]
        Terminal.write(result.serializedText)
    }

    /// The probability at which an answer is served.
    private var requiredProbability: Double? { learner.fit.map { 1 - $0.curve.error(at: $0.level) } }

    /// Where the fit comes from, in words.
    private var state: String {
        let time = learner.fittedAt.map { " of \($0.iso8601)" } ?? ""
        switch learner.origin {
        case .none: return "threshold and guards"
        case .shipped:
            let prior = ShippedPrior.prior(for: learner.embeddingModel)
            return "the prior that ships, fitted on \(prior?.sources.joined(separator: ", ") ?? "public data")"
        case .parent: return "the parent's fit\(time)"
        case .own: return "fit \(learner.fitNumber)\(time)"
        }
    }

    func printText() {
        Terminal.write("namespace    \(namespace)")
        let bound = (learner.settings.maximumErrorRate * 100).formatted(decimals: 2)
        Terminal.write("bound        \(bound) % wrong answers")
        Terminal.write("learned from \(learner.labelCount) judged answers of \(learner.requestCount) requests")
        Terminal.write("model        \(learner.embeddingModel)")
        guard let probability = requiredProbability else {
            let needed = learner.settings.labelsBeforeFit
            return Terminal.write("state        threshold and guards, until \(needed) answers are judged")
        }
        Terminal.write("state        \(state)")
        let brake = learner.brake.formatted(decimals: 2)
        Terminal.write("serves at    probability \(probability.formatted(decimals: 4)), brake \(brake)")
        Terminal.write("hits         \((learner.hitShare * 100).formatted(decimals: 1)) % of requests")
        let alarm = learner.drift.isAlarming ? ", the topics have changed" : ""
        Terminal.write("drift        \(learner.drift.statistic.formatted(decimals: 2))\(alarm)")
        let right = learner.lastAudits.count { $0 }
        Terminal.write("audits       \(right) right of the last \(learner.lastAudits.count)")
        Terminal.write("")
        var table = TextTable([.init(title: "what is weighed"), .init(title: "weight", alignment: .right)])
        for (feature, weight) in learner.weightsInWords where abs(weight) >= 0.005 {
            table.add([String(describing: feature).spacedWords, weight.formatted(decimals: 2)])
        }
        for line in table.lines { Terminal.write(line) }
    }
}

extension String {
    /// A name in camel case as words: `answerMargin` becomes `answer margin`.
    fileprivate var spacedWords: String {
        reduce(into: "") { text, character in
            if character.isUppercase { text += " " }
            text += character.lowercased()
        }
    }
}
