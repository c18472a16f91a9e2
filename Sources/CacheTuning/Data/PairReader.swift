/// Reads labelled pairs in the spellings of this and other caches.
///
/// The columns may be called `a`, `b`, `label`; `question1`, `question2`, `is_duplicate` (Quora); `query`, `query_match`
/// (RedisVL: an empty match is no pair); `origin`, `similar` (GPTCache: every row a match); `a`, `b`, `duplicate`, `kind`
/// (CacheLLM); `prompt`, `cached_prompt`, `should_hit`; and the like. A request log with feedback is read as well: `question`,
/// `stored` (or `nearest`) and `verdict` (or `feedback`), which is `good` or `bad`; requests without feedback are passed over.
public enum PairReader {
    private static let firstNames = [
        "a", "question1", "q1", "text1", "sentence1", "query", "origin", "prompt", "prompt1", "left", "question",
    ]
    private static let secondNames = [
        "b", "question2", "q2", "text2", "sentence2", "query_match", "similar", "cached_prompt", "cached", "candidate",
        "prompt2",
        "match", "right", "stored", "nearest", "cached_question",
    ]
    private static let labelNames = [
        "label", "is_duplicate", "duplicate", "should_hit", "is_match", "equivalent", "same", "expected", "gold", "y",
    ]
    private static let feedbackNames = ["verdict", "feedback"]
    private static let timeNames = ["time", "timestamp", "ts"]
    private static let categoryNames = ["cat", "category", "kind", "type"]

    /// The pairs of a file.
    ///
    /// - Throws: ``TuningError``.
    public static func pairs(ofFile path: String) throws(TuningError) -> [LabelledPair] {
        try pairs(of: TableReader.rows(ofFile: path))
    }

    /// The pairs of rows.
    public static func pairs(of rows: [[String: String]]) throws(TuningError) -> [LabelledPair] {
        guard !rows.isEmpty else { return [] }
        // Of every row: a line of JSON has only the fields it needs, and feedback may begin far down a log.
        let columns = rows.reduce(into: Set<String>()) { $0.formUnion($1.keys) }
        guard let first = firstNames.first(where: columns.contains),
            let second = secondNames.first(where: columns.contains)
        else {
            throw .missingColumns(found: columns.sorted(), needed: "two questions (a, b)")
        }
        let feedback = feedbackNames.first(where: columns.contains)
        let label = labelNames.first(where: columns.contains) ?? feedback
        let isLog = label != nil && label == feedback
        guard label != nil || second == "similar" || second == "query_match" else {
            throw .missingColumns(found: columns.sorted(), needed: "a label")
        }
        let category = categoryNames.first(where: columns.contains)
        let time = timeNames.first(where: columns.contains)
        var pairs: [LabelledPair] = []
        for (index, row) in rows.enumerated() {
            guard let left = row[first], let right = row[second], !right.isEmpty else { continue }
            if isLog, (row[label ?? ""] ?? "").isEmpty { continue }
            let isMatch = try label.map { (name) throws(TuningError) in try truth(row[name], row: index + 1) } ?? true
            var pair = LabelledPair(left, right, isMatch: isMatch, category: category.flatMap { row[$0] })
            pair.time = time.flatMap { row[$0] }.flatMap(TimeReader.seconds)
            pairs.append(pair)
        }
        return pairs
    }

    private static func truth(_ text: String?, row: Int) throws(TuningError) -> Bool {
        switch text?.trimmed.lowercased() {
        case "1", "1.0", "true", "yes", "y", "match", "hit", "same", "duplicate", "good", "up": return true
        case "0", "0.0", "-1", "false", "no", "n", "", "miss", "different", "bad", "down": return false
        default: throw .malformed(line: row, reason: "the label is neither yes nor no")
        }
    }
}
