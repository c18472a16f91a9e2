/// Reads streams of requests with the answer that each of them needs.
///
/// The question is in `text`, `query`, `question` or `prompt`, the answer's name in `group`, `intent`, `label`, `answer_id`
/// or `id_set`; `time` or `timestamp` (seconds) is optional.
public enum StreamReader {
    private static let textNames = ["text", "query", "question", "prompt", "utterance"]
    private static let groupNames = ["group", "intent", "label", "answer_id", "id_set", "category", "answer"]
    private static let timeNames = ["time", "timestamp", "ts"]

    /// The requests of a file, in its order.
    ///
    /// - Throws: ``TuningError``.
    public static func queries(ofFile path: String) throws(TuningError) -> [StreamQuery] {
        try queries(of: TableReader.rows(ofFile: path))
    }

    /// The requests of rows.
    public static func queries(of rows: [[String: String]]) throws(TuningError) -> [StreamQuery] {
        guard let row = rows.first else { return [] }
        guard let text = textNames.first(where: row.keys.contains),
            let group = groupNames.first(where: row.keys.contains)
        else {
            throw .missingColumns(found: row.keys.sorted(), needed: "a question (text) and its answer (group)")
        }
        let time = timeNames.first(where: row.keys.contains)
        var groups: [String: Int] = [:]
        return rows.compactMap { row in
            guard let question = row[text], let name = row[group] else { return nil }
            let next = groups.count
            let number = groups[name, default: next]
            groups[name] = number
            return StreamQuery(text: question, group: number, time: time.flatMap { row[$0] }.flatMap(Double.init))
        }
    }
}
