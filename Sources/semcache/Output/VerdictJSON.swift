import SemanticCaching
import StrictJSON

extension Verdict {
    /// The verdict in the tool's JSON schema; docs/CLI.md describes it.
    var jsonMembers: JSONObject {
        var object = JSONObject()
        object["outcome"] = .string(outcome.rawValue)
        object["tier"] = .text(tier?.rawValue)
        object["reason"] = .string(reason.rawValue)
        object["similarity"] = .rounded(similarity)
        object["threshold"] = .rounded(threshold)
        object["probability"] = .rounded(probability)
        object["required_probability"] = .rounded(requiredProbability)
        object["entry"] = .text(entry.map(\.description))
        object["age_seconds"] = .rounded(age.map { $0.microseconds / 1e6 })
        object["answer"] = .text(reply?.text)
        object["nearest"] = .array(
            nearest.map { candidate in
                [
                    "question": .string(candidate.question), "similarity": .rounded(candidate.similarity),
                    "entry": .string(candidate.entry.description),
                ]
            }
        )
        object["findings"] = .array(findings.map(\.json))
        object["verification"] =
            verification.map { ["verifier": .string($0.verifier), "outcome": .string($0.outcome.rawValue)] } ?? .null
        return object
    }
}

extension GuardFinding {
    /// The finding in the tool's JSON schema.
    var json: JSONValue {
        [
            "guard": .string(guardName), "veto": .bool(isVeto), "asked": .array(asked.map { .string($0) }),
            "stored": .array(stored.map { .string($0) }),
        ]
    }

    /// The finding in words.
    var text: String {
        func side(_ words: [String]) -> String { words.isEmpty ? "nothing" : words.joined(separator: ", ") }
        return "\(guardName): \(side(asked)) ≠ \(side(stored))\(isVeto ? "" : " (not a veto)")"
    }
}
