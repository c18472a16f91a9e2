import FoundationEssentials
import StrictJSON

/// Questions with their answers, in the order in which people asked them.
enum Dialogues {
    struct Exchange: Hashable, Sendable {
        let question: String
        let answer: String
    }

    static let fileName = "stream_sgd_multiturn.jsonl"

    static func file(in folder: String) -> URL { URL(filePath: folder).appending(path: fileName) }

    /// Reads the exchanges of the labelled dialogues, each once; the data stays where it is.
    ///
    /// A line holds the turns before a question (`U:` and `S:`), so lines of one dialogue overlap.
    static func exchanges(folder: String) throws -> [Exchange] {
        var lines: [(dialogue: String, turn: Int, context: [String])] = []
        for line in try Data(contentsOf: file(in: folder)).split(separator: UInt8(ascii: "\n")) {
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

    /// What a user says in the midst of a dialogue.
    struct Turn: Hashable, Sendable {
        let text: String
        /// Whether the state of the dialogue has a value that the text does not name: then it takes the context to answer.
        let leans: Bool
    }

    /// Reads the turns that have something before them, with what the labels say of their state.
    static func turns(folder: String) throws -> [Turn] {
        return try Data(contentsOf: file(in: folder)).split(separator: UInt8(ascii: "\n")).compactMap { line in
            let json = try JSONValue(parsing: Array(line))
            guard let text = json["text"]?.stringValue, json["context"]?.arrayValue?.isEmpty == false,
                let group = json["group"]?.stringValue
            else { return nil }
            // service | intent | slot=value;slot=value | … | act
            let parts = group.split(separator: "|", omittingEmptySubsequences: false)
            guard parts.count > 2 else { return nil }
            let values = parts[2].split(separator: ";").compactMap { $0.split(separator: "=", maxSplits: 1).last }
            return Turn(text: text, leans: values.contains { !text.lowercased().contains($0.lowercased()) })
        }
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
