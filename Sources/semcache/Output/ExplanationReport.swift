import SemanticCaching
import StrictJSON

/// Why a question is answered or not: every candidate with its cosine and what the guards say of it, then the decision.
struct ExplanationReport {
    let question: String
    let scope: CacheScope
    let verdict: Verdict

    private struct Candidate {
        let nearest: Verdict.Nearest
        let findings: [GuardFinding]
    }

    /// The candidates, each with the findings of the guards: the verdict itself has those of the chosen one only.
    private var candidates: [Candidate] {
        let asked = AnalyzedText(question)
        let context = DecisionContext(namespace: scope.namespace, threshold: 0)
        return verdict.nearest.map { nearest in
            let candidate = HitCandidate(
                questionID: 0,
                entry: nearest.entry,
                text: AnalyzedText(nearest.question),
                similarity: nearest.similarity
            )
            let decision = GuardedThresholdPolicy().decide(asked, among: [candidate], context: context)
            return Candidate(nearest: nearest, findings: decision.findings)
        }
    }

    func printJSON() {
        var object: JSONObject = [
            "command": "explain", "question": .string(question), "tenant": .string(scope.namespace.tenant),
            "namespace": .string(scope.namespace.name), "model": .string(scope.model),
        ]
        for member in verdict.jsonMembers.members { object[member.key] = member.value }
        object["nearest"] = .array(
            candidates.map { candidate in
                [
                    "question": .string(candidate.nearest.question),
                    "similarity": .rounded(candidate.nearest.similarity),
                    "entry": .string(candidate.nearest.entry.description),
                    "findings": .array(candidate.findings.map(\.json)),
                ]
            }
        )
        Terminal.write(JSONValue.object(object).serializedText)
    }

    func printText() {
        Terminal.write("question     \(question)")
        Terminal.write("namespace    \(scope.namespace), answers of the model \(scope.model)")
        Terminal.write("outcome      \(verdict.outcome.rawValue): \(verdict.reason.rawValue)")
        if let tier = verdict.tier { Terminal.write("tier         \(tier.rawValue)") }
        if let similarity = verdict.similarity {
            let threshold = verdict.threshold.map { ", threshold \($0.formatted(decimals: 4))" } ?? ""
            Terminal.write("similarity   \(similarity.formatted(decimals: 4))\(threshold)")
        }
        if let probability = verdict.probability {
            let required = verdict.requiredProbability.map { ", required \($0.formatted(decimals: 4))" } ?? ""
            Terminal.write("probability  \(probability.formatted(decimals: 4))\(required)")
        }
        if let step = verdict.verification {
            Terminal.write("verifier     \(step.outcome.rawValue), by \(step.verifier)")
        }
        if let entry = verdict.entry { Terminal.write("entry        \(entry)") }
        printCandidates()
        guard let reply = verdict.reply, verdict.isServable else { return }
        Terminal.write("")
        Terminal.write(reply.text)
    }

    private func printCandidates() {
        let candidates = candidates
        guard !candidates.isEmpty else { return }
        Terminal.write("")
        for (number, candidate) in candidates.enumerated() {
            let words = candidate.findings.flatMap(\.stored)
            let cosine = candidate.nearest.similarity.formatted(decimals: 4)
            Terminal.write("\(number + 1).  \(cosine)  \(candidate.nearest.question.marking(words))")
            for finding in candidate.findings { Terminal.write("            \(finding.text)") }
        }
    }
}

extension String {
    /// The text with the given words in brackets, each where it stands first as a whole word.
    func marking(_ words: [String]) -> String {
        var ranges: [Range<Index>] = []
        for word in words where !word.isEmpty {
            var start = startIndex
            while let range = self[start...].firstRange(of: word) {
                start = range.upperBound
                guard isWhole(range), !ranges.contains(where: { $0.overlaps(range) }) else { continue }
                ranges.append(range)
                break
            }
        }
        var marked = self
        for range in ranges.sorted(by: { $0.lowerBound > $1.lowerBound }) {
            marked.replaceSubrange(range, with: "[\(self[range])]")
        }
        return marked
    }

    private func isWhole(_ range: Range<Index>) -> Bool {
        func isWord(_ character: Character) -> Bool { character.isLetter || character.isNumber }
        let before = range.lowerBound > startIndex ? self[index(before: range.lowerBound)] : " "
        let after = range.upperBound < endIndex ? self[range.upperBound] : " "
        return !isWord(before) && !isWord(after)
    }
}
