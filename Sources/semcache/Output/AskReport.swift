import SemanticCaching
import StrictJSON

/// What the bot answered, as a table with a summary or as JSON.
struct AskReport {
    private let isJSON: Bool
    private var answered: [FAQBot.Answered] = []

    init(isJSON: Bool) { self.isJSON = isJSON }

    mutating func add(_ item: FAQBot.Answered) { answered.append(item) }

    func printSummary(storedCount: Int) {
        isJSON ? printJSON(storedCount: storedCount) : printTable(storedCount: storedCount)
    }

    private var hits: Int { answered.count { $0.verdict.isServable } }

    private var medianMicroseconds: Double {
        let sorted = answered.map(\.latency.microseconds).sorted()
        return sorted.isEmpty ? 0 : sorted[sorted.count / 2]
    }

    private func printTable(storedCount: Int) {
        var table = TextTable([
            .init(title: "question", maximumWidth: 52), .init(title: "outcome"), .init(title: "tier"),
            .init(title: "similarity", alignment: .right), .init(title: "nearest stored question", maximumWidth: 52),
            .init(title: "latency", alignment: .right),
        ])
        for item in answered {
            let verdict = item.verdict
            table.add([
                item.question, verdict.outcome.rawValue, verdict.tier?.rawValue ?? verdict.reason.rawValue,
                verdict.similarity?.formatted(decimals: 3) ?? "", verdict.nearest.first?.question ?? "",
                item.latency.shortText,
            ])
        }
        for line in table.lines { Terminal.write(line) }
        let rate = Double(hits) / Double(max(1, answered.count)) * 100
        Terminal.write("")
        Terminal.write(
            "\(answered.count.counted("question")), \(hits) answered from \(storedCount) stored ones "
                + "(\(rate.formatted(decimals: 1)) %), median \(Duration.microseconds(medianMicroseconds).shortText)"
        )
    }

    private func printJSON(storedCount: Int) {
        let results = answered.map { item -> JSONValue in
            var object: JSONObject = ["question": .string(item.question)]
            for member in item.verdict.jsonMembers.members { object[member.key] = member.value }
            object["latency_us"] = .rounded(item.latency.microseconds)
            return .object(object)
        }
        let summary: JSONValue = [
            "questions": .integer(answered.count), "hits": .integer(hits), "stored": .integer(storedCount),
            "median_latency_us": .rounded(medianMicroseconds),
        ]
        let result: JSONValue = ["command": "ask", "summary": summary, "results": .array(results)]
        Terminal.write(result.serializedText)
    }
}

extension FAQBot.Answered {
    /// The answer as the bot says it in a conversation, with a line on how it was found.
    var conversationLines: [String] {
        let how = [
            verdict.tier?.rawValue ?? verdict.reason.rawValue,
            verdict.similarity.map { "similarity \($0.formatted(decimals: 3))" },
            verdict.nearest.first.map { "nearest: “\($0.question)”" },
            latency.shortText,
        ].compactMap(\.self)
        let text = verdict.reply?.text ?? "I have no answer to that."
        return [text, "  [\(verdict.outcome.rawValue): \(how.joined(separator: ", "))]"]
    }
}
