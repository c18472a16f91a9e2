/// Reads streams of requests with the answer that each of them needs.
///
/// The question is in `text`, `query`, `question` or `prompt`, the answer's name in `group`, `intent`, `label`, `answer_id`
/// or `id_set`. Optional are `time` or `timestamp` (seconds, or ISO 8601), `reply` or `response` (what the model said),
/// `namespace`, `context` (what was said before), and what it cost: `tokens`, `total_tokens`, `prompt_tokens` and
/// `completion_tokens`, or a `usage` object as servers send it.
public enum StreamReader {
    private static let textNames = ["text", "query", "question", "prompt", "utterance"]
    private static let groupNames = ["group", "intent", "label", "answer_id", "id_set", "category", "answer"]
    private static let timeNames = ["time", "timestamp", "ts"]
    private static let replyNames = ["reply", "response", "completion"]

    /// The requests of a file, in its order.
    ///
    /// - Throws: ``TuningError``.
    public static func queries(ofFile path: String) throws(TuningError) -> [StreamQuery] {
        try queries(of: TableReader.rows(ofFile: path))
    }

    /// The requests of rows.
    public static func queries(of rows: [[String: String]]) throws(TuningError) -> [StreamQuery] {
        guard !rows.isEmpty else { return [] }
        // A row of JSON may lack what others have.
        let columns = Set(rows.prefix(50).flatMap(\.keys))
        guard let text = textNames.first(where: columns.contains),
            let group = groupNames.first(where: columns.contains)
        else {
            throw .missingColumns(found: columns.sorted(), needed: "a question (text) and its answer (group)")
        }
        var groups: [String: Int] = [:]
        return rows.compactMap { row in
            guard let question = row[text], let name = row[group] else { return nil }
            let next = groups.count
            let number = groups[name, default: next]
            groups[name] = number
            return StreamQuery(
                text: question,
                group: number,
                time: timeNames.lazy.compactMap { row[$0] }.compactMap(TimeReader.seconds).first,
                tokens: tokens(of: row),
                reply: replyNames.lazy.compactMap { row[$0] }.first { !$0.isEmpty },
                namespace: row["namespace"].flatMap { $0.isEmpty ? nil : $0 },
                context: row["context"]
            )
        }
    }

    /// The tokens of a request and its answer, in whichever of the usual ways the row tells them.
    private static func tokens(of row: [String: String]) -> Int? {
        if let usage = row["usage"] {
            return (try? TableReader.rows(of: Array(usage.utf8)))?.first.flatMap(tokens)
        }
        // A count beyond this is a mistake, and sums of many such would not fit.
        func count(_ names: String...) -> Int? {
            names.lazy.compactMap { row[$0].flatMap { Int($0) } }.first { (0...1 << 32).contains($0) }
        }
        if let total = count("tokens", "total_tokens") { return total }
        guard let prompt = count("prompt_tokens", "input_tokens"),
            let completion = count("completion_tokens", "output_tokens")
        else { return nil }
        return prompt + completion
    }
}
