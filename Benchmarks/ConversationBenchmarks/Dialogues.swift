import FoundationEssentials
import StrictJSON

/// Questions with their answers, in the order in which people asked them.
enum Dialogues {
    struct Exchange: Hashable, Sendable {
        let question: String
        let answer: String
    }

    /// Reads the exchanges of the labelled dialogues, each once; the data stays where it is.
    ///
    /// A line holds the turns before a question (`U:` and `S:`), so lines of one dialogue overlap.
    static func exchanges(folder: String) throws -> [Exchange] {
        let file = URL(filePath: folder).appending(path: "stream_sgd_multiturn.jsonl")
        var lines: [(dialogue: String, turn: Int, context: [String])] = []
        for line in try Data(contentsOf: file).split(separator: UInt8(ascii: "\n")) {
            let json = try JSONValue(parsing: Array(line))
            let context = json["context"]?.arrayValue?.compactMap(\.stringValue) ?? []
            lines.append((json["dialogue"]?.stringValue ?? "", json["turn"]?.intValue ?? 0, context))
        }
        lines.sort { ($0.dialogue, $0.turn) < ($1.dialogue, $1.turn) }
        var seen: Set<String> = []
        var exchanges: [Exchange] = []
        for (dialogue, _, context) in lines {
            for (question, answer) in zip(context, context.dropFirst()) {
                guard question.hasPrefix("U: "), answer.hasPrefix("S: "),
                    seen.insert("\(dialogue)\n\(question)\n\(answer)").inserted
                else { continue }
                exchanges.append(Exchange(question: String(question.dropFirst(3)), answer: String(answer.dropFirst(3))))
            }
        }
        return exchanges
    }

    /// Exchanges for want of data.
    static func invented(count: Int) -> [Exchange] {
        (0..<count).map { number in
            Exchange(
                question: "Could you please tell me what I should know about subject number \(number)?",
                answer: "Subject number \(number) opens at \(number % 12 + 1) o'clock and costs \(number % 90) euros."
            )
        }
    }
}
